//! Nothing that can be printed contains a secret.

use serde_json::json;
use v2024_sandbox::{Operation, Options};
use v2024_task_management::host::json::settings_error;
use v2024_task_management::{Client, ErrorKind, Settings};

use crate::common::*;

const SECRET: &str = "s3cr3t-value-9f8e7d";

#[tokio::test]
async fn debug_and_display_hold_no_secret() {
    let more = json!({
        "ClientSecret": SECRET,
        "Proxy": format!("http://user:{SECRET}@proxy.test:3128"),
        "ProxyCredential": { "UserName": "u", "Password": SECRET },
        "Token": SECRET,
    });
    let sandbox = sandbox().await;
    let settings = settings(&sandbox, more);
    let shown = serde_json::to_string(settings.shown()).unwrap();
    for text in [
        format!("{settings:?}"),
        format!("{settings:#?}"),
        shown.clone(),
        format!("{:?}", client(&sandbox, json!({"ClientSecret": SECRET}))),
    ] {
        assert!(!text.contains(SECRET), "{text}");
    }
    assert!(
        shown.contains(r#""ClientSecret":{"source":"explicit","value":"********"}"#)
            || shown.contains(r#""ClientSecret":{"value":"********","source":"explicit"}"#),
        "{shown}"
    );
    assert!(shown.contains("http://********@proxy.test:3128"), "{shown}");
}

#[tokio::test]
async fn an_echoed_secret_is_masked() {
    let options = Options {
        client_secret: SECRET.into(),
        ..Default::default()
    };
    let tenant = tenant_with(options, json!({})).await;
    let echo = format!(r#"{{"error":"bad secret {SECRET}"}}"#);
    tenant.fault(
        Operation::Token,
        1,
        reply_with(401, &[("X-Echo", SECRET)], &echo),
    );
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    let text = format!(
        "{error} {error:?} {:?} {}",
        error.response().unwrap().headers(),
        error.response().unwrap().text()
    );
    assert!(!text.contains(SECRET), "{text}");
    assert!(text.contains("bad secret ********"), "{text}");
}

/// Each response is looked at, also a success and one that is not JSON.
#[tokio::test]
async fn secrets_that_a_success_repeats_are_masked() {
    const TOKEN: &str = "tok\u{e9}n/9f8e7d";
    let sandbox = sandbox().await;
    let given = json!({
        "Token": "bearer-9f8e7d", "ClientSecret": SECRET,
        "ProxyCredential": { "UserName": "user", "Password": TOKEN },
    });
    let tenant = Tenant {
        client: client(&sandbox, given),
        sandbox,
    };
    let echo = |body: &str| {
        let headers = [
            ("Content-Type", "text/plain"),
            ("X-Echo", "Bearer bearer-9f8e7d"),
        ];
        tenant.fault(Operation::Get, 1, reply_with(200, &headers, body));
    };
    // Base64 of user:tokén/9f8e7d
    let basic = "dXNlcjp0b2vDqW4vOWY4ZTdk";
    echo(&format!(
        r#"{{"id":"x","a":"bearer-9f8e7d","{SECRET}":[1,"tok\u00E9n\/9f8e7d Basic {basic}"]}}"#
    ));
    let response = tenant.client.get_task_status("x").await.unwrap();
    assert_eq!(
        response.json_text(),
        Some(r#"{"id":"x","a":"********","********":[1,"******** Basic ********"]}"#)
    );
    assert_eq!(response.header("x-echo"), Some("Bearer ********"));

    echo("Authorization: Bearer bearer-9f8e7d, tok%C3%A9n%2F9f8e7d");
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!(
        error.response().unwrap().text(),
        "Authorization: Bearer ********, ********"
    );
}

/// A token endpoint may give any token, also one that equals the client secret.
#[tokio::test]
async fn the_token_itself_is_not_masked_before_it_is_used() {
    let options = Options {
        client_secret: SECRET.into(),
        ..Default::default()
    };
    let tenant = tenant_with(options, json!({})).await;
    let body = json!({ "access_token": SECRET, "expires_in": 700 }).to_string();
    tenant.fault(Operation::Token, 1, reply_with(200, &[], &body));
    tenant.fault(Operation::Get, 1, reply_with(200, &[], r#"{"id":"x"}"#));
    tenant.client.get_task_status("x").await.unwrap();
    let requests = tenant.sandbox.requests();
    assert_eq!(requests.len(), 2);
    // Without a token in it, its headers come with the error.
    let tenant = tenant_with(
        Options {
            client_secret: SECRET.into(),
            ..Default::default()
        },
        json!({}),
    )
    .await;
    tenant.fault(
        Operation::Token,
        1,
        reply_with(200, &[("X-Echo", SECRET)], "{}"),
    );
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!(error.response().unwrap().header("x-echo"), Some("********"));
}

#[test]
fn no_part_of_a_malformed_secret_proxy_or_address_is_repeated() {
    let odd = format!("{SECRET} \u{1}\u{fffd}");
    for (name, value) in [
        ("BaseUrl", json!(SECRET)),
        ("BaseUrl", json!(format!("htps://{SECRET}"))),
        ("BaseUrl", json!(format!("https://user:{SECRET}"))),
        ("BaseUrl", json!(format!("https://user:{SECRET}@t.test"))),
        ("BaseUrl", json!(format!("https://t.test/?{SECRET}"))),
        ("TokenUrl", json!(SECRET)),
        ("TokenUrl", json!(format!("//{SECRET}"))),
        ("TokenUrl", json!(format!("https://t.test#{SECRET}"))),
        ("Proxy", json!(format!("http://user:{SECRET}"))),
        ("Proxy", json!(format!("user:{SECRET}"))),
        ("Proxy", json!(format!("http://user:{SECRET}/1@proxy"))),
        ("Proxy", json!(format!("user\\{SECRET}@proxy"))),
        ("Proxy", json!(format!("{SECRET}://user@proxy"))),
        ("Proxy", json!(odd)),
        ("ProxyCredential", json!({ "UserName": SECRET })),
        ("ProxyCredential", json!([SECRET])),
        ("ClientSecret", json!([SECRET])),
        ("Token", json!({ SECRET: 1 })),
        ("Token", json!(format!("{SECRET}********"))),
        (SECRET, json!("x")),
    ] {
        let mut all = json!({ "BaseUrl": "https://t.test", "Token": "t", "Environment": {} });
        all[name] = value.clone();
        let error = Settings::from_json(&all.to_string())
            .and_then(Client::new)
            .expect_err(name);
        let text = format!("{error:?} {}", settings_error(&all.to_string(), &error));
        assert!(!text.contains(SECRET), "{value}: {text}");
    }
}

#[tokio::test]
async fn cookies_are_not_handed_out() {
    let tenant = tenant().await;
    tenant.fault(
        Operation::Get,
        1,
        reply_with(200, &[("Set-Cookie", "session=abc")], r#"{"id":"x"}"#),
    );
    let response = tenant.client.get_task_status("x").await.unwrap();
    assert_eq!(response.header("set-cookie"), None);
}

#[tokio::test]
async fn an_echo_in_another_form_is_masked_too() {
    let secret = "s/3\"cr+3t";
    let options = Options {
        client_secret: secret.into(),
        ..Default::default()
    };
    let tenant = tenant_with(options, json!({})).await;
    let echo = format!("client_secret=s%2F3%22cr%2B3t {}", json!(secret));
    tenant.fault(Operation::Token, 1, reply_with(401, &[], &echo));
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!(
        error.response().unwrap().text(),
        "client_secret=******** \"********\""
    );
}

#[tokio::test]
async fn a_secret_pasted_into_an_address_is_not_repeated() {
    let address = format!("https://t.test/oauth/token?client_id=i&client_secret={SECRET}");
    for name in ["BaseUrl", "TokenUrl"] {
        let mut all = json!({ "BaseUrl": "https://t.test", "Token": "t", "Environment": {} });
        all[name] = json!(address);
        let error = Settings::from_json(&all.to_string()).unwrap_err();
        assert_eq!(
            error.message(),
            format!("{name} (from the explicit settings) must not have a query or a fragment")
        );
        let preview = serde_json::to_string(&Settings::preview(&all.to_string())).unwrap();
        assert!(!preview.contains(SECRET), "{preview}");
        assert!(
            preview.contains("https://t.test/oauth/token?********"),
            "{preview}"
        );
    }
}

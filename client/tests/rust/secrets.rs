//! Nothing that can be printed contains a secret.

use serde_json::json;
use v2024_sandbox::{Operation, Options};
use v2024_task_management::Settings;

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
            format!("{name} must not have a query or a fragment")
        );
        let preview = serde_json::to_string(&Settings::preview(&all.to_string())).unwrap();
        assert!(!preview.contains(SECRET), "{preview}");
        assert!(
            preview.contains("https://t.test/oauth/token?********"),
            "{preview}"
        );
    }
}

//! Nothing that can be printed contains a secret.

use std::sync::Mutex;

use serde_json::json;
use v2024_sandbox::{Fault, Operation, Options};
use v2024_task_management::events::{Observer, RequestEvent, RetryEvent};
use v2024_task_management::host::json::{result, settings_error};
use v2024_task_management::host::messages;
use v2024_task_management::{Client, ErrorKind, Operation as Get, Settings};

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

/// All that an observer gets of the events, and a host of them.
#[derive(Default)]
struct Heard(Mutex<String>);

impl Observer for Heard {
    fn request(&self, event: &RequestEvent<'_>) {
        let body = event.result.map(|response| response.text().to_owned());
        let text = format!("{event:?} {body:?} {}", messages::request(event));
        self.0.lock().unwrap().push_str(&text);
    }

    fn retry(&self, event: &RetryEvent<'_>) {
        let text = format!("{event:?} {}", messages::retry(event));
        self.0.lock().unwrap().push_str(&text);
    }
}

/// All that comes of a call: its events, its result or error, and the JSON of that.
async fn all_of(client: &Client) -> String {
    let heard = Heard::default();
    let id = "x".to_owned();
    let ended = client.run(&Get::GetTaskStatus { id }, &heard).await;
    let mut all = heard.0.into_inner().unwrap();
    let response = match &ended {
        Ok(response) => Some(response),
        Err(error) => {
            let mut causes = std::error::Error::source(error);
            while let Some(cause) = causes {
                all += &format!("{cause} {cause:?}");
                causes = cause.source();
            }
            all += &format!("{error} {error:?} {:?}", error.tracking_id());
            error.response()
        }
    };
    if let Some(response) = response {
        let (headers, id) = (response.headers(), response.tracking_id());
        all += &format!("{headers:?} {id:?} {}", response.text());
    }
    all + &result(ended)
}

/// The next request is refused with its token, and the one after it is not.
fn one_rejection(tenant: &Tenant) {
    tenant.fault(Operation::Get, 1, reply_with(401, &[], ""));
    tenant.sandbox.fault(Fault {
        operation: Operation::Get,
        skip: 1,
        ..fault(reply_with(200, &[], r#"{"id":"x"}"#))
    });
}

/// Where a response may repeat a secret, in what reaches an event, an error, a result.
#[tokio::test]
async fn a_secret_is_in_nothing_that_comes_of_a_response() {
    const GIVEN: &str = "G1ven-t0ken-5a5a5a";
    const FIRST: &str = "First-t0ken-9f8e7d";
    const SECOND: &str = "Sec0nd-t0ken-1b2c3d";
    const PASSWORD: &str = "Pr0xy-password-77";
    // Of user:Pr0xy-password-77
    const BASIC: &str = "dXNlcjpQcjB4eS1wYXNzd29yZC03Nw==";
    let options = Options {
        client_secret: SECRET.into(),
        ..Default::default()
    };
    let given = json!({
        "Token": GIVEN, "MaximumRetryCount": 1, "RetryIntervalSeconds": 0.001,
        "ProxyCredential": { "UserName": "user", "Password": PASSWORD },
    });
    let tenant = tenant_with(options, given).await;
    let granted = |token: &str, headers: &[(&str, &str)]| {
        let body = json!({ "access_token": token, "refresh_token": token, "expires_in": 700 });
        reply_with(200, headers, &body.to_string())
    };
    // The given token and then the first one are replaced.
    for token in [FIRST, SECOND] {
        tenant.fault(Operation::Token, 1, granted(token, &[]));
        one_rejection(&tenant);
        tenant.client.get_task_status("x").await.unwrap();
    }
    let secrets = [GIVEN, FIRST, SECOND, SECRET, PASSWORD, BASIC];
    let mut is_expected = 0;
    for status in [200, 302, 400, 401, 404, 429, 503] {
        for secret in secrets {
            let json = json!({ "id": "x", "messages": [secret], "trackingId": secret }).to_string();
            let body = |body: &str| reply_with(status, &[], body);
            let header = |name: &str, value: &str| {
                let body = r#"{"id":"x"}"#;
                reply_with(status, &[(name, value)], body)
            };
            let address = format!("https://t.test/?a={secret}");
            let mut actions = vec![
                body(secret),
                body(&json),
                body(&json[..json.len() - 1]),
                header("X-Echo", secret),
                header("X-Request-Id", secret),
                header("SLPT-Request-Id", secret),
                header("Content-Type", &format!("text/plain; charset={secret}")),
                header("Location", &address),
                header("Retry-After", secret),
                header("X-Total-Count", secret),
                header("Authorization", &format!("Bearer {secret}")),
                header("Set-Cookie2", secret),
            ];
            if status == 400 {
                // Only the first MiB is read.
                actions.push(body(&format!("{}{secret}", "x".repeat((1 << 20) - 8))));
            }
            // Base64 has characters that no name has.
            if secret != BASIC {
                actions.push(header(secret, "x"));
            }
            for action in actions {
                let text = format!("{action:?}");
                tenant.sandbox.reset();
                // One for the retry.
                tenant.fault(Operation::Get, 2, action);
                tenant.fault(Operation::Token, 1, granted(SECOND, &[]));
                let all = all_of(&tenant.client).await;
                let place = &text[..text.len().min(200)];
                for secret in secrets {
                    let (lower, secret) = (all.to_lowercase(), secret.to_lowercase());
                    assert!(!lower.contains(&secret), "{status} {place}: {all}");
                    let start = &secret[..8];
                    assert!(!lower.contains(start), "{status} {place}: {all}");
                }
                is_expected += usize::from(all.contains("********"));
            }
        }
    }
    // Responses are read to their end, and shown.
    assert!(is_expected > 400, "{is_expected}");
}

/// What comes with a token may repeat it, and an error may come with a token.
#[tokio::test]
async fn a_new_token_is_masked_in_the_response_that_brings_it() {
    const TOKEN: &str = "N3w-t0ken-4d4d4d";
    for name in ["access_token", "refresh_token", "id_token"] {
        for status in [200, 400] {
            let tenant = tenant().await;
            let mut body = json!({ "access_token": "An0ther-t0ken", "error": TOKEN });
            body[name] = TOKEN.into();
            let headers = [("X-Echo", TOKEN), (TOKEN, "x"), ("X-Request-Id", TOKEN)];
            let action = reply_with(status, &headers, &body.to_string());
            tenant.fault(Operation::Token, 1, action);
            tenant.fault(Operation::Get, 1, reply_with(200, &[], r#"{"id":"x"}"#));
            let all = all_of(&tenant.client).await;
            assert!(!all.to_lowercase().contains("n3w-t0ken"), "{all}");
            assert!(!all.contains("An0ther-t0ken"), "{all}");
            assert!(all.contains(r#"("x-echo", "********")"#), "{all}");
            assert!(all.contains(r#"("********", "x")"#), "{all}");
            assert_eq!(tenant.calls().len(), usize::from(status == 200));
        }
    }
}

/// The endpoint may be another server than the tenant's, and name what it issues as it likes.
#[tokio::test]
async fn whatever_the_token_endpoint_issues_is_masked() {
    const TOKEN: &str = "N3w-t0ken-4d4d4d-of-any-name";
    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
    for (body, shown) in [
        (
            r#"{"accessToken":"TOKEN","error":"no scope"}"#,
            r#"{"accessToken":"********","error":"no scope"}"#,
        ),
        (
            r#"{"data":{"session":{"token":"TOKEN"}},"messages":["got TOKEN"],"trackingId":"t-1"}"#,
            r#"{"data":{"session":{"token":"********"}},"messages":["got ********"],"trackingId":"t-1"}"#,
        ),
        (
            r#"{"body":"{\"id_token\":\"TOKEN\"}","status":400}"#,
            r#"{"body":"{\"id_token\":\"********\"}","status":400}"#,
        ),
        (
            "access_token=TOKEN&token_type=bearer",
            "access_token=********&token_type=bearer",
        ),
        (
            "<token>TOKEN</token> try again",
            "<token>********</token> try again",
        ),
        (
            "{\"access_token\":\"TOKEN\", cut",
            "{\"access_token\":\"********\", cut",
        ),
        ("JWT", "********"),
        (r#"{"result":"JWT"}"#, r#"{"result":"********"}"#),
    ] {
        let body = body.replace("TOKEN", TOKEN).replace("JWT", JWT);
        for status in [200, 302, 400, 401, 404, 429, 500, 503] {
            let settings = json!({ "MaximumRetryCount": 0 });
            let tenant = tenant_with(Options::default(), settings).await;
            let headers = [
                ("X-Auth-Token", TOKEN),
                ("X-Kept", "1"),
                ("Location", "https://t.test/#id_token=JWT"),
            ];
            let headers = headers.map(|(name, value)| (name, value.replace("JWT", JWT)));
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            tenant.fault(Operation::Token, 0, reply_with(status, &headers, &body));
            let all = all_of(&tenant.client).await;
            for secret in ["4d4d4d", "c2lnbmF0dXJl"] {
                assert!(!all.contains(secret), "{status} {body}: {all}");
            }
            assert!(all.contains(r#"("x-kept", "1")"#), "{all}");
            assert!(all.contains(r#"("x-auth-token", "********")"#), "{all}");
            assert!(all.contains("https://t.test/#id_token=********"), "{all}");
            let error = tenant.client.get_task_status("x").await.unwrap_err();
            let expected = if status == 200 { "" } else { shown };
            assert_eq!(error.response().unwrap().text(), expected, "{status}");
            assert_eq!(tenant.calls(), [""; 0]);
        }
    }
    // More of it than can be looked for: what is shown are the status, and the headers that say what to do.
    let many: String = (0..100)
        .map(|number| format!("token=n-{number}-4d4d4d\n"))
        .collect();
    for status in [200, 400] {
        let tenant = tenant().await;
        tenant.fault(
            Operation::Token,
            0,
            reply_with(
                status,
                &[
                    ("X-Echo", "n-7-4d4d4d"),
                    ("Slpt-Request-Id", "r-1"),
                    ("Retry-After", "4"),
                ],
                &many,
            ),
        );
        let all = all_of(&tenant.client).await;
        assert!(!all.contains("4d4d4d"), "{all}");
        let error = tenant.client.get_task_status("x").await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        let withheld = "\n[the response holds too much that looks like a credential to be shown]";
        let expected = if status == 200 { "" } else { withheld };
        assert_eq!(error.response().unwrap().text(), expected);
        let headers = error.response().unwrap().headers().iter();
        let names: Vec<_> = headers
            .map(|(name, _)| name.as_str())
            .filter(|name| *name != "date")
            .collect();
        assert_eq!(names, ["slpt-request-id", "retry-after"]);
    }
}

/// More tokens than are remembered have come since.
#[tokio::test]
async fn the_latest_sixteen_tokens_stay_masked() {
    let given = json!({ "Token": "t0ken-number-00", "MaximumRetryCount": 1 });
    let tenant = tenant_with(Options::default(), given).await;
    let token = |number: usize| format!("t0ken-number-{number:02}");
    for number in 1..20 {
        let body = json!({ "access_token": token(number), "expires_in": 700 });
        tenant.fault(Operation::Token, 1, reply_with(200, &[], &body.to_string()));
        one_rejection(&tenant);
        tenant.client.get_task_status("x").await.unwrap();
    }
    let all: Vec<_> = (0..20).map(token).collect();
    let body = json!({ "id": "x", "messages": all });
    tenant.fault(Operation::Get, 1, reply_with(200, &[], &body.to_string()));
    let response = tenant.client.get_task_status("x").await.unwrap();
    // The token of the settings is never forgotten.
    let mut expected = all;
    expected[0] = "********".to_owned();
    expected[4..].fill("********".to_owned());
    let expected = json!({ "id": "x", "messages": expected });
    assert_eq!(response.json_text(), Some(expected.to_string().as_str()));
}

/// These headers open the tenant, or repeat what the client sent.
#[tokio::test]
async fn cookies_and_authorizations_are_not_handed_out() {
    for name in [
        "Set-Cookie",
        "Set-Cookie2",
        "Cookie",
        "Authorization",
        "Proxy-Authorization",
    ] {
        let tenant = tenant().await;
        let headers = [(name, "session=abc"), ("X-Kept", "1")];
        let action = reply_with(200, &headers, r#"{"id":"x"}"#);
        tenant.fault(Operation::Get, 1, action);
        let response = tenant.client.get_task_status("x").await.unwrap();
        assert_eq!(response.header(name), None);
        assert_eq!(response.header("x-kept"), Some("1"));
    }
}

#[tokio::test]
async fn the_login_of_a_redirect_is_neither_shown_nor_used() {
    let tenant = tenant().await;
    let id = tenant.an_id();
    let elsewhere = "https://user:pa55w0rd@other.test/a";
    for name in ["Location", "Content-Location", "Link", "X-Other"] {
        let action = reply_with(302, &[(name, elsewhere)], "");
        tenant.fault(Operation::Get, 1, action);
        let all = all_of(&tenant.client).await;
        assert!(!all.contains("pa55w0rd"), "{all}");
        assert!(all.contains("https://********@other.test/a"), "{all}");
    }
    let base = tenant.sandbox.base_url();
    let with_login = base.replace("//", "//user:pa55w0rd@");
    let location = format!("{with_login}/v2025/task-status/{id}");
    tenant.sandbox.clear_requests();
    tenant.fault(
        Operation::Get,
        1,
        reply_with(307, &[("Location", &location)], ""),
    );
    tenant.client.get_task_status(&id).await.unwrap();
    let requests = tenant.sandbox.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| {
            let headers = request.headers.iter();
            let sent = headers.filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
            sent.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        })
        .collect();
    let last = sent.last().unwrap();
    assert_eq!(last.len(), 1);
    assert!(last[0].starts_with("Bearer "));
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

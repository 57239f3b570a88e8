use std::time::Duration;

use serde_json::json;
use v2024_sandbox::{Options, Rate, Rules, Sandbox};

use crate::client::{Client, LIST, Response, http};

async fn sandbox() -> (Sandbox, String, reqwest::Client) {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let url = format!("{}/oauth/token", sandbox.base_url());
    (sandbox, url, http())
}

fn form(id: &str, secret: &str) -> [(&'static str, String); 3] {
    [
        ("grant_type", "client_credentials".into()),
        ("client_id", id.into()),
        ("client_secret", secret.into()),
    ]
}

#[tokio::test]
async fn credentials_are_read_from_form_multipart_query_and_basic_header() {
    let (sandbox, url, http) = sandbox().await;
    let (id, secret) = (sandbox.client_id(), sandbox.client_secret());
    let fields = form(id, secret);
    let multipart = fields
        .iter()
        .fold(reqwest::multipart::Form::new(), |form, (name, value)| {
            form.text(*name, value.clone())
        });
    let unquoted = fields
        .iter()
        .map(|(name, value)| {
            format!("--b\r\nContent-Disposition: form-data; name={name}\r\n\r\n{value}\r\n")
        })
        .collect::<String>()
        + "--b--\r\n";
    let requests = [
        http.post(&url).form(&fields),
        http.post(&url).multipart(multipart),
        http.post(&url)
            .header("content-type", "multipart/form-data; boundary=b")
            .body(unquoted),
        http.post(&url).query(&fields),
        http.post(&url)
            .basic_auth(id, Some(secret))
            .form(&fields[..1]),
        http.post(&url)
            .basic_auth(id, Some(secret))
            .query(&fields[..1]),
    ];
    let mut tokens = Vec::new();
    for request in requests {
        let response = Response::read(request.send().await.unwrap()).await;
        assert_eq!(response.status, 200, "{}", response.text);
        let body = response.json();
        assert_eq!(body["token_type"], "bearer");
        assert_eq!(body["expires_in"], 749);
        assert_eq!(body["scope"], "sp:scopes:all");
        tokens.push(body["access_token"].as_str().unwrap().to_owned());
    }
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 6, "each token is unique");
    assert!(
        tokens
            .iter()
            .all(|token| (850..1000).contains(&token.len()) && token.split('.').count() == 3)
    );
}

#[tokio::test]
async fn wrong_grants_are_rejected_with_errors_of_oauth() {
    let (sandbox, url, http) = sandbox().await;
    let (id, secret) = (sandbox.client_id(), sandbox.client_secret());
    let ask = async |form: &[(&str, String)]| {
        let response = Response::read(http.post(&url).form(form).send().await.unwrap()).await;
        (response.status, response.json())
    };
    let bad = json!({"error": "invalid_client", "error_description": "Bad client credentials"});
    assert_eq!(ask(&form(id, "wrong")).await, (401, bad.clone()));
    assert_eq!(ask(&form("wrong", secret)).await, (401, bad.clone()));
    assert_eq!(ask(&form(id, secret)[..1]).await, (401, bad));
    assert_eq!(
        ask(&form(id, secret)[1..]).await,
        (
            400,
            json!({"error": "invalid_request", "error_description": "Missing grant type"})
        )
    );
    let mut password = form(id, secret);
    password[0].1 = "password".into();
    assert_eq!(
        ask(&password).await,
        (
            400,
            json!({"error": "unsupported_grant_type", "error_description": "Unsupported grant type: password"})
        )
    );
    let get = Response::read(http.get(&url).send().await.unwrap()).await;
    get.assert_error(405, "405 Method Not Allowed", "");
}

#[tokio::test]
async fn the_api_requires_a_valid_token() {
    let mut client = Client::new(Options::default()).await;
    let none = Response::read(client.http.get(client.url(LIST)).send().await.unwrap()).await;
    assert_eq!(
        (none.status, none.json()),
        (401, json!({"error": "JWT is required"}))
    );
    let basic = client.http.get(client.url(LIST)).basic_auth("a", Some("b"));
    assert_eq!(
        Response::read(basic.send().await.unwrap()).await.json(),
        json!({"error": "JWT is required"})
    );

    let good = std::mem::replace(&mut client.token, "unknown".into());
    let unknown = client.get(LIST).await;
    assert_eq!(
        (unknown.status, unknown.json()),
        (
            401,
            json!({"error": "JWT validation failed: JWT signature is not valid"})
        )
    );

    client.token = good;
    assert_eq!(client.get(LIST).await.status, 200);
    client.sandbox.expire_tokens();
    let expired = client.get(LIST).await;
    assert_eq!(
        (expired.status, expired.json()),
        (
            401,
            json!({"error": "JWT validation failed: JWT is expired"})
        )
    );
    client.renew().await;
    assert_eq!(client.get(LIST).await.status, 200);
}

#[tokio::test]
async fn a_token_of_another_tenant_is_unknown() {
    let one = Client::new(Options::default()).await;
    let mut other = Client::new(Options::default()).await;
    other.token = one.token.clone();
    assert_eq!(other.get(LIST).await.status, 401);
}

#[tokio::test]
async fn a_token_expires_when_it_says() {
    let rules = Rules {
        token_seconds: 0,
        ..Rules::default()
    };
    let client = Client::new(Options {
        rules,
        ..Options::default()
    })
    .await;
    assert_eq!(
        client.get(LIST).await.json(),
        json!({"error": "JWT validation failed: JWT is expired"})
    );
    client
        .sandbox
        .change_rules(|rules| rules.token_seconds = 60);
    let mut client = client;
    client.renew().await;
    assert_eq!(client.get(LIST).await.status, 200);
}

#[tokio::test]
async fn the_rate_is_counted_for_each_token_and_window() {
    let rules = Rules {
        rate: Some(Rate::new(3, 1)),
        ..Rules::default()
    };
    let mut client = Client::new(Options {
        rules,
        ..Options::default()
    })
    .await;
    let first = client.token.clone();
    for _ in 0..3 {
        assert_eq!(client.get(LIST).await.status, 200);
    }
    let limited = client.get(LIST).await;
    assert_eq!(
        (limited.status, limited.json()),
        (429, json!({"message": " Rate Limit Exceeded "}))
    );
    assert_eq!(limited.header("retry-after"), Some("1"));

    client.renew().await;
    assert_eq!(
        client.get(LIST).await.status,
        200,
        "another token has its own window"
    );

    client.token = first;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(client.get(LIST).await.status, 200, "the window is over");
    client
        .sandbox
        .change_rules(|rules| rules.rate = Some(Rate::new(0, 10)));
    assert_eq!(client.get(LIST).await.header("retry-after"), Some("10"));
}

#[test]
fn a_rate_is_written_as_requests_over_seconds() {
    assert_eq!("100/10".parse(), Ok(Rate::new(100, 10)));
    for wrong in ["100", "100/0", "a/10", "/", "-1/10"] {
        assert_eq!(
            wrong.parse::<Rate>(),
            Err(format!(
                "`{wrong}` is not a rate; write requests/seconds, such as 100/10"
            ))
        );
    }
}

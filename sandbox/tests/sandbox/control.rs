use reqwest::Method;
use serde_json::{Value, json};
use v2024_sandbox::{Action, Fault, Options, Rate};

use crate::client::{Client, LIST, Response};

/// A request to the controls, without a token.
async fn ask(client: &Client, method: Method, path: &str, body: &str) -> Response {
    let request = client
        .http
        .request(method, client.url(path))
        .body(body.to_owned());
    Response::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn requests_are_read_and_cleared() {
    let client = Client::new(Options::default()).await;
    client.get(&format!("{LIST}?limit=1")).await;
    let response = ask(&client, Method::GET, "/sandbox/requests", "").await;
    let requests = response.json();
    assert_eq!(
        requests,
        serde_json::to_value(client.sandbox.requests()).unwrap()
    );
    assert_eq!(requests[0]["operation"], "list");
    assert_eq!(requests[0]["parameters"], json!([["limit", "1"]]));
    assert_eq!(requests[0]["token"], 1);
    assert_eq!(
        ask(&client, Method::DELETE, "/sandbox/requests", "")
            .await
            .status,
        204
    );
    assert_eq!(
        ask(&client, Method::GET, "/sandbox/requests", "")
            .await
            .json(),
        json!([])
    );
}

#[tokio::test]
async fn faults_and_limits_do_not_apply_to_the_controls() {
    let client = Client::new(Options::default()).await;
    client
        .sandbox
        .change_rules(|rules| rules.rate = Some(Rate::new(0, 10)));
    client.sandbox.fault(Fault {
        times: 0,
        ..Fault::new(Action::status(503))
    });
    let info = ask(&client, Method::GET, "/sandbox/info", "").await.json();
    assert_eq!(
        info,
        json!({
            "base_url": client.sandbox.base_url(),
            "client_id": client.sandbox.client_id(),
            "tasks": 100,
            "pending": 10,
            "tokens": 1,
            "requests": 0,
        })
    );
}

#[tokio::test]
async fn faults_are_set_one_or_many_and_cleared() {
    let client = Client::new(Options::default()).await;
    let one = r#"{"operation":"list","action":{"respond":{"status":503}}}"#;
    assert_eq!(
        ask(&client, Method::POST, "/sandbox/faults", one)
            .await
            .status,
        204
    );
    let many = format!(
        "[{},{}]",
        one.replace("503", "502"),
        one.replace("503", "504")
    );
    assert_eq!(
        ask(&client, Method::POST, "/sandbox/faults", &many)
            .await
            .status,
        204
    );
    assert_eq!(client.get(LIST).await.status, 503);
    let wrong = ask(
        &client,
        Method::POST,
        "/sandbox/faults",
        r#"{"action":"hang","skp":1}"#,
    )
    .await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text.contains("unknown field `skp`"), "{}", wrong.text);
    assert_eq!(
        ask(&client, Method::DELETE, "/sandbox/faults", "")
            .await
            .status,
        204
    );
    assert_eq!(client.get(LIST).await.status, 200);
}

#[tokio::test]
async fn tasks_are_replaced_added_and_removed() {
    let client = Client::new(Options::default()).await;
    let ids = async || client.get(LIST).await.ids();
    assert_eq!(
        ask(
            &client,
            Method::PUT,
            "/sandbox/tasks",
            r#"[{"id":"a"},{"id":"b/c"}]"#
        )
        .await
        .status,
        204
    );
    assert_eq!(ids().await, ["a", "b/c"]);
    assert_eq!(
        ask(&client, Method::GET, "/sandbox/tasks", "").await.text,
        r#"[{"id":"a"},{"id":"b/c"}]"#
    );
    let more = r#"[{"id":"d"},{"id":"a","n":1}]"#;
    assert_eq!(
        ask(&client, Method::POST, "/sandbox/tasks", more)
            .await
            .status,
        204
    );
    assert_eq!(
        ids().await,
        ["d", "a", "b/c"],
        "the new one is first, the existing one keeps its position"
    );
    assert_eq!(client.sandbox.task("a").unwrap(), r#"{"id":"a","n":1}"#);
    assert_eq!(
        ask(&client, Method::DELETE, "/sandbox/tasks/b%2Fc", "")
            .await
            .status,
        204
    );
    assert_eq!(
        ask(&client, Method::DELETE, "/sandbox/tasks/b%2Fc", "")
            .await
            .status,
        404
    );
    assert_eq!(ids().await, ["d", "a"]);
    assert_eq!(
        ask(&client, Method::PUT, "/sandbox/tasks", "{}")
            .await
            .status,
        400
    );
    assert_eq!(ids().await, ["d", "a"]);
}

#[tokio::test]
async fn rules_are_changed_one_by_one() {
    let client = Client::new(Options::default()).await;
    let changed = ask(
        &client,
        Method::PATCH,
        "/sandbox/rules",
        r#"{"rate":{"requests":5,"seconds":2}}"#,
    )
    .await
    .json();
    let expected = json!({
        "rate": {"requests": 5, "seconds": 2},
        "token_seconds": 749,
        "offset_error": false,
        "no_content": false,
        "churn": null,
    });
    assert_eq!(changed, expected);
    let changed = ask(
        &client,
        Method::PATCH,
        "/sandbox/rules",
        r#"{"rate":null,"churn":{"insert":0.5}}"#,
    )
    .await
    .json();
    assert_eq!(changed["rate"], Value::Null);
    assert_eq!(
        changed["churn"],
        json!({"insert": 0.5, "prune": 0.0, "remove": 0.0, "finish": 0.0, "burst": 3})
    );
    assert_eq!(
        ask(&client, Method::GET, "/sandbox/rules", "").await.json(),
        changed
    );
    assert_eq!(
        ask(&client, Method::PATCH, "/sandbox/rules", r#"{"rat":null}"#)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn tokens_are_expired_and_all_is_reset() {
    let mut client = Client::new(Options::default()).await;
    assert_eq!(
        ask(&client, Method::POST, "/sandbox/expire-tokens", "")
            .await
            .status,
        204
    );
    assert_eq!(client.get(LIST).await.status, 401);
    client.renew().await;
    let before = client.get(LIST).await.ids();

    client.sandbox.set_tasks("[]").unwrap();
    client.sandbox.fault(Fault {
        times: 0,
        ..Fault::new(Action::status(503))
    });
    client.sandbox.change_rules(|rules| rules.token_seconds = 1);
    assert_eq!(
        ask(&client, Method::POST, "/sandbox/reset", "")
            .await
            .status,
        204
    );
    assert_eq!(client.sandbox.requests(), []);
    assert_eq!(
        client.get(LIST).await.ids(),
        before,
        "the tasks are back and the token is still valid"
    );
    assert_eq!(
        ask(&client, Method::GET, "/sandbox/rules", "").await.json()["token_seconds"],
        749
    );
}

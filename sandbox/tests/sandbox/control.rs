use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use v2024_sandbox::{Action, Fault, Options, Rate};

use crate::client::{Client, LIST, Response};

/// A request to the controls, without a token.
async fn ask(client: &Client, method: Method, path: &str, body: &str) -> Response {
    let mut request = client.http.request(method, client.url(path));
    if !body.is_empty() {
        request = request
            .header("content-type", "application/json")
            .body(body.to_owned());
    }
    Response::read(request.send().await.unwrap()).await
}

/// The status of the response to a control request with these lines after the request line.
async fn raw(client: &Client, request: &str, headers: &str, body: &str) -> u16 {
    let address = client.sandbox.base_url().trim_start_matches("http://");
    let port = address.rsplit(':').next().unwrap();
    let headers = headers.replace("PORT", port).replace('\n', "\r\n");
    let length = body.len();
    let request = format!(
        "{request} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn another_host_is_refused() {
    let client = Client::new(Options::default()).await;
    for (headers, status) in [
        ("Host: 127.0.0.1:PORT\n", 200),
        ("Host: LocalHost:PORT\n", 200),
        ("Host: [::1]:PORT\n", 200),
        ("Host: evil.example:PORT\n", 403),
        ("Host: 127.0.0.1.evil.example:PORT\n", 403),
        ("Host: localhost.evil.example\n", 403),
        ("Host: evil.example@127.0.0.1:PORT\n", 403),
        ("Host: 127.0.0.1:1\n", 403),
        ("Host: 127.0.0.1\n", 403),
        ("Host: 127.0.0.1:PORTPORT\n", 403),
        ("Host: 192.168.0.1:PORT\n", 403),
        ("Host: localhost.:PORT\n", 403),
        ("Host: a.localhost:PORT\n", 403),
        ("Host: 127.0.0.1.nip.io:PORT\n", 403),
        ("Host: 127.1:PORT\n", 403),
        ("Host: 0.0.0.0:PORT\n", 403),
        ("Host: 2130706433:PORT\n", 403),
        ("Host: [::ffff:127.0.0.1]:PORT\n", 403),
        ("Host: 127.0.0.1:PORT, evil.example\n", 403),
        ("Host:\n", 403),
        ("", 403),
        ("Host: 127.0.0.1:PORT\nHost: evil.example\n", 403),
    ] {
        for path in ["info", "requests", "tasks", "rules"] {
            let request = format!("GET /sandbox/{path}");
            let received = raw(&client, &request, headers, "").await;
            assert_eq!(received, status, "{path}: {headers}");
        }
    }
    let absolute = "GET http://evil.example/sandbox/requests";
    assert_eq!(
        raw(&client, absolute, "Host: 127.0.0.1:PORT\n", "").await,
        403
    );
    let unknown = raw(&client, "GET /sandbox/x", "Host: evil.example\n", "").await;
    assert_eq!(unknown, 403);
}

#[tokio::test]
async fn a_page_from_elsewhere_is_refused() {
    let client = Client::new(Options::default()).await;
    for (origin, reset, read) in [
        ("http://evil.example", 403, 403),
        ("null", 403, 403),
        ("https://127.0.0.1:PORT", 403, 403),
        ("http://127.0.0.1:1", 403, 403),
        ("http://127.0.0.1:PORT.evil.example", 403, 403),
        ("", 403, 403),
        ("http://127.0.0.1:PORT", 204, 200),
        ("http://localhost:PORT", 204, 200),
    ] {
        let headers = format!("Host: 127.0.0.1:PORT\nOrigin: {origin}\n");
        client.sandbox.set_tasks("[]").unwrap();
        let received = [
            raw(&client, "POST /sandbox/reset", &headers, "").await,
            raw(&client, "GET /sandbox/requests", &headers, "").await,
            raw(&client, "OPTIONS /sandbox/rules", &headers, "").await,
        ];
        let options = if read == 200 { 405 } else { 403 };
        assert_eq!(received, [reset, read, options], "{origin}");
        let tasks = client.sandbox.tasks().len();
        assert_eq!(tasks, if reset == 204 { 100 } else { 0 }, "{origin}");
    }
}

#[tokio::test]
async fn bodies_must_be_json() {
    let client = Client::new(Options::default()).await;
    let rule = r#"{"no_content":true}"#;
    for (kind, status) in [
        ("Content-Type: text/plain\n", 415),
        ("Content-Type: application/x-www-form-urlencoded\n", 415),
        ("Content-Type: multipart/form-data; boundary=x\n", 415),
        ("Content-Type: text/plain; application/json\n", 415),
        ("Content-Type: application/jsonp\n", 415),
        ("Content-Type: application/json, text/plain\n", 415),
        (
            "Content-Type: application/json\nContent-Type: text/plain\n",
            415,
        ),
        ("", 415),
        ("Content-Type: Application/JSON; charset=utf-8\n", 200),
    ] {
        let headers = format!("Host: 127.0.0.1:PORT\n{kind}");
        let received = raw(&client, "PATCH /sandbox/rules", &headers, rule).await;
        assert_eq!(received, status, "{kind}");
        for request in [
            "POST /sandbox/faults",
            "PUT /sandbox/tasks",
            "POST /sandbox/tasks",
        ] {
            let received = raw(&client, request, &headers, "[]").await;
            let expected = if status == 200 { 204 } else { 415 };
            assert_eq!(received, expected, "{request}: {kind}");
        }
        let rules = ask(&client, Method::GET, "/sandbox/rules", "").await.json();
        assert_eq!(rules["no_content"], status == 200, "{kind}");
    }
    let form = "Host: localhost:PORT\nContent-Type: application/x-www-form-urlencoded\n";
    let without = raw(&client, "POST /sandbox/reset", form, "").await;
    assert_eq!(without, 204, "without a body any type will do");
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
        "sorter_error": false,
        "no_total": false,
        "churn": null,
        "disturbances": null,
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
    let cap = r#"{"churn":null,"disturbances":{"cap":7,"odd_ids":{"null":0.5}}}"#;
    let changed = ask(&client, Method::PATCH, "/sandbox/rules", cap).await;
    assert_eq!(
        changed.json()["disturbances"],
        json!({
            "seed": 0, "cap": 7, "drop": 0.0, "hide": 0.0, "shuffle": 0, "modify": 0, "end": 0, "grow": 0,
            "odd_ids": {"number": 0.0, "null": 0.5, "missing": 0.0},
        })
    );
    let page = client.get(LIST).await.json();
    assert_eq!(page.as_array().unwrap().len(), 7);
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

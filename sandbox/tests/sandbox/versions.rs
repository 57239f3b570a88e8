use reqwest::Method;
use v2024_sandbox::{Operation, Options};

use crate::client::{Client, Response};

const ID: &str = "00eebcf881994e419d72e757fd30dc0e";

#[tokio::test]
async fn every_version_serves_the_list_and_the_task() {
    let client = Client::new(Options {
        tasks: 40,
        pending: 10,
        ..Options::default()
    })
    .await;
    for list in [
        "/v2024/task-status",
        "/v2025/task-status",
        "/v2026/task-status",
        "/beta/task-status",
        "/latest/task-status",
        "/task-status/v1",
    ] {
        client.sandbox.clear_requests();
        let pending = client
            .get(&format!(
                "{list}?filters=completionStatus%20isnull&count=true&limit=0"
            ))
            .await;
        assert_eq!(
            (pending.status, pending.header("x-total-count")),
            (200, Some("10")),
            "{list}"
        );
        let task = client.get(&format!("{list}/{ID}")).await;
        assert_eq!(task.json()["id"], ID, "{list}");
        let patched = client.patch(&format!("{list}/{ID}"), "[]").await;
        assert_eq!(patched.json()["id"], ID, "{list}");
        for response in [pending, task, patched] {
            assert_eq!(response.header("x-deprecated"), None, "{list}");
        }
        let operations: Vec<_> = client
            .sandbox
            .requests()
            .iter()
            .map(|request| request.operation)
            .collect();
        assert_eq!(
            operations,
            [Operation::List, Operation::Get, Operation::Update],
            "{list}"
        );
    }
    client
        .get("/v3/task-status")
        .await
        .assert_error(404, "404 Not found", "");
    client
        .get("/task-status")
        .await
        .assert_error(404, "404 Not found", "");
}

#[tokio::test]
async fn the_pending_list_is_deprecated_and_later_missing() {
    let client = Client::new(Options::default()).await;
    for (version, deprecated) in [
        ("v2024", None),
        ("v2025", Some("true")),
        ("beta", Some("true")),
    ] {
        let path = format!("/{version}/task-status/pending-tasks");
        let response = client.get(&path).await;
        assert_eq!(
            (response.ids().len(), response.header("x-deprecated")),
            (10, deprecated),
            "{version}"
        );
        let head = Response::read(client.request(Method::HEAD, &path).send().await.unwrap()).await;
        assert_eq!(
            (head.status, head.header("x-deprecated")),
            (200, deprecated),
            "{version}"
        );
    }
    for list in [
        "/v2026/task-status",
        "/latest/task-status",
        "/task-status/v1",
    ] {
        let cause = "There is no task with the id \"pending-tasks\".";
        client
            .get(&format!("{list}/pending-tasks"))
            .await
            .assert_error(404, "404 Not found", cause);
    }
}

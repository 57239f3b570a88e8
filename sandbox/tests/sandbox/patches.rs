use reqwest::Method;
use serde_json::{Value, json};
use v2024_sandbox::Options;

use crate::client::{Client, DOCUMENTED, LIST, PENDING, Response};

const BAD: &str = "400.1 Bad Request Content";

/// The vendor's example.
const CLEAR: &str = r#"[
  {"op":"replace","path":"/completionStatus","value":"Error"},
  {"op":"replace","path":"/completed","value":"2024-05-17 19:33:16.470000+00:00"}
]"#;

#[tokio::test]
async fn the_documented_patch_clears_a_pending_task() {
    let client = Client::new(Options {
        tasks: 30,
        pending: 10,
        ..Options::default()
    })
    .await;
    let before = client.get(DOCUMENTED).await.json();
    assert_eq!(before["completionStatus"], Value::Null);
    let response = client.patch(DOCUMENTED, CLEAR).await;
    assert_eq!(response.status, 200);
    let after = response.json();
    assert_eq!(after["completionStatus"], "Error");
    assert_eq!(after["completed"], "2024-05-17 19:33:16.470000+00:00");
    assert_ne!(after["modified"], before["modified"]);
    let mut rest = after.clone();
    for changed in ["completionStatus", "completed", "modified"] {
        rest[changed] = before[changed].clone();
    }
    assert_eq!(rest, before, "nothing else changed");
    assert_eq!(
        client.get(DOCUMENTED).await.json(),
        after,
        "the change is kept"
    );

    let pending = client.get(&format!("{PENDING}?count=true")).await;
    assert_eq!(pending.header("x-total-count"), Some("9"));
    assert!(
        !pending
            .ids()
            .contains(&"00eebcf881994e419d72e757fd30dc0e".to_owned())
    );
    let all = client.get(&format!("{LIST}?count=true")).await;
    assert_eq!(
        all.header("x-total-count"),
        Some("30"),
        "the task is still in the list of all tasks"
    );
    assert_eq!(
        all.ids()
            .iter()
            .filter(|id| *id == "00eebcf881994e419d72e757fd30dc0e")
            .count(),
        1
    );
}

#[tokio::test]
async fn all_six_patch_operations_work_and_keep_values_as_sent() {
    let client = Client::new(Options::default()).await;
    client
        .sandbox
        .set_tasks(r#"[{"id":"x","attributes":{"a":1},"messages":[],"percentComplete":3}]"#)
        .unwrap();
    let patch = json!([
        {"op": "test", "path": "/percentComplete", "value": 3},
        {"op": "add", "path": "/attributes/deep", "value": {"b": {"c": {"d": {"e": [null, false, 0]}}}}},
        {"op": "copy", "from": "/attributes/a", "path": "/attributes/b"},
        {"op": "move", "from": "/attributes/a", "path": "/attributes/c"},
        {"op": "replace", "path": "/percentComplete", "value": 0},
        {"op": "add", "path": "/progress", "value": null},
        {"op": "add", "path": "/completionStatus", "value": "Completed"},
        {"op": "remove", "path": "/messages"},
    ]);
    let patch = patch.to_string();
    // Removing a mandatory list is a type error.
    client
        .patch(&format!("{LIST}/x"), &patch)
        .await
        .assert_error(
            400,
            BAD,
            "The patch can't be applied: the type of messages is wrong.",
        );
    let patch = patch.replace(r#","path":"/messages""#, r#","path":"/attributes/b""#);
    let mut after = client.patch(&format!("{LIST}/x"), &patch).await.json();
    assert!(after["modified"].as_str().unwrap().ends_with('Z'));
    after.as_object_mut().unwrap().remove("modified");
    let expected = json!({
        "id": "x",
        "attributes": {"deep": {"b": {"c": {"d": {"e": [null, false, 0]}}}}, "c": 1},
        "messages": [],
        "percentComplete": 0,
        "progress": null,
        "completionStatus": "Completed",
    });
    assert_eq!(after, expected);
}

#[tokio::test]
async fn wrong_patches_are_rejected_and_change_nothing() {
    let client = Client::new(Options::default()).await;
    client
        .sandbox
        .set_tasks(r#"[{"id":"x","description":"d"}]"#)
        .unwrap();
    let path = format!("{LIST}/x");
    let body = "The body is not an array of JSON Patch operations: ";
    for (patch, cause) in [
        ("", "The body is missing."),
        ("{", body),
        ("\"text\"", body),
        (
            r#"{"op":"replace","path":"/description","value":"n"}"#,
            body,
        ),
        (r#"["text"]"#, body),
        (r#"[{"op":"bad","path":"/description","value":"n"}]"#, body),
        (r#"[{"op":"replace","path":"/description"}]"#, body),
        (
            r#"[{"op":"replace","path":"description","value":"n"}]"#,
            body,
        ),
        (
            r#"[{"op":"replace","path":"/nothing","value":"n"}]"#,
            "The patch can't be applied: ",
        ),
        (
            r#"[{"op":"test","path":"/description","value":"n"}]"#,
            "The patch can't be applied: ",
        ),
        (
            r#"[{"op":"replace","path":"/description","value":"n"},{"op":"remove","path":"/no"}]"#,
            "The patch can't be applied: ",
        ),
        (
            r#"[{"op":"replace","path":"/description","value":true}]"#,
            "The patch can't be applied: the type of description is wrong.",
        ),
        (
            r#"[{"op":"replace","path":"/id","value":"y"}]"#,
            "The patch can't be applied: a task is an object, and its id can't be changed.",
        ),
        (
            r#"[{"op":"replace","path":"","value":[]}]"#,
            "The patch can't be applied: a task is an object, and its id can't be changed.",
        ),
    ] {
        let response = client.patch(&path, patch).await;
        assert_eq!(
            (response.status, &response.json()["detailCode"]),
            (400, &json!(BAD)),
            "{patch}"
        );
        let actual = response.json()["causes"][0]["text"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(actual.starts_with(cause), "{patch}: {actual}");
    }
    assert_eq!(
        client.get(&path).await.text,
        r#"{"id":"x","description":"d"}"#
    );

    let missing = client.patch(&format!("{LIST}/y"), "[]").await;
    missing.assert_error(404, "404 Not found", "There is no task with the id \"y\".");
}

#[tokio::test]
async fn only_the_media_type_of_json_patch_is_accepted() {
    let client = Client::new(Options::default()).await;
    for (kind, status) in [
        ("application/json-patch+json", 200),
        ("application/json-patch+json; charset=utf-8", 200),
        ("Application/JSON-Patch+JSON", 200),
        ("application/json", 415),
        ("text/plain", 415),
    ] {
        let request = client
            .request(Method::PATCH, DOCUMENTED)
            .header("content-type", kind)
            .body("[]");
        let response = Response::read(request.send().await.unwrap()).await;
        assert_eq!(response.status, status, "{kind}");
        if status == 415 {
            let cause = format!("Send application/json-patch+json, not \"{kind}\".");
            response.assert_error(415, "415 Unsupported Media Type", &cause);
        }
    }
}

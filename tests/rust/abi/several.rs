//! Calls for several tasks.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use v2024_sandbox::{Options, Sandbox};

use super::{Client, code};

fn sandbox() -> Sandbox {
    Sandbox::start_blocking(Options::default()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn every_message_has_the_id_of_its_task() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    let some = sandbox.task_ids();
    let call = client.start(&json!({
        "operation": "get_task_status", "ids": [some[0], "none", some[1]], "at_once": 3,
        "events": true,
    }));
    let messages = call.rest();
    call.free();
    let lines: Vec<_> = messages
        .iter()
        .map(|message| {
            let (kind, id) = (text(&message["kind"]), text(&message["id"]));
            (kind, id, message["status"].as_u64().unwrap())
        })
        .collect();
    let (first, second) = (some[0].as_str(), some[1].as_str());
    assert_eq!(
        lines,
        [
            // For the token.
            ("request", first, 200),
            ("request", first, 200),
            ("response", first, 200),
            ("request", "none", 404),
            ("response", "none", 404),
            ("request", second, 200),
            ("response", second, 200),
        ]
    );
    assert_eq!(messages[2]["body"]["id"], some[0]);
    assert_eq!(code(&messages[4]), "http");
    client.free();
}

#[test]
fn updates_are_sent_as_their_results_are_taken() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    let ids = sandbox.task_ids();
    let patched = || {
        let requests = sandbox.requests();
        requests
            .iter()
            .filter(|request| request.method == "PATCH")
            .count()
    };
    for (at_once, most) in [(Value::Null, 2), (json!(3), 4)] {
        sandbox.clear_requests();
        let mut request = json!({
            "operation": "update_task_status", "ids": &ids[..8],
            "json_patch": [{"op": "replace", "path": "/description", "value": "seen"}],
        });
        if !at_once.is_null() {
            request["at_once"] = at_once;
        }
        let call = client.start(&request);
        let first = call.message();
        assert_eq!(
            (&first["id"], &first["body"]["description"]),
            (&json!(ids[0]), &json!("seen"))
        );
        thread::sleep(Duration::from_millis(200));
        assert_eq!(patched(), most);
        let rest = call.rest();
        call.free();
        assert!(rest.iter().map(|message| &message["id"]).eq(&ids[1..8]));
        assert_eq!(patched(), 8);
    }
    client.free();
}

#[test]
fn several_tasks_are_refused_before_any_request() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    for (request, words) in [
        (
            json!({"operation": "get_task_status", "ids": ["a"], "id": "b"}),
            "both id and ids are given",
        ),
        (
            json!({"operation": "get_task_status", "ids": ["a", ""]}),
            "the task id is empty",
        ),
        (
            json!({"operation": "get_task_status", "ids": ["a"], "at_once": 0}),
            "at_once is 0; it must be from 1 to 100",
        ),
        (
            json!({"operation": "get_task_status", "id": "a", "at_once": 2}),
            "get_task_status does not take at_once without ids",
        ),
        (
            json!({"operation": "get_task_status_list", "ids": ["a"]}),
            "get_task_status_list does not take ids",
        ),
        (
            json!({"operation": "update_task_status", "ids": ["a"]}),
            "json_patch is missing",
        ),
    ] {
        let call = client.start(&request);
        let messages = call.rest();
        call.free();
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert_eq!(
            (code(&messages[0]), &messages[0]["error"]["message"]),
            ("invalid_argument", &json!(words))
        );
    }
    let call = client.start(&json!({"operation": "get_task_status", "ids": []}));
    assert!(call.rest().is_empty());
    call.free();
    assert_eq!(sandbox.requests(), []);
    client.free();
}

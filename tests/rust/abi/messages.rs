//! The messages of a call, and the settings that decide about them, each shown on the wire.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use v2024_sandbox::{Action, Fault, Operation, Options, Sandbox};

use super::{Client, Next, code};
use crate::common::{fault, line, reply, reply_with};

fn sandbox() -> Sandbox {
    Sandbox::start_blocking(Options::default()).unwrap()
}

fn lasting(operation: Operation, action: Action) -> Fault {
    Fault {
        operation,
        times: 0,
        ..fault(action)
    }
}

fn kinds(messages: &[Value]) -> Vec<&str> {
    messages
        .iter()
        .map(|message| message["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn a_page_says_whether_all_tasks_before_its_end_have_come() {
    let sandbox = Sandbox::start_blocking(Options {
        tasks: 60,
        ..Options::default()
    })
    .unwrap();
    let client = Client::of(&sandbox, json!({}));
    let call =
        client.start(&json!({"operation": "get_task_status_list", "limit": 25, "all": true}));
    let pages = call.rest();
    call.free();
    let gapless: Vec<_> = pages.iter().map(|page| page.get("gapless")).collect();
    // The last page is not full.
    assert_eq!(gapless, [Some(&json!(true)), Some(&json!(true)), None]);
}

#[test]
fn requests_and_retries_are_reported_in_the_order_in_which_they_happen() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    sandbox.fault(Fault {
        operation: Operation::Get,
        ..fault(reply_with(
            503,
            &[("slpt-request-id", "tracked")],
            "overloaded",
        ))
    });
    sandbox.fault(Fault {
        operation: Operation::Get,
        skip: 1,
        ..fault(Action::Drop)
    });
    let call =
        client.start(&json!({"operation": "get_task_status", "id": "no such", "events": true}));
    let messages = call.rest();
    call.free();
    assert_eq!(
        kinds(&messages),
        [
            "request", "request", "retry", "request", "retry", "request", "response"
        ]
    );

    let url = |path: &str| format!("{}{path}", sandbox.base_url());
    let [token, first, retry, second, again, third, response] = messages.as_slice() else {
        unreachable!()
    };
    assert_eq!(
        (&token["method"], &token["url"], &token["status"]),
        (&json!("POST"), &json!(url("/oauth/token")), &json!(200))
    );
    let task = url("/v2024/task-status/no%20such");
    for (event, attempt) in [(first, 1), (second, 2), (third, 3)] {
        assert_eq!(
            (&event["method"], &event["url"], &event["attempt"]),
            (&json!("GET"), &json!(task), &json!(attempt))
        );
        assert!(event["duration_ms"].is_u64(), "{event}");
    }
    assert_eq!(
        (&first["status"], &first["bytes"], &first["trackingId"]),
        (&json!(503), &json!(10), &json!("tracked"))
    );
    assert_eq!(
        (second.get("status"), second.get("bytes")),
        (None, None),
        "{second}"
    );
    assert!(
        second["error"]
            .as_str()
            .unwrap()
            .contains("ended before a response came"),
        "{second}"
    );
    assert_eq!(third["status"], 404);

    assert_eq!(
        (&retry["attempt"], &retry["status"], &retry["reason"]),
        (&json!(2), &json!(503), &json!("503 Service Unavailable"))
    );
    assert_eq!(
        (&again["attempt"], again.get("status")),
        (&json!(3), None),
        "{again}"
    );
    assert!(again["delay_ms"].is_u64() && again["reason"].is_string());
    assert_eq!((&response["status"], code(response)), (&json!(404), "http"));
    // No message comes twice, and a call that is over stays over.
    assert_eq!(call.next(-1), Next::Over);
    client.free();
}

#[test]
fn without_events_only_waits_and_the_response_are_reported() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({ "RetryIntervalSeconds": 0 }));
    sandbox.fault(Fault {
        operation: Operation::Pending,
        ..fault(reply_with(429, &[("Retry-After", "0")], ""))
    });
    sandbox.fault(Fault {
        operation: Operation::Pending,
        skip: 1,
        ..fault(Action::ExpireTokens)
    });
    let call = client.start(&json!({"operation": "get_pending_tasks"}));
    let messages = call.rest();
    assert_eq!(kinds(&messages), ["retry", "retry", "response"]);
    assert_eq!(
        messages[0],
        json!({"kind": "retry", "attempt": 2, "delay_ms": 0, "status": 429, "reason": "429 Too Many Requests"})
    );
    assert_eq!(
        messages[1],
        json!({
            "kind": "retry", "attempt": 3, "delay_ms": 0, "status": 401,
            "reason": "the tenant rejected the token, so a new one is fetched",
        })
    );
    assert_eq!(messages[2]["status"], 200);
    call.free();
    client.free();
}

#[test]
fn maximum_retry_count_is_the_number_of_requests_less_one() {
    let sandbox = sandbox();
    for count in [0, 1, 3, 12] {
        let client = Client::of(
            &sandbox,
            json!({ "MaximumRetryCount": count, "RetryIntervalSeconds": 0 }),
        );
        assert_eq!(client.pending(None, None, None).0, 200);
        sandbox.clear_requests();
        sandbox.fault(lasting(Operation::Get, reply(503)));
        let (status, result) = client.get("x");
        assert_eq!((status, code(&result)), (503, "http"));
        let requests: Vec<String> = sandbox.requests().iter().map(line).collect();
        let expected = vec!["GET /v2024/task-status/x 503".to_owned(); count + 1];
        assert_eq!(requests, expected);
        sandbox.clear_faults();
        client.free();
    }
}

#[test]
fn retry_interval_seconds_is_the_first_wait_and_it_doubles() {
    let sandbox = sandbox();
    let client = Client::of(
        &sandbox,
        json!({ "MaximumRetryCount": 3, "RetryIntervalSeconds": 0.2 }),
    );
    assert_eq!(client.pending(None, None, None).0, 200);
    sandbox.clear_requests();
    sandbox.fault(lasting(Operation::Get, reply(503)));
    let call = client.start(&json!({"operation": "get_task_status", "id": "x"}));
    let messages = call.rest();
    assert_eq!(kinds(&messages), ["retry", "retry", "retry", "response"]);
    let at: Vec<u64> = sandbox
        .requests()
        .iter()
        .map(|request| request.at)
        .collect();
    for (index, full) in [200, 400, 800].into_iter().enumerate() {
        let delay = messages[index]["delay_ms"].as_u64().unwrap();
        assert!((full / 2..=full).contains(&delay), "{delay} of {full}");
        let gap = at[index + 1] - at[index];
        // Milliseconds are cut off on both sides.
        assert!(gap + 2 >= delay, "{gap} ms between requests, {delay} said");
    }
    call.free();
    client.free();
}

#[test]
fn timeout_seconds_holds_for_the_whole_call() {
    let sandbox = sandbox();
    let client = Client::of(
        &sandbox,
        json!({ "TimeoutSeconds": 0.7, "RetryIntervalSeconds": 0.1 }),
    );
    assert_eq!(client.pending(None, None, None).0, 200);
    sandbox.clear_requests();
    // Two responses after which it tries again, then none.
    sandbox.fault(Fault {
        operation: Operation::Get,
        times: 2,
        ..fault(reply(503))
    });
    sandbox.fault(Fault {
        skip: 2,
        ..lasting(Operation::Get, Action::Hang)
    });
    let started = Instant::now();
    let (status, result) = client.get("x");
    assert!(started.elapsed() >= Duration::from_millis(700));
    assert_eq!((status, code(&result)), (-6, "timeout"));
    let message = result["error"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("no result within 0.7 s (TimeoutSeconds)"),
        "{message}"
    );
    assert_eq!(sandbox.requests().len(), 3);
    client.free();
}

#[test]
fn connect_timeout_seconds_holds_for_the_connection() {
    let sandbox = sandbox();
    let full = super::cancel::FullListener::new();
    let client = Client::of(
        &sandbox,
        json!({ "BaseUrl": full.url(), "ConnectTimeoutSeconds": 0.4, "MaximumRetryCount": 0 }),
    );
    let started = Instant::now();
    let (status, result) = client.get("x");
    assert!(started.elapsed() >= Duration::from_millis(400));
    assert_eq!((status, code(&result)), (-4, "connect"));
    assert_eq!(
        result["error"]["message"],
        format!(
            "cannot connect to {}: no connection within ConnectTimeoutSeconds",
            full.url()
        )
    );
    client.free();
}

#[test]
fn check_only_refuses_what_a_call_would_and_sends_nothing() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    let patch = json!({"op": "replace", "path": "/description", "value": "x"});
    let bad = json!({"op": "replace", "path": "description", "value": "x"});
    let update = |id: &str, patch: &Value| {
        json!({
            "operation": "update_task_status", "id": id, "json_patch": patch, "check_only": true
        })
    };
    for request in [
        update("x", &patch),
        json!({"operation": "get_task_status_list", "limit": 7, "all": true, "check_only": true}),
        json!({"operation": "wait_task_status", "ids": ["x"], "check_only": true}),
    ] {
        let call = client.start(&request);
        assert_eq!(call.rest(), Vec::<Value>::new(), "{request}");
        call.free();
    }
    for request in [
        update("..", &patch),
        update("x", &bad),
        json!({"operation": "get_task_status_list", "limit": 251, "all": true, "check_only": true}),
        json!({"operation": "wait_task_status", "ids": [" "], "check_only": true}),
    ] {
        let call = client.start(&request);
        let messages = call.rest();
        call.free();
        assert_eq!(messages.len(), 1, "{request}");
        assert_eq!(code(&messages[0]), "invalid_argument", "{request}");
    }
    assert_eq!(sandbox.requests(), []);
}

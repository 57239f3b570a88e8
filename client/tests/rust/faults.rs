//! What goes wrong × operation: the error, and how many requests the tenant saw.

use std::time::{Duration, Instant};

use serde_json::json;
use v2024_sandbox::{Action, Body, Fault, Operation, Options};
use v2024_task_management::{Error, ErrorKind, JsonPatch, Response};

use crate::common::*;

const OPERATIONS: [Operation; 5] = [
    Operation::PendingHeaders,
    Operation::Pending,
    Operation::Get,
    Operation::List,
    Operation::Update,
];

async fn perform(tenant: &Tenant, operation: Operation) -> Result<Response, Error> {
    let id = tenant.an_id();
    match operation {
        Operation::PendingHeaders => tenant.client.get_pending_task_headers(pending()).await,
        Operation::Pending => tenant.client.get_pending_tasks(pending()).await,
        Operation::Get => tenant.client.get_task_status(&id).await,
        Operation::List => tenant.client.get_task_status_list(list()).await,
        Operation::Update => {
            let patch = r#"{"op":"replace","path":"/description","value":"x"}"#;
            tenant
                .client
                .update_task_status(&id, JsonPatch::parse(patch).unwrap())
                .await
        }
        other => panic!("{other:?} is no operation"),
    }
}

/// What is expected of a fault that does not pass: for reads, and for the update.
struct Lasting {
    name: &'static str,
    action: Action,
    kind: ErrorKind,
    status: Option<u16>,
    reads: usize,
    updates: usize,
}

#[tokio::test]
async fn a_lasting_fault_ends_in_one_error() {
    let lasting = |name, action, kind, status, reads, updates| Lasting {
        name,
        action,
        kind,
        status,
        reads,
        updates,
    };
    let table = [
        lasting("400", reply(400), ErrorKind::Http, Some(400), 1, 1),
        lasting("403", reply(403), ErrorKind::Http, Some(403), 1, 1),
        lasting("404", reply(404), ErrorKind::Http, Some(404), 1, 1),
        lasting("408", reply(408), ErrorKind::Http, Some(408), 1, 1),
        lasting("409", reply(409), ErrorKind::Http, Some(409), 1, 1),
        lasting("418", reply(418), ErrorKind::Http, Some(418), 1, 1),
        lasting(
            "429",
            reply_with(429, &[("Retry-After", "0")], ""),
            ErrorKind::Http,
            Some(429),
            6,
            6,
        ),
        lasting(
            "429 without Retry-After",
            reply_with(429, &[], ""),
            ErrorKind::Http,
            Some(429),
            6,
            6,
        ),
        lasting(
            "429 nonsense",
            reply_with(429, &[("Retry-After", "soon")], ""),
            ErrorKind::Http,
            Some(429),
            6,
            6,
        ),
        lasting(
            "429 past",
            reply_with(429, &[("Retry-After", "Tue, 01 Jan 2019 00:00:00 GMT")], ""),
            ErrorKind::Http,
            Some(429),
            6,
            6,
        ),
        lasting("500", reply(500), ErrorKind::Http, Some(500), 4, 1),
        lasting("501", reply(501), ErrorKind::Http, Some(501), 1, 1),
        lasting("502", reply(502), ErrorKind::Http, Some(502), 6, 1),
        lasting("503", reply(503), ErrorKind::Http, Some(503), 6, 1),
        lasting("504", reply(504), ErrorKind::Http, Some(504), 6, 1),
        lasting("drop", Action::Drop, ErrorKind::Connect, None, 6, 1),
        lasting(
            "drop early",
            Action::DropEarly,
            ErrorKind::Connect,
            None,
            6,
            1,
        ),
        lasting("reset", Action::Reset, ErrorKind::Connect, None, 6, 1),
        lasting(
            "not HTTP",
            Action::Raw(Body::Text("SSH-2.0-x\r\n\r\n".into())),
            ErrorKind::Connect,
            None,
            6,
            1,
        ),
    ];
    let tenant = tenant_with(Options::default(), json!({ "MaximumRetryCount": 5 })).await;
    for row in table {
        for operation in OPERATIONS {
            tenant.sandbox.reset();
            tenant.fault(Operation::Api, 0, row.action.clone());
            let error = perform(&tenant, operation).await.unwrap_err();
            let case = format!("{} on {operation:?}: {error}", row.name);
            assert_eq!(
                (error.kind(), error.status()),
                (row.kind, row.status),
                "{case}"
            );
            let update = operation == Operation::Update;
            let expected = if update { row.updates } else { row.reads };
            assert_eq!(tenant.calls().len(), expected, "{case}");
            if update && row.kind == ErrorKind::Connect {
                let hint = "the update may have been made: get the task status before trying again";
                assert_eq!(error.hint(), Some(hint), "{case}");
            }
        }
    }
}

#[tokio::test]
async fn a_passing_fault_goes_unnoticed() {
    let tenant = tenant().await;
    for action in [
        reply_with(429, &[("Retry-After", "0")], ""),
        reply(500),
        reply(502),
        reply(503),
        reply(504),
        Action::Drop,
        Action::Reset,
    ] {
        for operation in OPERATIONS {
            if operation == Operation::Update
                && action != reply_with(429, &[("Retry-After", "0")], "")
            {
                continue;
            }
            tenant.sandbox.reset();
            tenant.fault(Operation::Api, 2, action.clone());
            let response = perform(&tenant, operation).await.unwrap();
            assert_eq!(
                (response.status(), tenant.calls().len()),
                (200, 3),
                "{action:?} on {operation:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_cut_off_answer_is_got_again_and_never_given() {
    let tenant = tenant_with(Options::default(), json!({ "MaximumRetryCount": 2 })).await;
    for operation in [
        Operation::Pending,
        Operation::Get,
        Operation::List,
        Operation::Update,
    ] {
        tenant.sandbox.reset();
        tenant.fault(Operation::Api, 0, Action::Truncate);
        let error = perform(&tenant, operation).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::InvalidResponse, None),
            "{error}"
        );
        assert!(error.message().contains("was cut off after"), "{error}");
        let expected = if operation == Operation::Update { 1 } else { 3 };
        assert_eq!(tenant.calls().len(), expected);
    }
    tenant.sandbox.reset();
    tenant.fault(Operation::Api, 1, Action::Truncate);
    assert_eq!(
        perform(&tenant, Operation::List).await.unwrap().status(),
        200
    );
}

#[tokio::test]
async fn a_wrong_content_length_is_a_cut_off_answer() {
    let tenant = tenant_with(Options::default(), json!({ "MaximumRetryCount": 0 })).await;
    let raw = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"id\":\"x\"}";
    tenant.fault(Operation::Api, 0, Action::Raw(Body::Text(raw.into())));
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(
        error.message().contains("was cut off after 10 bytes"),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_that_never_comes_is_a_timeout() {
    let tenant = tenant_with(Options::default(), json!({ "TimeoutSeconds": 0.3 })).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    for operation in OPERATIONS {
        tenant.sandbox.reset();
        tenant.fault(Operation::Api, 0, Action::Hang);
        let error = perform(&tenant, operation).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Timeout, None));
        assert!(
            error
                .message()
                .starts_with("no result within 0.3 s (TimeoutSeconds), waiting for the answer to "),
            "{error}"
        );
        assert_eq!(tenant.calls().len(), 1);
        assert_eq!(error.hint().is_some(), operation == Operation::Update);
    }
    tenant.sandbox.reset();
    let slow = Action::SlowBody {
        bytes: 100,
        delay: 100,
    };
    tenant.fault(Operation::Api, 0, slow);
    assert_eq!(
        perform(&tenant, Operation::List).await.unwrap_err().kind(),
        ErrorKind::Timeout
    );
}

#[tokio::test]
async fn a_token_that_never_comes_is_a_timeout_too() {
    let tenant = tenant_with(Options::default(), json!({ "TimeoutSeconds": 0.3 })).await;
    tenant.fault(Operation::Token, 0, Action::Hang);
    let error = tenant
        .client
        .get_pending_tasks(pending())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(tenant.calls(), [""; 0]);
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    let tenant = tenant_with(Options::default(), json!({ "TimeoutSeconds": 5 })).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    tenant.sandbox.clear_requests();
    tenant.fault(
        Operation::Api,
        1,
        reply_with(429, &[("Retry-After", "60")], ""),
    );
    let started = Instant::now();
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(429)));
    // The hold is the tenant's: another call would not be let in before its own deadline.
    let held = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!(held.kind(), ErrorKind::Timeout);
    assert!(
        held.message()
            .contains("held back by the tenant's rate limit"),
        "{held}"
    );
    assert!(started.elapsed() < Duration::from_secs(4));
    assert_eq!(tenant.calls().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_429_holds_back_the_clients_other_requests() {
    let tenant = tenant().await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    tenant.sandbox.clear_requests();
    tenant.fault(
        Operation::Get,
        1,
        reply_with(429, &[("Retry-After", "1")], ""),
    );
    let id = tenant.an_id();
    let limited = {
        let (client, id) = (tenant.client.clone(), id.clone());
        tokio::spawn(async move { client.get_task_status(&id).await })
    };
    while tenant.calls().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    limited.await.unwrap().unwrap();
    let at: Vec<u64> = tenant
        .sandbox
        .requests()
        .iter()
        .map(|request| request.at)
        .collect();
    assert_eq!(at.len(), 3);
    assert!(at[1] >= at[0] + 990 && at[2] >= at[0] + 990, "{at:?}");
}

#[tokio::test]
async fn nobody_listens() {
    let sandbox = sandbox().await;
    // A port that nothing on any machine listens on.
    let client = client(&sandbox, json!({ "BaseUrl": "http://127.0.0.1:1" }));
    let error = client.get_task_status("x").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Connect, None));
    let start = "cannot connect to http://127.0.0.1:1: ";
    assert!(error.message().starts_with(start), "{error}");
    assert!(error.message().ends_with("; tried 4 times"), "{error}");
}

#[tokio::test]
async fn a_try_that_was_not_made_is_not_counted() {
    let sandbox = sandbox().await;
    let hasty =
        json!({ "BaseUrl": "http://127.0.0.1:1", "TimeoutSeconds": 2, "RetryIntervalSeconds": 60 });
    let error = client(&sandbox, hasty)
        .get_task_status("x")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.message().contains("tried"), "{error}");
}

#[tokio::test]
async fn a_host_that_does_not_exist() {
    let sandbox = sandbox().await;
    let client = client(
        &sandbox,
        json!({ "BaseUrl": "https://tenant.invalid", "MaximumRetryCount": 0 }),
    );
    let error = client.get_task_status("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(
        error
            .message()
            .starts_with("cannot connect to https://tenant.invalid: "),
        "{error}"
    );
}

#[tokio::test]
async fn a_patch_whose_connection_was_refused_is_sent_again() {
    let tenant = tenant().await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    tenant.sandbox.reset();
    // The kept-alive connection is dropped with the first request; the next ones are never accepted.
    tenant.sandbox.fault(Fault {
        operation: Operation::Api,
        ..fault(reply_with(
            429,
            &[("Retry-After", "0"), ("Connection", "close")],
            "",
        ))
    });
    tenant.sandbox.fault(Fault {
        operation: Operation::Connection,
        ..fault(Action::Reset)
    });
    let result = perform(&tenant, Operation::Update).await;
    // A reset right after accept may come before or after the request was written: either it was
    // certainly not sent and is repeated, or it is one error. It is never applied twice.
    let applied = tenant
        .calls()
        .iter()
        .filter(|call| call.ends_with(" 200"))
        .count();
    assert_eq!(applied, usize::from(result.is_ok()));
}

#[tokio::test]
async fn messages_hold_words_tracking_id_and_hint() {
    let tenant = tenant().await;
    let error = tenant
        .client
        .get_task_status("no-such-task")
        .await
        .unwrap_err();
    let body: serde_json::Value = error.response().unwrap().json().unwrap();
    let (words, id) = (
        body["messages"][0]["text"].as_str().unwrap(),
        body["trackingId"].as_str().unwrap(),
    );
    assert!(
        error
            .message()
            .starts_with("GET /v2024/task-status/no-such-task: 404 Not Found: "),
        "{error}"
    );
    assert!(
        error.message().contains(words)
            && error.message().ends_with(&format!("[tracking id {id}]")),
        "{error}"
    );
    assert_eq!(error.tracking_id().as_deref(), Some(id));
    assert_eq!(
        error.hint(),
        Some("there is no task status with this id; tasks older than 90 days are not kept")
    );
}

//! Every fault on every operation: the error, and how many requests the tenant received.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use reqwest::Url;
use serde_json::json;
use v2024_sandbox::{Action, Body, Fault, Operation, Options, Sandbox};
use v2024_task_management::events::{Observer, RequestEvent, RetryEvent};
use v2024_task_management::{self as api, Error, ErrorKind, Finish, JsonPatch, Response};

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
        other => panic!("{other:?} is not an operation"),
    }
}

/// What a fault that stays leads to, for reads and for the update.
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
            4,
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
async fn a_passing_fault_is_retried() {
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
async fn a_cut_off_response_is_fetched_again_and_never_returned() {
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
async fn a_wrong_content_length_is_a_cut_off_response() {
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
async fn a_response_that_never_comes_is_a_timeout() {
    let tenant = tenant_with(Options::default(), json!({ "TimeoutSeconds": 0.3 })).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    for operation in OPERATIONS {
        tenant.sandbox.reset();
        tenant.fault(Operation::Api, 0, Action::Hang);
        let error = perform(&tenant, operation).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Timeout, None));
        assert!(
            error.message().starts_with(
                "no result within 0.3 s (TimeoutSeconds), waiting for the response to "
            ),
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

/// Notes what happens, and says to send nothing more at a certain note.
struct FinishAt {
    note: &'static str,
    finish: Finish,
    noted: Mutex<Vec<String>>,
}

impl FinishAt {
    fn new(note: &'static str) -> Self {
        Self {
            note,
            finish: Finish::default(),
            noted: Mutex::default(),
        }
    }

    fn note(&self, note: String) {
        if note == self.note {
            self.finish.finish();
        }
        self.noted.lock().unwrap().push(note);
    }
}

impl Observer for FinishAt {
    fn request(&self, event: &RequestEvent<'_>) {
        let status = event.result.map_or(0, Response::status);
        self.note(format!("{} {status}", event.method));
    }

    fn retry(&self, event: &RetryEvent<'_>) {
        self.note(event.reason.to_owned());
    }
}

#[tokio::test]
async fn a_401_is_not_lost_wherever_the_second_try_is_stopped() {
    let rejected = "the tenant rejected the token, so a new one is fetched";
    let held = "held back by the tenant's rate limit";
    let patch = JsonPatch::parse(r#"{"op":"add","path":"/description","value":"x"}"#).unwrap();
    for (method, at, noted) in [
        ("GET", rejected, vec![rejected]),
        ("GET", "POST 200", vec![rejected, "POST 200"]),
        ("GET", held, vec![rejected, "POST 200", held]),
        ("PATCH", "POST 200", vec![rejected, "POST 200"]),
        ("PATCH", held, vec![rejected, "POST 200", held]),
    ] {
        let tenant = tenant().await;
        tenant.client.get_pending_tasks(pending()).await.unwrap();
        tenant.sandbox.clear_requests();
        let id = tenant.an_id();
        let (place, operation) = match method {
            "GET" => (Operation::Get, api::Operation::GetTaskStatus { id }),
            _ => {
                let patch = patch.clone();
                let update = api::Operation::UpdateTaskStatus { id, patch };
                (Operation::Update, update)
            }
        };
        let body = r#"{"error":"JWT is expired"}"#;
        tenant.fault(place, 1, reply_with(401, &[("X-Request-Id", "r1")], body));
        if at == held {
            // Another request, sent before, is refused while the new token is fetched.
            let refusal = reply_with(429, &[("Retry-After", "60")], "");
            for (operation, delay, action) in [
                (Operation::Pending, 200, refusal),
                (Operation::Token, 600, Action::Pass),
            ] {
                tenant.sandbox.fault(Fault {
                    operation,
                    delay,
                    ..fault(action)
                });
            }
        }
        let observer = FinishAt::new(at);
        let refused = async {
            if at == held {
                _ = tenant.client.get_pending_tasks(pending()).await;
            }
            std::future::pending::<()>().await;
        };
        let stopped = async {
            while at == held && tenant.sandbox.requests().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let run = tenant
                .client
                .run_with(&operation, &observer, &observer.finish);
            run.await.unwrap_err()
        };
        let error = tokio::select! {
            error = stopped => error,
            () = refused => unreachable!(),
        };
        let case = format!("{method} at {at}: {error}");
        assert_eq!(
            (error.kind(), error.status(), error.tracking_id().as_deref()),
            (ErrorKind::Http, Some(401), Some("r1")),
            "{case}"
        );
        assert_eq!(error.response().unwrap().text(), body, "{case}");
        let words = "; not tried again: the call was told to send nothing more";
        assert!(error.message().ends_with(words), "{case}");
        let all = [
            vec![format!("{method} 401")],
            noted.iter().map(|it| (*it).to_owned()).collect(),
        ];
        assert_eq!(*observer.noted.lock().unwrap(), all.concat(), "{case}");
        let sent = tenant.sandbox.requests();
        assert!(
            sent.iter()
                .filter(|request| request.operation == place)
                .count()
                == 1,
            "{case}"
        );
    }
}

#[tokio::test]
async fn a_timeout_says_that_the_token_was_rejected_before() {
    let tenant = tenant_with(Options::default(), json!({ "TimeoutSeconds": 0.3 })).await;
    tenant.fault(Operation::Get, 1, reply(401));
    tenant.sandbox.fault(Fault {
        skip: 1,
        operation: Operation::Get,
        ..fault(Action::Hang)
    });
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    let end = "/v2024/task-status/x; the response before was 401; tried 2 times";
    assert!(error.message().ends_with(end), "{error}");
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_started() {
    let tenant = tenant_with(Options::default(), json!({ "TimeoutSeconds": 5 })).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    tenant.sandbox.clear_requests();
    let headers = [("Retry-After", "60"), ("X-Request-Id", "r1")];
    let body = r#"{"message":"Rate Limit Exceeded"}"#;
    tenant.fault(Operation::Api, 1, reply_with(429, &headers, body));
    let started = Instant::now();
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(429)));
    assert_eq!(
        error.message(),
        "GET /v2024/task-status/x: 429 Too Many Requests: Rate Limit Exceeded [tracking id r1]; the tenant asks \
         to wait 60 s, and the call may take 5 s (TimeoutSeconds)"
    );
    // The hold is shared: another call would wait beyond its own deadline.
    let held = tenant.client.get_task_status("y").await.unwrap_err();
    assert_eq!((held.kind(), held.status()), (ErrorKind::Http, Some(429)));
    assert_eq!(held.tracking_id().as_deref(), Some("r1"));
    assert_eq!(held.response().unwrap().text(), body);
    let message = held.message();
    assert!(
        message.starts_with("held back by the tenant's rate limit until 20")
            && message.contains("Z, for ")
            && message.ends_with(
                " s, longer than the call may take (5 s, TimeoutSeconds): \
                 GET /v2024/task-status/x: 429 Too Many Requests: Rate Limit Exceeded \
                 [tracking id r1]"
            ),
        "{held}"
    );
    assert!(started.elapsed() < Duration::from_secs(4));
    assert_eq!(tenant.calls().len(), 1);
}

#[tokio::test]
async fn a_429_that_asks_for_an_hour_says_for_how_long_others_wait() {
    let tenant = tenant_with(Options::default(), json!({ "TimeoutSeconds": 5 })).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    tenant.sandbox.clear_requests();
    tenant.fault(
        Operation::Api,
        1,
        reply_with(429, &[("Retry-After", "3600")], ""),
    );
    for _ in 0..3 {
        let error = tenant.client.get_task_status("x").await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(429)));
        let end =
            "; the tenant asks to wait 3600 s, and the client's other requests wait 300 s of them";
        assert!(error.message().ends_with(end), "{error}");
    }
    assert_eq!(tenant.calls().len(), 1);
}

#[tokio::test]
async fn a_held_token_request_reports_its_429() {
    let tenant = tenant_with(Options::default(), json!({ "TimeoutSeconds": 5 })).await;
    let secret = tenant.sandbox.client_secret().to_owned();
    let body = format!("you sent {secret}");
    tenant.fault(
        Operation::Token,
        1,
        reply_with(429, &[("Retry-After", "3600")], &body),
    );
    for _ in 0..2 {
        let error = tenant.client.get_task_status("x").await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(429)));
        assert_eq!(error.response().unwrap().text(), "you sent ********");
        assert!(error.message().contains("POST "), "{error}");
    }
    assert_eq!((tenant.token_requests(), tenant.calls().len()), (1, 0));
}

#[tokio::test]
async fn a_429_without_a_wait_is_retried_with_growing_waits() {
    let more = json!({ "MaximumRetryCount": 3, "RetryIntervalSeconds": 0.2 });
    let tenant = tenant_with(Options::default(), more).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    let now = httpdate::fmt_http_date(std::time::SystemTime::now());
    for wait in ["0", &now] {
        tenant.sandbox.reset();
        tenant.fault(
            Operation::Api,
            0,
            reply_with(429, &[("Retry-After", wait)], ""),
        );
        let started = Instant::now();
        let error = tenant.client.get_task_status("x").await.unwrap_err();
        assert_eq!((error.status(), tenant.calls().len()), (Some(429), 4));
        // Half of 0.2 + 0.4 + 0.8 s at least.
        assert!(started.elapsed() >= Duration::from_millis(700));
    }
}

#[tokio::test]
async fn retry_after_of_a_503_is_waited_for() {
    let tenant = tenant().await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    tenant.sandbox.clear_requests();
    tenant.fault(
        Operation::Get,
        1,
        reply_with(503, &[("Retry-After", "1")], ""),
    );
    perform(&tenant, Operation::Get).await.unwrap();
    let requests = tenant.sandbox.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].at - requests[0].at >= 990);
    // Unlike a 429, it holds back no other request.
    tenant.fault(
        Operation::Get,
        1,
        reply_with(503, &[("Retry-After", "60")], ""),
    );
    let id = tenant.an_id();
    let waiting = tenant.client.get_task_status(&id);
    let other = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        tenant.client.get_pending_tasks(pending()).await
    };
    tokio::select! {
        result = waiting => panic!("{result:?}"),
        other = other => assert_eq!(other.unwrap().status(), 200),
    }
}

#[tokio::test]
async fn an_outage_passes_once_the_tenant_was_reached() {
    let more = json!({ "RetryIntervalSeconds": 0.1, "TimeoutSeconds": 60 });
    let tenant = tenant_with(Options::default(), more).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    let port = Url::parse(tenant.sandbox.base_url()).unwrap().port();
    let Tenant { sandbox, client } = tenant;
    drop(sandbox);
    // Few tries would end after 0.7 s at most.
    let back = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let options = Options {
            port: port.unwrap(),
            ..Options::default()
        };
        Sandbox::start(options).await.unwrap()
    };
    let (result, sandbox) = tokio::join!(client.get_pending_tasks(pending()), back);
    result.unwrap();
    let tenant = Tenant { sandbox, client };
    assert_eq!(
        tenant.calls().last().unwrap().rsplit(' ').next(),
        Some("200")
    );
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
    // Windows takes two seconds to find that nobody listens. A client of its own does not get the error of a token that
    // another test waits for.
    let hasty = json!({
        "BaseUrl": "http://127.0.0.1:1", "ClientId": "hasty", "TimeoutSeconds": 20, "RetryIntervalSeconds": 60,
    });
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
    // The kept connection is closed after the first request; the next ones are reset.
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
    // certainly not sent and is retried, or it is one error. It is never applied twice.
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

/// The connections that the requests came on, from 1.
fn connections(tenant: &Tenant) -> Vec<u64> {
    let requests = tenant.sandbox.requests();
    requests.iter().map(|request| request.connection).collect()
}

#[tokio::test]
async fn a_swallowed_connection_costs_one_attempt_and_every_kept_one_is_dropped() {
    let more = json!({ "AttemptTimeoutSeconds": 0.4, "TimeoutSeconds": 20 });
    let tenant = tenant_with(Options::default(), more).await;
    for operation in [
        Operation::PendingHeaders,
        Operation::Pending,
        Operation::Get,
        Operation::List,
    ] {
        // Two kept connections.
        let (first, second) = tokio::join!(
            perform(&tenant, Operation::Pending),
            perform(&tenant, Operation::List)
        );
        first.unwrap();
        second.unwrap();
        let before = connections(&tenant).into_iter().max().unwrap();
        tenant.sandbox.clear_requests();
        tenant.fault(Operation::Api, 1, Action::Hang);
        let started = Instant::now();
        perform(&tenant, operation).await.unwrap();
        let took = started.elapsed();
        assert!(
            took >= Duration::from_millis(400) && took < Duration::from_secs(5),
            "{operation:?}: {took:?}"
        );
        let used = connections(&tenant);
        assert_eq!(used.len(), 2, "{operation:?}");
        assert!(used[0] <= before && used[1] > before, "{used:?} {before}");
        // The other kept connection is gone too.
        perform(&tenant, operation).await.unwrap();
        assert_eq!(connections(&tenant)[2], used[1]);
    }
}

#[tokio::test]
async fn a_swallowed_connection_of_the_token_request() {
    let more = json!({ "AttemptTimeoutSeconds": 0.3, "TimeoutSeconds": 20 });
    let tenant = tenant_with(Options::default(), more).await;
    tenant.fault(Operation::Token, 1, Action::Hang);
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    assert_eq!((tenant.token_requests(), tenant.calls().len()), (2, 1));
}

#[tokio::test]
async fn the_second_try_has_the_rest_of_the_deadline() {
    let more = json!({ "AttemptTimeoutSeconds": 0.2, "TimeoutSeconds": 20 });
    let tenant = tenant_with(Options::default(), more).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    tenant.sandbox.clear_requests();
    // A head that takes longer than the limit of the first try, each time.
    tenant.sandbox.fault(Fault {
        operation: Operation::Api,
        times: 0,
        delay: 600,
        ..fault(Action::Pass)
    });
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    assert_eq!(tenant.calls().len(), 2);
    // A deadline before that is the usual timeout.
    let hasty = json!({ "AttemptTimeoutSeconds": 0.2, "TimeoutSeconds": 0.4 });
    let error = client(&tenant.sandbox, hasty)
        .get_pending_tasks(pending())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        error
            .message()
            .starts_with("no result within 0.4 s (TimeoutSeconds), "),
        "{error}"
    );
}

#[tokio::test]
async fn the_limit_of_an_attempt_ends_neither_bodies_nor_changes_nor_single_tries() {
    let more = json!({ "AttemptTimeoutSeconds": 0.2, "TimeoutSeconds": 20 });
    let tenant = tenant_with(Options::default(), more).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    // About 0.6 s for a body.
    tenant.sandbox.clear_requests();
    let body_bytes = tenant.sandbox.task(&tenant.an_id()).unwrap().len();
    let slow = Action::SlowBody {
        bytes: body_bytes / 6 + 1,
        delay: 100,
    };
    tenant.fault(Operation::Api, 1, slow);
    perform(&tenant, Operation::Get).await.unwrap();
    assert_eq!(tenant.calls().len(), 1);

    let late = |operation| Fault {
        operation,
        delay: 600,
        ..fault(Action::Pass)
    };
    tenant.sandbox.clear_requests();
    tenant.sandbox.fault(late(Operation::Update));
    perform(&tenant, Operation::Update).await.unwrap();
    assert_eq!(tenant.calls().len(), 1);

    let single = Tenant {
        client: client(
            &tenant.sandbox,
            json!({ "AttemptTimeoutSeconds": 0.2, "TimeoutSeconds": 20, "MaximumRetryCount": 0 }),
        ),
        ..tenant
    };
    single.sandbox.clear_requests();
    single.sandbox.fault(late(Operation::Get));
    perform(&single, Operation::Get).await.unwrap();
    assert_eq!(single.calls().len(), 1);
}

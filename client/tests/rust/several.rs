//! Several tasks by their ids.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use v2024_sandbox::{Action, Fault, Operation, Options};
use v2024_task_management::events::{Observer, RequestEvent, RetryEvent};
use v2024_task_management::{ErrorKind, Finish, JsonPatch, TaskResults};

use crate::common::*;

fn patch() -> JsonPatch {
    JsonPatch::parse(r#"{"op":"replace","path":"/description","value":"seen"}"#).unwrap()
}

/// Each id with the status of its result.
async fn statuses(results: TaskResults) -> Vec<(String, u16)> {
    let status = |task: v2024_task_management::TaskResult| {
        let status = match &task.result {
            Ok(response) => Some(response.status()),
            Err(error) => error.status(),
        };
        (task.id, status.unwrap())
    };
    results.map(status).collect().await
}

/// Every request to `skip` others is held back for this long.
fn slow(operation: Operation, milliseconds: u64) -> Fault {
    Fault {
        operation,
        delay: milliseconds,
        ..fault(Action::Pass)
    }
}

#[tokio::test]
async fn results_come_in_the_order_of_the_ids() {
    let tenant = tenant().await;
    let some = tenant.sandbox.task_ids();
    let ids = vec![&some[0], &some[1], "none", &some[0], &some[2]];
    let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
    // The first response is the last to come.
    tenant.sandbox.fault(slow(Operation::Get, 200));
    let results = tenant.client.get_task_statuses(ids.clone(), 5).unwrap();
    let expected = [200, 200, 404, 200, 200];
    let expected: Vec<_> = ids.into_iter().zip(expected).collect();
    assert_eq!(statuses(results).await, expected);
    assert_eq!((tenant.calls().len(), tenant.token_requests()), (5, 1));
}

#[tokio::test]
async fn as_many_requests_are_on_their_way_as_were_asked_for() {
    let tenant = tenant().await;
    let ids = tenant.sandbox.task_ids();
    let first = format!("/v2024/task-status/{}", ids[0]);
    tenant.sandbox.fault(Fault {
        path: Some(first),
        ..slow(Operation::Get, 300)
    });
    let mut results = tenant.client.get_task_statuses(ids, 3).unwrap();
    let waiting = tokio::time::timeout(Duration::from_millis(150), results.next()).await;
    assert!(waiting.is_err());
    assert_eq!(tenant.calls().len(), 3);
    // Each result that is taken lets one request follow.
    for taken in 1..10 {
        assert!(results.next().await.unwrap().result.is_ok());
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(tenant.calls().len(), 3 + taken - 1);
    }
}

#[tokio::test]
async fn updates_one_by_one_and_at_once() {
    for (at_once, sent) in [(1, 1), (4, 4)] {
        let tenant = tenant().await;
        let mut ids = tenant.sandbox.task_ids();
        ids.truncate(6);
        let mut results = tenant
            .client
            .update_task_statuses(ids.clone(), patch(), at_once)
            .unwrap();
        let first = results.next().await.unwrap();
        let task: Value = first.result.unwrap().json().unwrap();
        assert_eq!((&first.id, &task["description"]), (&ids[0], &json!("seen")));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(tenant.calls().len(), sent);
        let rest = statuses(results).await;
        assert_eq!(
            rest,
            ids[1..]
                .iter()
                .map(|id| (id.clone(), 200))
                .collect::<Vec<_>>()
        );
        let requests = tenant.sandbox.requests();
        let mut patched: Vec<_> = requests
            .iter()
            .filter(|request| request.method == "PATCH")
            .map(|request| (request.path.as_str(), request.body.as_str()))
            .collect();
        patched.sort_unstable();
        let paths: Vec<_> = ids
            .iter()
            .map(|id| format!("/v2024/task-status/{id}"))
            .collect();
        let mut expected: Vec<_> = paths.iter().map(|path| (path.as_str(), patch())).collect();
        expected.sort_unstable_by_key(|(path, _)| *path);
        assert_eq!(patched.len(), expected.len());
        for ((path, body), (expected, patch)) in patched.into_iter().zip(expected) {
            assert_eq!((path, body), (expected, patch.as_str()));
        }
    }
}

#[tokio::test]
async fn a_task_that_is_given_twice_is_updated_once_at_a_time() {
    let tenant = tenant().await;
    let some = tenant.sandbox.task_ids();
    let twice = format!(" {} ", some[0].to_uppercase());
    let ids = vec![some[0].clone(), twice, some[1].clone()];
    tenant.sandbox.fault(slow(Operation::Update, 300));
    let mut results = tenant
        .client
        .update_task_statuses(ids.clone(), patch(), 3)
        .unwrap();
    let waiting = tokio::time::timeout(Duration::from_millis(150), results.next()).await;
    assert!(waiting.is_err());
    assert_eq!(tenant.calls().len(), 1);
    let found: Vec<_> = statuses(results).await;
    let found: Vec<_> = found.into_iter().map(|(id, _)| id).collect();
    assert_eq!(found, ids);
    assert_eq!(tenant.calls().len(), 3);
}

#[tokio::test]
async fn finishing_tries_nothing_again_and_begins_nothing() {
    let tenant = tenant().await;
    let mut ids = tenant.sandbox.task_ids();
    ids.truncate(4);
    let at = |index: usize| Some(format!("/v2024/task-status/{}", ids[index]));
    let refusal = reply_with(429, &[("retry-after", "60")], "{}");
    tenant.sandbox.fault(Fault {
        path: at(0),
        ..fault(refusal)
    });
    tenant.sandbox.fault(Fault {
        path: at(1),
        ..slow(Operation::Update, 500)
    });
    let finish = Finish::default();
    let mut results = tenant
        .client
        .update_task_statuses(ids.clone(), patch(), 2)
        .unwrap()
        .finished_by(&finish);
    let waiting = tokio::time::timeout(Duration::from_millis(250), results.next()).await;
    assert!(waiting.is_err());
    finish.finish();
    let refused = results.next().await.unwrap().result.unwrap_err();
    assert_eq!(refused.status(), Some(429));
    let words = "; not tried again: the call was told to send nothing more";
    assert!(refused.message().ends_with(words), "{refused}");
    assert_eq!(results.next().await.unwrap().result.unwrap().status(), 200);
    for _ in 2..4 {
        let error = results.next().await.unwrap().result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        let words = "the request was not sent: the call was told to send nothing more";
        assert_eq!(error.message(), words);
    }
    assert!(results.next().await.is_none());
    assert_eq!(tenant.calls().len(), 2);
}

#[tokio::test]
async fn bad_arguments_are_refused_before_any_request() {
    let tenant = tenant().await;
    let ids = || vec!["a".to_owned(), " ".to_owned()];
    for (refused, words) in [
        (
            tenant.client.get_task_statuses(ids(), 1),
            "the task id is empty",
        ),
        (
            tenant.client.update_task_statuses(ids(), patch(), 1),
            "the task id is empty",
        ),
        (
            tenant.client.get_task_statuses(Vec::new(), 0),
            "at_once is 0; it must be from 1 to 100",
        ),
        (
            tenant.client.update_task_statuses(Vec::new(), patch(), 101),
            "at_once is 101; it must be from 1 to 100",
        ),
    ] {
        let error = refused.err().unwrap();
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::InvalidArgument, words)
        );
    }
    let mut none = tenant.client.get_task_statuses(Vec::new(), 4).unwrap();
    assert!(none.next().await.is_none());
    assert_eq!(tenant.sandbox.requests(), []);
}

#[derive(Default)]
struct Noted(Mutex<Vec<String>>);

impl Noted {
    fn note(&self, what: &str, id: Option<&str>, status: Option<u16>) {
        let line = format!("{what} {} {status:?}", id.unwrap_or("-"));
        self.0.lock().unwrap().push(line);
    }
}

impl Observer for Noted {
    fn request(&self, event: &RequestEvent<'_>) {
        let status = event.result.ok().map(|response| response.status());
        self.note(event.method, event.id, status);
    }

    fn retry(&self, event: &RetryEvent<'_>) {
        self.note("retry", event.id, event.status);
    }
}

#[tokio::test]
async fn events_have_the_id_of_their_task() {
    let tenant = tenant_with(Options::default(), json!({ "RetryIntervalSeconds": 0 })).await;
    let some = tenant.sandbox.task_ids();
    let ids = vec![some[0].clone(), "none".to_owned(), some[1].clone()];
    tenant.sandbox.fault(Fault {
        path: Some("/v2024/task-status/none".to_owned()),
        ..fault(reply(503))
    });
    let mut results = tenant.client.get_task_statuses(ids, 3).unwrap();
    let noted = Noted::default();
    while results.next_observed(&noted).await.is_some() {}
    assert_eq!(
        noted.0.into_inner().unwrap(),
        [
            format!("POST {} Some(200)", some[0]),
            format!("GET {} Some(200)", some[0]),
            "GET none Some(503)".to_owned(),
            "retry none Some(503)".to_owned(),
            "GET none Some(404)".to_owned(),
            format!("GET {} Some(200)", some[1]),
        ]
    );
}

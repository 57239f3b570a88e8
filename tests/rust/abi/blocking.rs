//! Functions that block run on their callers' threads, with connections of their own.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use serde_json::json;
use v2024_sandbox::{Action, Body, Fault, Operation, Options, ReceivedRequest, Sandbox};

use super::{Client, Text};
use crate::common::fault;

/// An empty list on a connection that is kept alive by its words, and closed at once.
const CLOSING: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]";

/// Long enough for the end of a connection to arrive, short enough that no idle time has passed.
const A_MOMENT: Duration = Duration::from_millis(10);

/// Many callers at once, each of whose requests takes a while.
pub fn crowd(client: Client, callers: usize) {
    let start = Barrier::new(callers);
    thread::scope(|scope| {
        for _ in 0..callers {
            scope.spawn(|| {
                start.wait();
                let (status, result) = client.pending(None, None, None);
                assert_eq!(status, 200, "{result}");
            });
        }
    });
}

#[test]
fn an_update_does_not_go_out_on_a_connection_that_was_closed_meanwhile() {
    let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
    sandbox
        .set_tasks(r#"[{"id":"x","completed":null,"completionStatus":null}]"#)
        .unwrap();
    let client = Client::of(&sandbox, json!({ "MaximumRetryCount": 0 }));
    for _ in 0..20 {
        sandbox.fault(Fault {
            operation: Operation::List,
            ..fault(Action::Raw(Body::Text(CLOSING.into())))
        });
        assert_eq!(client.list(None, Text::NULL, Text::NULL).0, 200);
        thread::sleep(A_MOMENT);
        let (status, result) = client.update("x", "[]");
        assert_eq!(status, 200, "{result}");
    }
    let updates = sandbox
        .requests()
        .into_iter()
        .filter(|request| request.operation == Operation::Update);
    assert_eq!(updates.count(), 20);
    client.free();
}

#[test]
fn more_callers_at_once_than_there_are_runtimes() {
    const CALLERS: usize = 80;
    let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
    let client = Client::of(&sandbox, json!({}));
    sandbox.fault(Fault {
        times: 0,
        delay: 300,
        ..fault(Action::Pass)
    });
    crowd(client, CALLERS);
    let requests = sandbox.requests();
    assert_eq!(requests.len(), CALLERS + 1);
    let is_token = |request: &&ReceivedRequest| request.operation == Operation::Token;
    assert_eq!(requests.iter().filter(is_token).count(), 1);
    client.free();
}

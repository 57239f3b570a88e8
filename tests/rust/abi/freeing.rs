//! Freed twice, by another thread, in the middle of a call.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;
use v2024_sandbox::{Action, Fault, Operation, Options, Sandbox};

use super::cancel::until;
use super::{Call, Client, Next, code};
use crate::common::fault;

fn sandbox() -> Sandbox {
    Sandbox::start_blocking(Options::default()).unwrap()
}

fn slow(sandbox: &Sandbox) {
    sandbox.fault(Fault {
        operation: Operation::Api,
        times: 0,
        delay: 300,
        ..fault(Action::Pass)
    });
}

/// A client, and a call whose request was sent and gets no response.
fn waiting(sandbox: &Sandbox) -> (Client, Call) {
    sandbox.fault(Fault {
        operation: Operation::Api,
        ..fault(Action::Hang)
    });
    let client = Client::of(sandbox, json!({}));
    let call = client.start(&json!({"operation": "get_task_status", "id": "x"}));
    until("it is asked", || sandbox.requests().len() == 2);
    (client, call)
}

#[test]
fn freed_twice_and_used_after_that() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    let call = client.start(&json!({"operation": "get_pending_tasks"}));
    for _ in 0..3 {
        client.free();
    }
    // The call goes on without the client's handle.
    assert_eq!(call.message()["status"], 200);
    for _ in 0..3 {
        call.free();
    }
    assert_eq!(call.next(-1), Next::Over);
    call.cancel();

    let (status, result) = client.get("x");
    assert_eq!((status, code(&result)), (-1, "invalid_argument"));
    assert_eq!(
        result["error"]["message"],
        "the client is NULL or was freed"
    );
    let call = client.start(&json!({"operation": "get_pending_tasks"}));
    assert_eq!(
        call.message()["error"]["message"],
        "the client is NULL or was freed"
    );
    call.free();
    assert_eq!(sandbox.requests().len(), 2);
}

#[test]
fn a_client_is_not_a_call_nor_the_other_way_round() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    let call = client.start(&json!({"operation": "get_pending_tasks"}));
    let (as_call, as_client) = (Call(client.0.cast()), Client(call.0.cast()));
    as_call.cancel();
    as_call.free();
    assert_eq!(as_call.next(-1), Next::Over);
    as_client.free();
    assert_eq!(code(&as_client.get("x").1), "invalid_argument");
    assert_eq!(call.rest().len(), 1);
    call.free();
    assert_eq!(client.pending(None, None, None).0, 200);
    client.free();
}

#[test]
fn a_client_freed_in_the_middle_of_blocking_calls() {
    let sandbox = sandbox();
    slow(&sandbox);
    let client = Client::of(&sandbox, json!({}));
    thread::scope(|scope| {
        let callers: Vec<_> = (0..8)
            .map(|_| scope.spawn(move || client.list(Some(2), "", super::Text::NULL)))
            .collect();
        until("the calls are under way", || sandbox.requests().len() == 9);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(move || client.free());
            }
        });
        assert_eq!(code(&client.get("x").1), "invalid_argument");
        for caller in callers {
            let (status, result) = caller.join().unwrap();
            assert_eq!(status, 200, "{result}");
        }
    });
}

#[test]
fn a_call_freed_while_another_thread_waits_for_its_message() {
    let sandbox = sandbox();
    let (client, call) = waiting(&sandbox);
    thread::scope(|scope| {
        let waiting = scope.spawn(move || (call.next(-1), call.next(-1)));
        thread::sleep(Duration::from_millis(100));
        call.free();
        let (first, second) = waiting.join().unwrap();
        let Next::Message(message) = first else {
            panic!("{first:?}")
        };
        assert_eq!((code(&message), second), ("cancelled", Next::Over));
    });
    client.free();
}

#[test]
fn two_threads_wait_for_the_messages_of_one_call() {
    let sandbox = sandbox();
    let (client, call) = waiting(&sandbox);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let patient = scope.spawn(|| {
            let next = call.next(-1);
            done.store(true, Ordering::SeqCst);
            next
        });
        thread::sleep(Duration::from_millis(100));
        // The one that waits forever does not make the other wait.
        assert_eq!(call.next(50), Next::Running);
        assert!(!done.load(Ordering::SeqCst));
        call.cancel();
        let Next::Message(message) = patient.join().unwrap() else {
            panic!("no message")
        };
        assert_eq!(code(&message), "cancelled");
    });
    call.free();
    client.free();
}

//! Forks. Each happens in a process of its own, where no thread is at work but the library's: a lock
//! that a thread of the sandbox held at that moment would stay locked in the child forever.
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use v2024_sandbox::{Options, Sandbox};

use super::alone;
use super::{Call, Client, Next, Outcome, Text, code, version};

const WORDS: &str =
    "this process was forked from one that had used the library, whose threads it does not have";

/// Forks; the child does this and ends, and must do so within 20 s. Returns whether all was well.
fn in_a_child(work: impl FnOnce() -> bool) -> bool {
    // SAFETY: no thread holds a lock but the library's, and threads that are inside the library.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "no fork");
    if child == 0 {
        let good = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or(false);
        // SAFETY: ends the child at once; nothing of the parent's is cleaned up.
        unsafe { libc::_exit(if good { 7 } else { 8 }) };
    }
    let started = Instant::now();
    let mut status = 0;
    loop {
        // SAFETY: a child of this process, and a place for its status.
        let ended = unsafe { libc::waitpid(child, &mut status, libc::WNOHANG) };
        if ended == child {
            return libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 7;
        }
        if started.elapsed() > Duration::from_secs(20) {
            // SAFETY: the child is this process's own and has not been waited for.
            unsafe { libc::kill(child, libc::SIGKILL) };
            panic!("the child hangs");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn is_refusal((status, result): &Outcome) -> bool {
    *status == -1 && says_so(result)
}

fn says_so(result: &Value) -> bool {
    let good = code(result) == "invalid_argument"
        && result["error"]["message"] == WORDS
        && result["error"]["hint"]
            == "make the first client after the fork, or execute a new program";
    if !good {
        eprintln!("{result}");
    }
    good
}

/// In a child: whether each function with a result refuses, and each one without returns.
fn is_refused(client: Client, running: Call) -> bool {
    let (new, refusal) = Client::new("{}");
    let mut good = new.is_null() && is_refusal(&refusal);
    for outcome in [
        client.headers(None, None, None),
        client.pending(None, None, None),
        client.get("x"),
        client.list(None, Text::NULL, Text::NULL),
        client.update("x", "[]"),
        Client::NULL.get(Text::NULL),
    ] {
        good &= is_refusal(&outcome);
    }
    let call = client.start(&json!({"operation": "get_pending_tasks"}));
    good &= says_so(&call.message()) && call.next(-1) == Next::Over;
    good &= running.next(-1) == Next::Over;
    for call in [call, running] {
        call.cancel();
        call.free();
        call.free();
    }
    client.free();
    good && version() == v2024_task_management::VERSION
}

#[test]
fn after_the_first_client_a_child_is_refused_and_the_parent_goes_on() {
    let Some(client) = alone::client_if_alone() else {
        let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
        alone::run(
            "abi::process::after_the_first_client_a_child_is_refused_and_the_parent_goes_on",
            &sandbox,
        );
        // A token and the parent's three calls; nothing of the child's.
        assert_eq!(sandbox.requests().len(), 4);
        return;
    };
    // No request was made yet, and still the child is refused.
    assert!(in_a_child(|| is_refused(client, Call::NULL)));
    assert_eq!(client.pending(None, None, None).0, 200);
    let call = client.start(&json!({"operation": "get_pending_tasks"}));
    assert_eq!(call.message()["status"], 200);
    assert!(in_a_child(
        || is_refused(client, call) && in_a_child(|| is_refused(client, call))
    ));
    assert_eq!(call.next(-1), Next::Over);
    assert_eq!(client.pending(None, None, None).0, 200);
    client.free();
}

#[test]
fn a_parent_that_only_loaded_the_library_leaves_it_to_its_children() {
    let Some(settings) = alone::settings_if_alone() else {
        let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
        alone::run(
            "abi::process::a_parent_that_only_loaded_the_library_leaves_it_to_its_children",
            &sandbox,
        );
        // A token and two calls of each child's, and of the parent's.
        assert_eq!(sandbox.requests().len(), 9);
        return;
    };
    assert_eq!(version(), v2024_task_management::VERSION);
    assert_eq!(code(&Client::NULL.get("x").1), "invalid_argument");
    let works = || {
        let (client, (status, _)) = Client::new(settings.to_string());
        let call = client.start(&json!({"operation": "get_pending_tasks"}));
        let good = status == 0
            && client.pending(None, None, None).0 == 200
            && call.message()["status"] == 200;
        call.free();
        client.free();
        good
    };
    assert!(in_a_child(works));
    assert!(in_a_child(
        || works() && in_a_child(|| is_refused(Client::NULL, Call::NULL))
    ));
    assert!(works());
}

#[test]
fn a_child_is_refused_while_other_threads_are_inside_the_library() {
    let Some(client) = alone::client_if_alone() else {
        let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
        alone::run(
            "abi::process::a_child_is_refused_while_other_threads_are_inside_the_library",
            &sandbox,
        );
        return;
    };
    let settings = alone::settings_if_alone().unwrap();
    let call = client.start(&json!({"operation": "get_pending_tasks"}));
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for number in 0..3 {
            let (over, settings) = (&over, &settings);
            scope.spawn(move || {
                for round in 0.. {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    // New settings each time: what clients share is made under locks.
                    let mut settings = settings.clone();
                    settings["ConnectTimeoutSeconds"] = json!(1 + number * 10_000 + round);
                    let (client, (status, shown)) = Client::new(settings.to_string());
                    assert_eq!(status, 0, "{shown}");
                    client
                        .start(&json!({"operation": "get_pending_tasks"}))
                        .free();
                    client.get("x");
                    client.free();
                }
            });
        }
        let refused = (0..30)
            .filter(|_| in_a_child(|| is_refused(client, call)))
            .count();
        over.store(true, Ordering::Relaxed);
        assert_eq!(refused, 30);
    });
    assert_eq!(client.pending(None, None, None).0, 200);
    call.free();
    client.free();
}

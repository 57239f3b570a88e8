//! Forks. Each happens in a process of its own, for only one without other threads at work can
//! be forked safely.
#![allow(unsafe_code)]

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;
use v2024_sandbox::{Options, Sandbox};

use super::{Client, Next, code};

const ROLE: &str = "V2024_TEST_FORK";

/// Runs the test of this name once more, alone in a new process that has the role to fork.
fn alone(test: &str) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", test])
        .env(ROLE, "1")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn is_alone() -> bool {
    std::env::var_os(ROLE).is_some()
}

/// Forks; the child does this and ends, and must do so within 20 s. Gives whether all was well.
fn in_a_child(work: impl FnOnce() -> bool) -> bool {
    // SAFETY: no other thread of this process is at work, so no lock is held across the fork.
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
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn after_the_first_call_a_child_is_refused_and_the_parent_goes_on() {
    if !is_alone() {
        return alone(
            "abi::process::after_the_first_call_a_child_is_refused_and_the_parent_goes_on",
        );
    }
    const WORDS: &str = "this process was forked from one that had used the library, whose threads it does not have";
    let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
    let client = Client::of(&sandbox, json!({}));
    assert_eq!(client.pending(None, None, None).0, 200);
    let before = client.start(&json!({"operation": "get_pending_tasks"}));
    assert_eq!(before.message()["status"], 200);
    sandbox.clear_requests();

    let refused = in_a_child(|| {
        let (status, envelope) = client.get("x");
        let call = client.start(&json!({"operation": "get_pending_tasks"}));
        let message = call.message();
        let good = (status, code(&envelope)) == (-1, "invalid_argument")
            && envelope["error"]["message"] == WORDS
            && envelope["error"]["hint"]
                == "make the first call after the fork, or execute a new program"
            && message["error"]["message"] == WORDS
            && call.next(-1) == Next::Over
            && before.next(-1) == Next::Over;
        call.cancel();
        call.free();
        client.free();
        if !good {
            eprintln!("{status} {envelope} {message}");
        }
        good
    });
    assert!(refused);
    assert_eq!(sandbox.requests(), []);
    assert_eq!(before.next(-1), Next::Over);
    assert_eq!(client.pending(None, None, None).0, 200);
    client.free();
}

#[test]
fn before_the_first_call_a_child_is_free_to_make_it() {
    if !is_alone() {
        return alone("abi::process::before_the_first_call_a_child_is_free_to_make_it");
    }
    let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
    let client = Client::of(&sandbox, json!({}));
    let ask = || client.pending(None, None, None).0 == 200;
    assert!(in_a_child(ask));
    assert!(ask());
    assert_eq!(sandbox.requests().len(), 4);
    client.free();
}

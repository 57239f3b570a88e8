//! Forks. Each happens in a process of its own, where no thread is at work but the library's: a
//! lock that a thread of the sandbox held at that moment would stay locked in the child for ever.
#![allow(unsafe_code)]

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;
use v2024_sandbox::{Options, Sandbox};

use super::{Client, Next, code, settings};

/// Where the process that forks finds the settings of its client.
const SETTINGS: &str = "V2024_TEST_FORK_SETTINGS";

/// Runs the test of this name once more, in a new process that has only a client of this sandbox.
fn alone(test: &str, sandbox: &Sandbox) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "--test-threads=1", test])
        .env(SETTINGS, settings(sandbox, json!({})).to_string())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// In that process: its client.
fn client_if_alone() -> Option<Client> {
    let settings = std::env::var(SETTINGS).ok()?;
    let (client, (status, shown)) = Client::new(settings);
    assert_eq!(status, 0, "{shown}");
    Some(client)
}

/// Forks; the child does this and ends, and must do so within 20 s. Gives whether all was well.
fn in_a_child(work: impl FnOnce() -> bool) -> bool {
    // SAFETY: no other thread of this process holds a lock: at most the library's are there, at rest.
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
    const WORDS: &str = "this process was forked from one that had used the library, whose threads it does not have";
    let Some(client) = client_if_alone() else {
        let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
        alone(
            "abi::process::after_the_first_call_a_child_is_refused_and_the_parent_goes_on",
            &sandbox,
        );
        // A token and the parent's three calls; nothing of the child's.
        assert_eq!(sandbox.requests().len(), 4);
        return;
    };
    assert_eq!(client.pending(None, None, None).0, 200);
    let before = client.start(&json!({"operation": "get_pending_tasks"}));
    assert_eq!(before.message()["status"], 200);

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
    assert_eq!(before.next(-1), Next::Over);
    assert_eq!(client.pending(None, None, None).0, 200);
    client.free();
}

#[test]
fn before_the_first_call_a_child_is_free_to_make_it() {
    let Some(client) = client_if_alone() else {
        let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
        alone(
            "abi::process::before_the_first_call_a_child_is_free_to_make_it",
            &sandbox,
        );
        // A token and a call of the child's, and of the parent's.
        assert_eq!(sandbox.requests().len(), 4);
        return;
    };
    let ask = || client.pending(None, None, None).0 == 200;
    assert!(in_a_child(ask));
    assert!(ask());
    client.free();
}

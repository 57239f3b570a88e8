//! File descriptors: what a crowd of callers leaves behind, and what happens when none is left.

use std::fs::{File, read_dir};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use v2024_sandbox::{Action, Fault, Operation, Options, Sandbox};

use super::blocking::crowd;
use super::{alone, code};
use crate::common::fault;

/// Callers at the same time.
const CALLERS: usize = 60;

/// Descriptors of a runtime in this program, whose tokio handles signals too: one fewer in the library.
const RUNTIME: usize = 4;

/// What the first runtime opens for all, and the worker's own.
const WORKER: usize = 2 + RUNTIME;

fn open_descriptors() -> usize {
    read_dir("/proc/self/fd").unwrap().count()
}

fn until_open(most: usize, within: Duration) {
    let started = Instant::now();
    while open_descriptors() > most {
        assert!(
            started.elapsed() < within,
            "more than {most} descriptors are open: {:?}",
            read_dir("/proc/self/fd")
                .unwrap()
                .flatten()
                .map(|fd| std::fs::read_link(fd.path()))
                .collect::<Vec<_>>()
        );
        thread::sleep(Duration::from_millis(100));
    }
}

fn slow_sandbox() -> Sandbox {
    let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
    sandbox.fault(Fault {
        operation: Operation::Pending,
        times: 0,
        delay: 500,
        ..fault(Action::Pass)
    });
    sandbox
}

#[test]
fn what_a_crowd_used_is_closed_within_a_minute() {
    let Some(client) = alone::client_if_alone() else {
        alone::run(
            "abi::resources::what_a_crowd_used_is_closed_within_a_minute",
            &slow_sandbox(),
        );
        return;
    };
    let before = open_descriptors();
    crowd(client, CALLERS);
    // Each of them has a connection and what its runtime waits with.
    let most = open_descriptors();
    assert!(most > before + 3 * CALLERS, "only {most}");
    // Four stay, with a connection each.
    until_open(before + 4 * (RUNTIME + 1) + WORKER, Duration::from_secs(60));
    assert_eq!(client.pending(None, None, None).0, 200);
    client.free();
    until_open(before + WORKER, Duration::from_secs(60));
}

fn limit_descriptors() {
    let limit = libc::rlimit {
        rlim_cur: 256,
        rlim_max: 256,
    };
    // SAFETY: a limit to read.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) }, 0);
}

/// Takes every descriptor that is left.
fn open_all() -> Vec<File> {
    std::iter::from_fn(|| File::open("/dev/null").ok()).collect()
}

#[test]
fn without_descriptors_calls_fail_and_with_them_they_work_again() {
    let Some(client) = alone::client_if_alone() else {
        let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
        alone::run(
            "abi::resources::without_descriptors_calls_fail_and_with_them_they_work_again",
            &sandbox,
        );
        // A token and the two calls that worked.
        assert_eq!(sandbox.requests().len(), 3);
        return;
    };
    limit_descriptors();
    for _ in 0..2 {
        let _files = open_all();
        let (status, result) = client.pending(None, None, None);
        assert_eq!((status, code(&result)), (-10, "resources"), "{result}");
        let call = client.start(&json!({"operation": "get_pending_tasks"}));
        let messages = call.rest();
        call.free();
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert_eq!(code(&messages[0]), "resources");
        for result in [&result, &messages[0]] {
            assert_eq!(
                result["error"]["message"],
                "the system has nothing left for this call to run on: Too many open files (os error 24)"
            );
            assert_eq!(
                result["error"]["hint"],
                "close what the program holds open, or raise the limit of open files (ulimit -n)"
            );
        }
    }
    let call = client.start(&json!({"operation": "get_pending_tasks"}));
    assert_eq!(call.message()["status"], 200);
    call.free();
    assert_eq!(client.pending(None, None, None).0, 200);
    client.free();
}

#[test]
fn a_socket_that_cannot_be_made_is_a_lack_of_resources() {
    let Some(client) = alone::client_if_alone() else {
        let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
        alone::run(
            "abi::resources::a_socket_that_cannot_be_made_is_a_lack_of_resources",
            &sandbox,
        );
        // A token and the call that worked.
        assert_eq!(sandbox.requests().len(), 2);
        return;
    };
    // In this program tokio handles signals too, and panics without a socket of its own for them.
    drop(
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap(),
    );
    limit_descriptors();
    let mut files = open_all();
    // At first none is left for a runtime; with one more at a time, none for a socket.
    let result = loop {
        let (status, result) = client.pending(None, None, None);
        assert_eq!((status, code(&result)), (-10, "resources"), "{result}");
        let message = result["error"]["message"].as_str().unwrap();
        if message.starts_with("cannot connect to http://127.0.0.1:") {
            break result;
        }
        files.pop().unwrap();
    };
    let message = result["error"]["message"].as_str().unwrap();
    assert!(
        message.ends_with(": Too many open files (os error 24); tried 4 times"),
        "{message}"
    );
    assert_eq!(
        result["error"]["hint"],
        "close what the program holds open, or raise the limit of open files (ulimit -n)"
    );
    drop(files);
    assert_eq!(client.pending(None, None, None).0, 200);
    client.free();
}

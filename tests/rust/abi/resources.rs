//! File descriptors: what a crowd of callers leaves behind, and what happens when none is left.

use std::fs::{File, read_dir};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use v2024_sandbox::{Action, Fault, Operation, Options, Sandbox};

use super::{Client, alone, code};
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

/// Many callers at once, each of whose requests takes a while.
fn crowd(client: Client) {
    let start = Barrier::new(CALLERS);
    thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                start.wait();
                let (status, result) = client.pending(None, None, None);
                assert_eq!(status, 200, "{result}");
            });
        }
    });
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
    for fd in read_dir("/proc/self/fd").unwrap().flatten() {
        println!("{:?} {:?}", fd.path(), std::fs::read_link(fd.path()));
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
    crowd(client);
    // Each of them has a connection and what its runtime waits with.
    let most = open_descriptors();
    assert!(most > before + 3 * CALLERS, "only {most}");
    // Four stay, with a connection each.
    until_open(before + 4 * (RUNTIME + 1) + WORKER, Duration::from_secs(60));
    assert_eq!(client.pending(None, None, None).0, 200);
    client.free();
    until_open(before + WORKER, Duration::from_secs(60));
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
    let limit = libc::rlimit {
        rlim_cur: 256,
        rlim_max: 256,
    };
    // SAFETY: a limit to read.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) }, 0);
    for _ in 0..2 {
        let mut files = Vec::new();
        while let Ok(file) = File::open("/dev/null") {
            files.push(file);
        }
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

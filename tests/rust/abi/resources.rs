//! What happens when no file descriptor is left.
#![allow(unsafe_code)]

use std::fs::File;

use serde_json::json;
use v2024_sandbox::{Options, Sandbox};

use super::{alone, code};

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

//! Every fault on every operation from C, under valgrind.

use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;
use v2024_sandbox::{Action, Fault, Operation, Options, Sandbox};

use crate::common::{fault, reply, reply_with};

/// A fault, and the statuses that follow from it without retries: of the five operations, and of
/// a client that asks for its token where the fault is.
type Row = (String, Action, [i32; 6]);

fn table() -> Vec<Row> {
    let all = |status| [status; 6];
    let html = &[("Content-Type", "text/html")];
    let slow = Action::SlowBody {
        bytes: 100,
        delay: 1,
    };
    let surrogates = r#"{"a":"\ud800\u0000"}"#;
    let elsewhere = [("Location", "http://127.0.0.1:1/")];
    let rows = [
        // Where there is no fault there is no token either.
        ("pass", Action::Pass, [200, 200, 200, 200, 200, 404]),
        ("slow", slow, [200, 200, 200, 200, 200, 404]),
        (
            "expire",
            Action::ExpireTokens,
            [401, 401, 401, 401, 401, 404],
        ),
        ("drop", Action::Drop, all(-4)),
        ("drop_early", Action::DropEarly, all(-4)),
        ("reset", Action::Reset, all(-4)),
        ("raw", Action::Raw("SSH-2.0-x\r\n\r\n".into()), all(-4)),
        ("hang", Action::Hang, all(-6)),
        // The answer to HEAD has no body that could be cut off.
        ("truncate", Action::Truncate, [200, -8, -8, -8, -8, -8]),
        (
            "html",
            reply_with(200, html, "<html>"),
            [200, -8, -8, -8, -8, -3],
        ),
        // Nothing pending, and an update that tells nothing, are answers too.
        (
            "empty",
            reply_with(200, &[], ""),
            [200, 200, -8, -8, 200, -3],
        ),
        (
            "surrogates",
            reply_with(200, &[], surrogates),
            [200, 200, 200, 200, 200, -3],
        ),
        (
            "not_utf8",
            Action::respond(200, [], vec![b'"', 0xff, b'"']),
            [200, -8, -8, -8, -8, -3],
        ),
        ("redirect", reply_with(302, &elsewhere, ""), all(302)),
        (
            "limit",
            reply_with(429, &[("Retry-After", "0")], ""),
            all(429),
        ),
    ];
    let refusals = [400, 401, 403].map(|status| {
        let mut expected = all(i32::from(status));
        expected[5] = -3;
        (status.to_string(), reply(status), expected)
    });
    let others = [404, 500, 502, 503, 504]
        .map(|status| (status.to_string(), reply(status), all(i32::from(status))));
    rows.map(|(name, action, expected)| (name.to_owned(), action, expected))
        .into_iter()
        .chain(refusals)
        .chain(others)
        .collect()
}

#[test]
fn every_fault_under_valgrind() {
    let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
    let task = json!([{"id": "x", "description": "", "created": "2025-01-02T03:04:05Z", "completionStatus": null}]);
    sandbox.set_tasks(&task.to_string()).unwrap();
    let table = table();
    let mut lines = String::new();
    for (index, (name, action, expected)) in (0..).zip(&table) {
        for (operation, times) in [
            (Operation::PendingHeaders, 1),
            (Operation::Pending, 1),
            (Operation::Get, 2),
            (Operation::List, 1),
            (Operation::Update, 1),
        ] {
            sandbox.fault(Fault {
                operation,
                skip: index * times,
                times,
                ..fault(action.clone())
            });
        }
        sandbox.fault(Fault {
            operation: Operation::All,
            path: Some(format!("/token/{name}")),
            times: 0,
            ..fault(action.clone())
        });
        let expected = expected.map(|status| status.to_string());
        lines.push_str(&format!("{name} {}\n", expected.join(" ")));
    }
    println!("{lines}");

    // What cargo built beside this program, under the name that the linker looks for and the one
    // that the loader may.
    let built = std::env::current_exe().unwrap();
    let built = built.parent().unwrap().join("libv2024_task_management.so");
    let folder = tempfile::tempdir().unwrap();
    for name in ["libv2024_task_management.so", env!("V2024_SONAME")] {
        symlink(&built, folder.path().join(name)).unwrap();
    }
    let program = folder.path().join("faults");
    run(
        Command::new("cc")
            .args(["-std=c11", "-g", "-Wall", "-Wextra", "-Werror", "-pedantic"])
            .args(["-Iinclude", "tests/c/faults.c", "-o"])
            .arg(&program)
            .arg("-L")
            .arg(folder.path())
            .arg("-lv2024_task_management")
            .current_dir(env!("CARGO_MANIFEST_DIR")),
        "",
    );
    let said = run(&mut valgrind(&program, folder.path(), &sandbox), &lines);
    println!("{said}");
    // Each request was made once, and nothing but these.
    let count = |operation| {
        let requests = sandbox.requests();
        requests
            .iter()
            .filter(|request| request.operation == operation)
            .count()
    };
    assert_eq!(count(Operation::Get), 2 * table.len());
    for operation in [
        Operation::PendingHeaders,
        Operation::Pending,
        Operation::List,
        Operation::Update,
    ] {
        assert_eq!(count(operation), table.len(), "{operation:?}");
    }
}

fn valgrind(program: &Path, library: &Path, sandbox: &Sandbox) -> Command {
    let mut command = Command::new("valgrind");
    command
        .args(["--quiet", "--error-exitcode=99", "--leak-check=full"])
        // The library's threads live until the process ends: their stacks are not leaks.
        .args([
            "--show-leak-kinds=definite,indirect",
            "--errors-for-leak-kinds=definite,indirect",
        ])
        .arg(program)
        .args([
            sandbox.base_url(),
            sandbox.client_id(),
            sandbox.client_secret(),
        ])
        .env("LD_LIBRARY_PATH", library);
    command
}

/// Runs a program with this input; gives what it said. It must end well.
fn run(command: &mut Command, input: &str) -> String {
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{command:?} does not start (Debian: apt-get install gcc valgrind): {error}")
        });
    let mut stdin = process.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}: {said}{complained}",
        output.status
    );
    said
}

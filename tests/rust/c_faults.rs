//! C programs that meet every fault: on every operation under valgrind, and resets with default signals.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use socket2::SockRef;
use tempfile::TempDir;
use v2024_sandbox::{Action, Fault, Operation, Options, Sandbox, Tls};

use crate::common::{fault, reply, reply_with, settings_json};

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
    let surrogates = r#"{"id":"x","a":"\ud800\u0000"}"#;
    let surrogate_rows = r#"[{"id":"x","a":"\ud800\u0000"}]"#;
    let elsewhere = [("Location", "http://127.0.0.1:1/")];
    let rows = [
        // Without a fault, the token's address is not found.
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
        // The response to HEAD has no body that could be cut off.
        ("truncate", Action::Truncate, [200, -8, -8, -8, -8, -8]),
        (
            "html",
            reply_with(200, html, "<html>"),
            [200, -8, -8, -8, -8, -3],
        ),
        // An empty response means that nothing is pending, or that an update was made.
        (
            "empty",
            reply_with(200, &[], ""),
            [200, 200, -8, -8, 200, -3],
        ),
        (
            "surrogates",
            reply_with(200, &[], surrogates),
            [200, -8, 200, -8, 200, -3],
        ),
        (
            "surrogate_rows",
            reply_with(200, &[], surrogate_rows),
            [200, 200, -8, 200, -8, -3],
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

    let folder = tempfile::tempdir().unwrap();
    let program = compile("faults", &folder);
    let mut command = valgrind(&program, folder.path());
    command.args([
        sandbox.base_url(),
        sandbox.client_id(),
        sandbox.client_secret(),
    ]);
    let said = run(&mut command, &lines);
    println!("{said}");
    // Each request was made once, and there was no other.
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

/// Where a tenant resets its connections.
struct Resets {
    settings: Value,
    /// Serves until the test ends.
    _sandbox: Sandbox,
}

impl Resets {
    /// This happens at each API request.
    fn at(action: Action, ca: Option<&Path>) -> Self {
        let sandbox = sandbox(ca);
        sandbox.fault(Fault {
            times: 0,
            ..fault(action)
        });
        Self {
            settings: settings(&sandbox, sandbox.base_url(), ca),
            _sandbox: sandbox,
        }
    }

    /// Each connection for an API request is reset after so many bytes and this response to them.
    fn after(bytes: usize, response: &'static [u8], ca: Option<&Path>) -> Self {
        let sandbox = sandbox(ca);
        let scheme = if ca.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", resetting_server(bytes, response));
        Self {
            settings: settings(&sandbox, &url, ca),
            _sandbox: sandbox,
        }
    }
}

/// A tenant; with https, its authority's certificate is in this file.
fn sandbox(ca: Option<&Path>) -> Sandbox {
    let sandbox = Sandbox::start_blocking(Options {
        tls: ca.map(|_| Tls::default()),
        ..Options::default()
    })
    .unwrap();
    if let Some(file) = ca {
        std::fs::write(file, sandbox.ca_pem().unwrap()).unwrap();
    }
    sandbox
}

/// Tokens come from the sandbox, the rest from this address. Each request is made once.
fn settings(sandbox: &Sandbox, base_url: &str, ca: Option<&Path>) -> Value {
    settings_json(
        sandbox,
        json!({
            "BaseUrl": base_url,
            "TokenUrl": format!("{}/oauth/token", sandbox.base_url()),
            "CertificateAuthority": ca,
            "MaximumRetryCount": 0,
            "TimeoutSeconds": 20,
        }),
    )
}

/// Resets each connection after so many bytes and this response; returns its address.
fn resetting_server(bytes: usize, response: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serve = move |mut stream: TcpStream| {
        let mut left = bytes;
        let mut buffer = vec![0; 1 << 16];
        while left > 0 {
            let read = stream.read(&mut buffer[..left.min(1 << 16)]).unwrap_or(0);
            // What reads has no body, and so fewer bytes than an update.
            left -= if read == 0 || buffer.starts_with(b"GET") {
                left
            } else {
                read
            };
        }
        _ = stream.write_all(response);
        let immediately = Some(std::time::Duration::ZERO);
        SockRef::from(&stream).set_linger(immediately).unwrap();
    };
    thread::spawn(move || listener.incoming().flatten().for_each(serve));
    address
}

#[test]
fn c43_resets_in_every_phase_with_default_signals() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile("resets", &folder);
    let ca = folder.path().join("ca.pem");
    let cut = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[";
    let secure = Some(ca.as_path());
    type Phase<'a> = (&'a str, &'a dyn Fn() -> Resets, &'a str);
    // "http": the sandbox refuses an update of 8 MB once it has read it.
    // One after the other: each https tenant writes the certificate of an authority of its own.
    let phases: [Phase; 11] = [
        ("http, at once", &|| Resets::after(0, b"", None), "connect"),
        (
            "http, within the head",
            &|| Resets::after(20, b"", None),
            "connect",
        ),
        (
            "http, within an update",
            &|| Resets::after(3_000_000, b"", None),
            "connect",
        ),
        (
            "http, after the head",
            &|| Resets::at(Action::DropEarly, None),
            "connect",
        ),
        (
            "http, after the request",
            &|| Resets::at(Action::Reset, None),
            "connect http",
        ),
        // An update still sends when the response comes, which may be lost by the reset.
        (
            "http, within the response",
            &|| Resets::after(100, cut, None),
            "connect invalid_response",
        ),
        (
            "https, at once",
            &|| Resets::after(0, b"", secure),
            "connect",
        ),
        (
            "https, within the handshake",
            &|| Resets::after(100, b"", secure),
            "connect",
        ),
        (
            "https, after the head",
            &|| Resets::at(Action::DropEarly, secure),
            "connect",
        ),
        (
            "https, after the request",
            &|| Resets::at(Action::Reset, secure),
            "connect http",
        ),
        (
            "https, within the response",
            &|| Resets::at(Action::Truncate, secure),
            "connect http invalid_response",
        ),
    ];
    for (name, start, codes) in phases {
        println!("{name}");
        let resets = start();
        let settings = resets.settings.to_string();
        for (rounds, mut command) in [
            ("10", with_library(Command::new(&program), folder.path())),
            ("1", memory_only(&program, folder.path())),
        ] {
            println!("{}", run(command.args([rounds, &settings, codes]), ""));
        }
    }
}

/// Compiles a program of `tests/c` with the library that cargo built next to this program.
fn compile(name: &str, folder: &TempDir) -> PathBuf {
    let built = std::env::current_exe().unwrap();
    let built = built.parent().unwrap().join("libv2024_task_management.so");
    // Under the name that the linker looks for, and the one that the loader does.
    for name in ["libv2024_task_management.so", env!("V2024_SONAME")] {
        symlink(&built, folder.path().join(name)).unwrap();
    }
    let program = folder.path().join(name);
    run(
        Command::new("cc")
            .args(["-std=c11", "-g", "-Wall", "-Wextra", "-Werror", "-pedantic"])
            .args(["-Iinclude", &format!("tests/c/{name}.c"), "-o"])
            .arg(&program)
            .arg("-L")
            .arg(folder.path())
            .arg("-lv2024_task_management")
            .current_dir(env!("CARGO_MANIFEST_DIR")),
        "",
    );
    program
}

fn with_library(mut command: Command, folder: &Path) -> Command {
    command.env("LD_LIBRARY_PATH", folder);
    command
}

fn valgrind(program: &Path, folder: &Path) -> Command {
    checked(&[], program, folder)
}

/// Without looking at uninitialized values: valgrind takes what ring decrypts for such.
fn memory_only(program: &Path, folder: &Path) -> Command {
    checked(&["--undef-value-errors=no"], program, folder)
}

fn checked(options: &[&str], program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("valgrind");
    command
        .args(options)
        .args(["--quiet", "--error-exitcode=99", "--leak-check=full"])
        // The library's threads live until the process ends: their stacks are not leaks.
        .args([
            "--show-leak-kinds=definite,indirect",
            "--errors-for-leak-kinds=definite,indirect",
        ])
        .arg(program);
    with_library(command, folder)
}

/// Runs a program with this input and returns its output. It must succeed.
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

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::json;
use v2024_sandbox::Rules;

use crate::client::{Response, http};

/// The running program and the line it printed.
struct Program(Child, String);

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_v2024-sandbox"))
            .args(["--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self(child, line)
    }

    /// The value of a variable in a line for sh.
    fn variable(&self, name: &str) -> &str {
        self.1
            .split_whitespace()
            .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
            .unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test]
async fn one_line_points_a_client_at_the_tenant() {
    let program = Program::start(&[
        "--tasks",
        "300",
        "--pending",
        "7",
        "--rate",
        "2/10",
        "--token-seconds",
        "60",
        "--latency",
        "50",
    ]);
    let start = Instant::now();
    let (export, words) = program.1.split_once(' ').unwrap();
    assert_eq!(export, "export");
    let names: Vec<&str> = words
        .split_whitespace()
        .map(|word| word.split_once('=').unwrap().0)
        .collect();
    assert_eq!(
        names,
        ["SAIL_BASE_URL", "SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET"]
    );
    let http = http();
    let url = program.variable("SAIL_BASE_URL");
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", program.variable("SAIL_CLIENT_ID")),
        ("client_secret", program.variable("SAIL_CLIENT_SECRET")),
    ];
    let token = Response::read(
        http.post(format!("{url}/oauth/token"))
            .form(&form)
            .send()
            .await
            .unwrap(),
    )
    .await
    .json();
    assert_eq!(token["expires_in"], 60);
    let mut seen = Vec::new();
    for path in [
        "/task-status?count=true",
        "/task-status/pending-tasks?count=true",
        "/task-status",
    ] {
        let request = http
            .get(format!("{url}/v2024{path}"))
            .bearer_auth(token["access_token"].as_str().unwrap());
        let response = Response::read(request.send().await.unwrap()).await;
        seen.push((
            response.status,
            response.header("x-total-count").map(str::to_owned),
        ));
    }
    assert_eq!(
        seen,
        [
            (200, Some("300".into())),
            (200, Some("7".into())),
            (429, None)
        ]
    );
    assert!(start.elapsed() >= Duration::from_millis(4 * 50));
}

#[tokio::test]
async fn the_lists_can_be_disturbed_from_the_start() {
    let program = Program::start(&[
        "--cap",
        "100",
        "--drop",
        "0.3",
        "--hide",
        "0.003",
        "--shuffle",
        "20",
        "--modify",
        "1",
        "--end",
        "2",
        "--grow",
        "3",
        "--odd-ids",
        "0.1",
        "--sorter-error",
        "--no-total",
    ]);
    let url = format!("{}/sandbox/rules", program.variable("SAIL_BASE_URL"));
    let rules = Response::read(http().get(url).send().await.unwrap())
        .await
        .json();
    assert_eq!(
        rules["disturbances"],
        json!({
            "seed": 0, "cap": 100, "drop": 0.3, "hide": 0.003, "shuffle": 20, "modify": 1, "end": 2, "grow": 3,
            "odd_ids": {"number": 0.1, "null": 0.1, "missing": 0.1},
        })
    );
    assert_eq!(
        (&rules["sorter_error"], &rules["no_total"]),
        (&json!(true), &json!(true))
    );
}

#[tokio::test]
async fn without_options_nothing_is_disturbed() {
    let program = Program::start(&[]);
    let url = format!("{}/sandbox/rules", program.variable("SAIL_BASE_URL"));
    let rules = Response::read(http().get(url).send().await.unwrap())
        .await
        .json();
    let expected = serde_json::to_value(Rules::default()).unwrap();
    assert_eq!(rules, expected);
}

#[test]
fn the_line_can_be_for_powershell() {
    let program = Program::start(&["--powershell"]);
    let line = program.1.trim_end();
    assert!(
        line.starts_with("$env:SAIL_BASE_URL = 'http://127.0.0.1:"),
        "{line}"
    );
    assert!(line.contains("'; $env:SAIL_CLIENT_ID = '"), "{line}");
    assert!(line.ends_with('\''), "{line}");
}

#[test]
fn with_tls_the_line_names_the_authority() {
    let folder = std::env::temp_dir().join(format!("v2024 sandbox {}", std::process::id()));
    let program = Program::start(&[
        "--tls",
        "--tls-folder",
        folder.to_str().unwrap(),
        "--tls-version",
        "1.2",
    ]);
    assert!(
        program
            .variable("SAIL_BASE_URL")
            .starts_with("https://127.0.0.1:")
    );
    let file = folder.join("ca.pem");
    assert!(
        program
            .1
            .trim_end()
            .ends_with(&format!("SSL_CERT_FILE='{}'", file.display())),
        "{}",
        program.1
    );
    assert!(
        fs::read_to_string(&file)
            .unwrap()
            .starts_with("-----BEGIN CERTIFICATE-----")
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn wrong_arguments_are_reported_on_stderr() {
    for (arguments, message) in [
        (
            &["--rate", "100"][..],
            "`100` is not a rate; write requests/seconds, such as 100/10",
        ),
        (&["--tls-folder", "x"], "--tls"),
        (&["--progress", "-1"], "unexpected argument '-1'"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_v2024-sandbox"))
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(output.stdout, b"");
        assert!(
            String::from_utf8(output.stderr).unwrap().contains(message),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_port_that_is_in_use_is_reported() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_v2024-sandbox"))
        .args(["--port", &port])
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    let start = format!("v2024-sandbox: cannot listen on 127.0.0.1:{port}: ");
    let (reason, advice) = message.split_once('\n').unwrap();
    assert!(reason.starts_with(&start), "{message}");
    assert_eq!(
        advice,
        "Another program has that port. Choose one with --port; --port 0 takes a free one.\n"
    );
    assert_eq!((output.status.code(), output.stdout), (Some(1), vec![]));
}

/// Pasted into a shell, the line reaches the programs that it starts.
#[cfg(unix)]
#[test]
fn the_line_works_in_a_shell() {
    let program = Program::start(&[]);
    let script = format!("{}\nsh -c 'echo $SAIL_BASE_URL'", program.1);
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().trim_end(),
        program.variable("SAIL_BASE_URL")
    );
}

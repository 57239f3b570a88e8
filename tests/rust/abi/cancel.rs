//! A call can be cancelled wherever it waits.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use socket2::{Domain, Socket, Type};
use v2024_sandbox::{Action, Fault, Operation, Options, Sandbox, Tls};

use super::{Call, Client, Next, code};
use crate::common::{fault, reply, reply_with};

/// Much shorter than the faults last, and longer than a busy machine needs.
const BOUND: Duration = Duration::from_secs(5);

/// Longer than any test: a retry, an interval or a body that never comes.
const FOREVER: u32 = 80_000;

fn sandbox() -> Sandbox {
    Sandbox::start_blocking(Options::default()).unwrap()
}

fn patient(sandbox: &Sandbox, more: Value) -> Client {
    let mut settings = json!({ "TimeoutSeconds": FOREVER, "ConnectTimeoutSeconds": FOREVER });
    let members = settings.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    Client::of(sandbox, settings)
}

fn get() -> Value {
    json!({"operation": "get_task_status", "id": "x"})
}

fn hit(operation: Operation, action: Action) -> Fault {
    Fault {
        operation,
        ..fault(action)
    }
}

/// Waits until a condition holds, and a moment longer for what follows it.
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !so() {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "waited in vain until {what}"
        );
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(Duration::from_millis(50));
}

/// Cancels a running call: an error, then nothing more.
fn cancelled(phase: &str, call: Call) {
    assert_eq!(call.next(0), Next::Running, "{phase}");
    let started = Instant::now();
    call.cancel();
    let message = call.message();
    let took = started.elapsed();
    println!("cancelled while {phase}: {took:?}");
    assert_eq!(
        message,
        json!({"kind": "response", "error": {"code": "cancelled", "message": "the call was cancelled"}}),
        "{phase}"
    );
    assert_eq!(call.next(-1), Next::Over, "{phase}");
    assert!(took < BOUND, "{phase}: {took:?}");
    call.free();
}

/// The next call on the same client gets its response.
fn goes_on(client: Client) {
    let (status, result) = client.pending(None, Some(1), None);
    assert_eq!(status, 200, "{result}");
    client.free();
}

#[cfg(target_os = "linux")]
#[test]
fn while_the_name_is_looked_up() {
    use super::resolver;
    let sandbox = sandbox();
    let base_url = sandbox.base_url().replace("127.0.0.1", resolver::NAME);
    let client = patient(&sandbox, json!({ "BaseUrl": base_url, "AllowHttp": true }));
    resolver::hang();
    let call = client.start(&get());
    until("the name is looked up", || resolver::waiting() > 0);
    cancelled("the name is looked up", call);
    resolver::go_on();
    goes_on(client);
}

#[test]
fn while_it_connects() {
    let sandbox = sandbox();
    let full = FullListener::new();
    let client = patient(&sandbox, json!({ "BaseUrl": full.url() }));
    let call = client.start(&get());
    until("it connects", || true);
    cancelled("it connects", call);
    full.forward_to(&sandbox);
    goes_on(client);
}

#[test]
fn while_it_shakes_hands() {
    let sandbox = Sandbox::start_blocking(Options {
        tls: Some(Tls::default()),
        ..Options::default()
    })
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), sandbox.ca_pem().unwrap()).unwrap();
    let client = patient(
        &sandbox,
        json!({ "Folder": folder.path(), "CertificateAuthority": "ca.pem" }),
    );
    sandbox.fault(hit(Operation::Connection, Action::Hang));
    let call = client.start(&get());
    until("it shakes hands", || true);
    cancelled("it shakes hands", call);
    goes_on(client);
}

#[test]
fn while_it_waits_for_the_token_or_for_the_one_that_fetches_it() {
    let sandbox = sandbox();
    let client = patient(&sandbox, json!({}));
    sandbox.fault(hit(Operation::Token, Action::Hang));
    let fetching = client.start(&get());
    until("the token is asked for", || !sandbox.requests().is_empty());
    let waiting = client.start(&get());
    let left = client.start(&json!({"operation": "get_pending_tasks"}));
    until("others wait for it", || true);
    cancelled("another fetches the token", waiting);
    cancelled("it waits for the token", fetching);
    // One that still waits now fetches it instead.
    let messages = left.rest();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(messages[0]["status"], 200);
    assert_eq!(sandbox.requests().len(), 3);
    left.free();
    goes_on(client);
}

#[test]
fn c29_while_it_waits_for_the_response() {
    let sandbox = sandbox();
    let client = patient(&sandbox, json!({}));
    for (operation, request) in [
        (Operation::Get, get()),
        (
            Operation::PendingHeaders,
            json!({"operation": "get_pending_task_headers"}),
        ),
        (
            Operation::Pending,
            json!({"operation": "get_pending_tasks"}),
        ),
        (
            Operation::List,
            json!({"operation": "get_task_status_list", "all": true}),
        ),
        (
            Operation::Update,
            json!({"operation": "update_task_status", "id": "x", "json_patch": []}),
        ),
    ] {
        sandbox.clear_requests();
        sandbox.fault(hit(operation, Action::Hang));
        let call = client.start(&request);
        until("it is asked", || {
            sandbox
                .requests()
                .iter()
                .any(|request| request.operation == operation)
        });
        cancelled(&format!("it waits for the response to {operation:?}"), call);
    }
    goes_on(client);
}

#[test]
fn while_the_body_comes() {
    let sandbox = sandbox();
    let client = patient(&sandbox, json!({}));
    let slow = Action::SlowBody {
        bytes: 1,
        delay: u64::from(FOREVER) * 1000,
    };
    sandbox.fault(hit(Operation::List, slow));
    let call = client.start(&json!({"operation": "get_task_status_list"}));
    until("the head is there", || {
        sandbox
            .requests()
            .iter()
            .any(|request| request.operation == Operation::List && request.status.is_some())
    });
    cancelled("the body comes", call);
    goes_on(client);
}

#[test]
fn while_it_waits_to_try_again() {
    let sandbox = sandbox();
    let client = patient(&sandbox, json!({ "RetryIntervalSeconds": FOREVER / 2 }));
    sandbox.fault(hit(Operation::Get, reply(503)));
    let call = client.start(&get());
    assert_eq!(call.message()["kind"], "retry");
    cancelled("it waits to try again", call);
    goes_on(client);
}

#[test]
fn c29_while_it_waits_as_retry_after_says_or_is_held_back() {
    const HOLD: u64 = 6;
    let sandbox = sandbox();
    let client = patient(&sandbox, json!({}));
    let limit = reply_with(429, &[("Retry-After", &HOLD.to_string())], "");
    sandbox.fault(hit(Operation::Get, limit));
    let since = Instant::now();
    let limited = client.start(&get());
    assert_eq!(limited.message()["status"], 429);
    let held = client.start(&get());
    let message = held.message();
    assert_eq!(
        (&message["kind"], &message["reason"]),
        (
            &json!("retry"),
            &json!("held back by the tenant's rate limit")
        )
    );
    cancelled("it is held back", held);
    cancelled("it waits as Retry-After says", limited);
    assert!(
        since.elapsed() < Duration::from_secs(HOLD),
        "nothing was shown"
    );
    goes_on(client);
    assert!(since.elapsed() >= Duration::from_secs(HOLD));
}

/// An update is finished where cancelling it would leave open whether it was made.
#[test]
fn finishing_lets_an_update_end_and_tries_none_again() {
    let sandbox = sandbox();
    let client = patient(&sandbox, json!({}));
    let id = sandbox.task_ids().remove(0);
    let patch = json!({"op": "add", "path": "/description", "value": "x"});
    let update = json!({"operation": "update_task_status", "id": id, "json_patch": patch});
    sandbox.fault(Fault {
        delay: 500,
        ..hit(Operation::Update, Action::Pass)
    });
    let call = client.start(&update);
    let is_update = |request: &v2024_sandbox::ReceivedRequest| request.method == "PATCH";
    until("it is sent", || sandbox.requests().iter().any(is_update));
    call.finish();
    assert_eq!(call.message()["status"], 200);
    assert_eq!(call.next(-1), Next::Over);
    call.free();

    sandbox.clear_requests();
    sandbox.fault(hit(
        Operation::Update,
        reply_with(429, &[("retry-after", "60")], "{}"),
    ));
    let call = client.start(&update);
    assert_eq!(call.message()["kind"], "retry");
    call.finish();
    let refused = call.message();
    assert_eq!(
        (&refused["status"], &refused["error"]["code"]),
        (&json!(429), &json!("http"))
    );
    let message = refused["error"]["message"].as_str().unwrap();
    let words = "; not tried again: the call was told to send nothing more";
    assert!(message.ends_with(words), "{message}");
    assert_eq!(call.next(-1), Next::Over);
    call.free();

    // The tenant's limit holds this one back.
    let call = client.start(&update);
    assert_eq!(call.message()["kind"], "retry");
    call.finish();
    assert_eq!(
        call.message()["error"],
        json!({
            "code": "cancelled",
            "message": "the request was not sent: the call was told to send nothing more",
        })
    );
    assert_eq!(sandbox.requests().len(), 1);
    call.free();

    let list = client.start(&json!({"operation": "get_task_status_list", "all": true}));
    list.finish();
    // It may have said already that the limit holds it back.
    let messages = list.rest();
    assert_eq!(messages.last().unwrap()["error"]["code"], "cancelled");
    list.free();
    client.free();
}

#[test]
fn while_the_next_page_is_not_taken() {
    let sandbox = sandbox();
    let client = patient(&sandbox, json!({}));
    let call =
        client.start(&json!({"operation": "get_task_status_list", "limit": 10, "all": true}));
    // The first page; the second is fetched ahead, and no third.
    assert_eq!(call.message()["body"].as_array().unwrap().len(), 10);
    let pages = || {
        let requests = sandbox.requests();
        requests
            .iter()
            .filter(|request| request.operation == Operation::List && request.status.is_some())
            .count()
    };
    until("a page is fetched ahead", || pages() == 2);
    thread::sleep(Duration::from_millis(100));
    let started = Instant::now();
    call.cancel();
    let messages = call.rest();
    println!(
        "cancelled while the next page is not taken: {:?}",
        started.elapsed()
    );
    assert!(started.elapsed() < BOUND);
    // Taking the page that was there requests others, of which one may come before the end does.
    let (last, taken) = messages.split_last().unwrap();
    assert_eq!(code(last), "cancelled", "{messages:?}");
    assert!((1..=2).contains(&taken.len()), "{messages:?}");
    assert!(
        taken.iter().all(|page| page["status"] == 200),
        "{messages:?}"
    );
    assert!(pages() <= 3 + 2);
    call.free();
    goes_on(client);
}

#[test]
fn while_a_task_runs() {
    let sandbox = sandbox();
    sandbox
        .set_tasks(r#"[{"id":"x","uniqueName":"runs","completed":null,"completionStatus":null,"percentComplete":40}]"#)
        .unwrap();
    let client = patient(&sandbox, json!({}));
    let call = client.start(&json!({
        "operation": "wait_task_status", "ids": ["x"], "polling_interval_seconds": FOREVER,
    }));
    assert_eq!(
        call.message(),
        json!({"kind": "progress", "id": "x", "uniqueName": "runs", "percentComplete": 40.0})
    );
    cancelled("a task runs", call);
    goes_on(client);
}

#[test]
fn before_it_began_or_after_it_ended() {
    let sandbox = sandbox();
    let client = patient(&sandbox, json!({}));
    let call = client.start(&json!({"operation": "get_pending_tasks"}));
    call.cancel();
    call.cancel();
    let messages = call.rest();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(
        messages[0]["status"] == 200 || code(&messages[0]) == "cancelled",
        "{messages:?}"
    );
    call.cancel();
    assert_eq!(call.next(0), Next::Over);
    call.free();

    // The result that is there already stays.
    let call = client.start(&json!({"operation": "get_pending_tasks"}));
    until("the response is there", || {
        sandbox
            .requests()
            .iter()
            .any(|request| request.status.is_some() && request.operation == Operation::Pending)
    });
    thread::sleep(Duration::from_millis(200));
    call.cancel();
    assert_eq!(call.rest()[0]["status"], 200);
    call.cancel();
    call.free();
    call.cancel();
    goes_on(client);
}

/// A listener whose queue of connections is full: connecting to it takes forever.
pub struct FullListener {
    listener: TcpListener,
    address: SocketAddr,
    _waiting: Vec<Socket>,
}

impl FullListener {
    pub fn new() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        socket.bind(&any.into()).unwrap();
        // To macOS, 0 is the most that it can have.
        socket.listen(1).unwrap();
        let address = socket.local_addr().unwrap().as_socket().unwrap();
        // The system may accept more than was set; the last of these certainly wait.
        let waiting = (0..16)
            .map(|_| {
                let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
                socket.set_nonblocking(true).unwrap();
                let _ = socket.connect(&address.into());
                socket
            })
            .collect();
        thread::sleep(Duration::from_millis(50));
        Self {
            listener: socket.into(),
            address,
            _waiting: waiting,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on every connection is taken and led to a sandbox.
    fn forward_to(self, sandbox: &Sandbox) {
        let to = sandbox.base_url().replace("http://", "");
        thread::spawn(move || {
            for stream in self.listener.incoming().flatten() {
                let Ok(onward) = TcpStream::connect(&to) else {
                    return;
                };
                pump(&stream, &onward);
                pump(&onward, &stream);
            }
        });
    }
}

fn pump(from: &TcpStream, to: &TcpStream) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || io::copy(&mut from, &mut to));
}

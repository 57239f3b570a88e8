//! Cases from public bug reports that have not found a place elsewhere, by their ids.

use serde_json::{Value, json};
use v2024_sandbox::{Action, Fault, Operation, Options, Sandbox};

use super::cancel::until;
use super::{Client, code};
use crate::common::{fault, line, reply, reply_with};

fn sandbox() -> Sandbox {
    Sandbox::start_blocking(Options::default()).unwrap()
}

fn lasting(sandbox: &Sandbox, operation: Operation, action: Action) {
    sandbox.fault(Fault {
        operation,
        times: 0,
        ..fault(action)
    });
}

fn requests(sandbox: &Sandbox) -> Vec<String> {
    sandbox.requests().iter().map(line).collect()
}

fn some_id(sandbox: &Sandbox) -> String {
    let task: Value = serde_json::from_str(&sandbox.tasks()[0]).unwrap();
    task["id"].as_str().unwrap().to_owned()
}

#[test]
fn c10_the_first_task_of_ten_pages_takes_two_requests_at_most() {
    let sandbox = Sandbox::start_blocking(Options {
        tasks: 2500,
        ..Options::default()
    })
    .unwrap();
    let client = Client::of(&sandbox, json!({}));
    let pages = || {
        let lists = |line: &String| line.starts_with("GET /v2024/task-status?");
        requests(&sandbox).into_iter().filter(lists).count()
    };
    let call = client.start(&json!({"operation": "get_task_status_list", "all": true, "first": 1}));
    let messages = call.rest();
    call.free();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["body"].as_array().unwrap().len(), 1);
    assert_eq!(pages(), 1);

    // A host that only takes one page has one more fetched ahead.
    sandbox.clear_requests();
    let call = client.start(&json!({"operation": "get_task_status_list", "all": true}));
    assert_eq!(call.message()["body"].as_array().unwrap().len(), 250);
    until("a page is fetched ahead", || pages() == 2);
    call.free();
    until("nothing more comes", || true);
    assert_eq!(pages(), 2);
    client.free();
}

#[test]
fn c14_a_refusal_is_one_request() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    let id = some_id(&sandbox);
    assert_eq!(client.get(&id).0, 200);
    sandbox.clear_requests();
    let patch = r#"[{"op":"replace","path":"/messages","value":"not a list"}]"#;
    let (status, result) = client.update(&id, patch);
    assert_eq!((status, code(&result)), (400, "http"), "{result}");
    assert_eq!(client.get("none").0, 404);
    assert_eq!(
        requests(&sandbox),
        [
            format!("PATCH /v2024/task-status/{id} 400"),
            "GET /v2024/task-status/none 404".to_owned()
        ]
    );
    client.free();
}

#[test]
fn c22_c23_c25_patches_are_sent_as_they_are_written() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    let id = some_id(&sandbox);
    let nested = concat!(
        r#"{"op":"add","path":"/attributes/nested","#,
        r#""value":{"a":{"b":{"c":{"d":{"e":[null,false,0,1.0,9007199254740993]}}}}}}"#
    );
    let nothing = r#"{"op":"add","path":"/attributes/nothing","value":null}"#;
    let no = r#"{"op":"add","path":"/attributes/no","value":false}"#;
    let zero = r#"{"op":"add","path":"/attributes/zero","value":0}"#;
    let ended = |status: &str, date: &str| {
        format!(
            concat!(
                r#"{{"op":"replace","path":"/completionStatus","value":"{status}"}},"#,
                r#"{{"op":"replace","path":"/completed","value":"{date}"}}"#
            ),
            status = status,
            date = date
        )
    };
    for operations in [
        format!("{nested},{nothing}"),
        format!("{no},{zero}"),
        zero.to_owned(),
        ended("Success", "2024-05-17T19:33:16.470000Z"),
        ended("Error", "2024-05-17 19:33:16.470000+00:00"),
        ended("Completed", ""),
    ] {
        let sent = format!("[{operations}]");
        sandbox.clear_requests();
        assert_eq!(client.update(&id, &sent).0, 200);
        let request = json!({
            "operation": "update_task_status", "id": id,
            "json_patch": "PATCH",
        });
        let call = client.start_text(request.to_string().replace("\"PATCH\"", &sent));
        assert_eq!(call.message()["status"], 200);
        call.free();
        let bodies: Vec<String> = sandbox
            .requests()
            .into_iter()
            .filter(|request| request.operation == Operation::Update)
            .map(|request| request.body)
            .collect();
        assert_eq!(bodies, [sent.clone(), sent]);
    }
    // One operation alone becomes an array of one.
    sandbox.clear_requests();
    assert_eq!(client.update(&id, zero).0, 200);
    assert_eq!(sandbox.requests()[0].body, format!("[{zero}]"));
    client.free();
}

#[test]
fn c31_twenty_clients_one_after_the_other_leave_nothing_behind() {
    let sandbox = sandbox();
    for _ in 0..20 {
        let client = Client::of(&sandbox, json!({}));
        assert_eq!(client.pending(None, None, None).0, 200);
        let call = client.start(&json!({"operation": "get_pending_tasks"}));
        client.free();
        assert_eq!(call.rest().len(), 1);
        call.free();
    }
    // All used the same token, and the same connections: one of functions that block and one of
    // calls, or a few where other tests in the same process are at work.
    let requests = sandbox.requests();
    assert_eq!(requests.len(), 41);
    assert!(requests.iter().all(|request| request.connection < 10));
    let tokens: Vec<_> = requests[1..].iter().map(|request| request.token).collect();
    assert_eq!(tokens, [Some(1); 40]);
}

#[test]
fn c37_a_token_that_is_not_to_be_had_stops_one_call_and_not_the_next() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({ "MaximumRetryCount": 2 }));
    let id = some_id(&sandbox);
    assert_eq!(client.get(&id).0, 200);
    sandbox.expire_tokens();
    lasting(&sandbox, Operation::Token, reply(500));
    let (status, result) = client.get(&id);
    assert_eq!((status, code(&result)), (500, "http"));
    let message = result["error"]["message"].as_str().unwrap();
    let start = format!("POST {}/oauth/token: 500", sandbox.base_url());
    assert!(message.starts_with(&start), "{message}");
    sandbox.clear_faults();
    assert_eq!(client.get(&id).0, 200);
    client.free();
}

#[test]
fn c38_no_secret_in_anything_that_a_host_receives() {
    const PASSWORD: &str = "proxy-password-5c1d";
    let sandbox = sandbox();
    let more = json!({
        "Environment": { "HTTPS_PROXY": format!("http://user:{PASSWORD}@127.0.0.1:1") },
        "ProxyCredential": { "UserName": "user", "Password": PASSWORD },
        "MaximumRetryCount": 1,
    });
    let settings = super::settings(&sandbox, more.clone());
    let (client, (status, shown)) = Client::new(settings.to_string());
    assert_eq!(status, 0);
    let mut texts = vec![shown];
    let wrong = super::settings(
        &sandbox,
        json!({ "BaseUrl": "ftp://x", "Token": "eyJgiven" }),
    );
    texts.push(Client::new(wrong.to_string()).1.1);

    let text = json!({ "error": format!("bad secret {}", sandbox.client_secret()) }).to_string();
    let faults = [
        (
            Operation::Token,
            reply_with(
                401,
                &[
                    ("X-Echo", sandbox.client_secret()),
                    // Events repeat it.
                    ("slpt-request-id", sandbox.client_secret()),
                    ("x-request-id", sandbox.client_secret()),
                ],
                &text,
            ),
        ),
        (
            Operation::Token,
            reply_with(
                200,
                &[],
                &format!("{{\"token\":\"eyJ{}\"}}", "x".repeat(50)),
            ),
        ),
        (Operation::Token, Action::Drop),
        (Operation::Api, Action::Pass),
        (Operation::Api, Action::ExpireTokens),
        (Operation::Api, reply(403)),
        (Operation::Api, reply(503)),
        (Operation::Api, reply_with(429, &[("Retry-After", "0")], "")),
        (
            Operation::Api,
            reply_with(200, &[("Set-Cookie", "session=eyJcookie")], "<html>"),
        ),
        (Operation::Api, Action::Drop),
        (Operation::Api, Action::Truncate),
    ];
    let requests = [
        json!({"operation": "get_pending_task_headers", "events": true}),
        json!({"operation": "get_pending_tasks", "events": true}),
        json!({"operation": "get_task_status", "id": "none", "events": true}),
        json!({"operation": "get_task_status_list", "limit": 1, "events": true}),
        json!({"operation": "update_task_status", "id": "none", "json_patch": [], "events": true}),
    ];
    let mut errors = 0;
    for (operation, action) in faults {
        lasting(&sandbox, operation, action.clone());
        sandbox.expire_tokens();
        for request in &requests {
            let call = client.start(request);
            let messages = call.rest();
            call.free();
            errors += usize::from(!code(messages.last().unwrap()).is_empty());
            texts.extend(messages);
        }
        sandbox.clear_faults();
    }
    // A proxy that cannot be reached, and that has a password.
    let proxied = Client::of(
        &sandbox,
        json!({
            "BaseUrl": "https://tenant.invalid",
            "Proxy": format!("http://user:{PASSWORD}@127.0.0.1:1"),
            "MaximumRetryCount": 0,
        }),
    );
    texts.push(proxied.pending(None, None, None).1);
    assert!(errors > 30, "{errors}");
    for message in &texts {
        let text = message.to_string();
        for secret in [sandbox.client_secret(), PASSWORD, "eyJ", "Bearer", "Basic "] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    proxied.free();
    client.free();
}

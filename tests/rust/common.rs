//! Helpers for tests on the sandbox.

use serde_json::{Value, json};
use v2024_sandbox::{Action, Fault, Operation, ReceivedRequest, Sandbox};

/// The settings with which a client reaches a sandbox, with these added; waits are short.
pub fn settings_json(sandbox: &Sandbox, more: Value) -> Value {
    let mut all = sandbox.settings();
    let members = all.as_object_mut().unwrap();
    let quick = json!({ "RetryIntervalSeconds": 0.01, "Folder": "/nowhere" });
    for settings in [quick, more] {
        members.extend(settings.as_object().unwrap().clone());
    }
    all
}

pub fn fault(action: Action) -> Fault {
    Fault {
        operation: Operation::Api,
        ..Fault::new(action)
    }
}

pub fn reply(status: u16) -> Action {
    Action::Respond {
        status,
        headers: None,
        body: None,
    }
}

pub fn reply_with(status: u16, headers: &[(&str, &str)], body: &str) -> Action {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    Action::Respond {
        status,
        headers: Some(headers),
        body: Some(v2024_sandbox::Body::Text(body.into())),
    }
}

pub fn line(request: &ReceivedRequest) -> String {
    let query = request
        .query
        .as_ref()
        .map_or(String::new(), |query| format!("?{query}"));
    let status = request
        .status
        .map_or("-".to_owned(), |status| status.to_string());
    format!("{} {}{query} {status}", request.method, request.path)
}

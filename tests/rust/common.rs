//! A sandbox with a client of it.

use serde_json::{Value, json};
use v2024_sandbox::{Action, Fault, Operation, Options, ReceivedRequest, Sandbox};
use v2024_task_management::{Client, PendingTasksOptions, Settings, TaskStatusListOptions};

pub struct Tenant {
    pub sandbox: Sandbox,
    pub client: Client,
}

pub async fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).await.unwrap()
}

pub async fn tenant() -> Tenant {
    tenant_with(Options::default(), json!({})).await
}

/// A tenant and a client whose settings are these beside what it needs; waits are short.
pub async fn tenant_with(options: Options, settings: Value) -> Tenant {
    let sandbox = Sandbox::start(options).await.unwrap();
    let client = client(&sandbox, settings);
    Tenant { sandbox, client }
}

/// The settings with which a client reaches a sandbox, beside these; waits are short.
pub fn settings_json(sandbox: &Sandbox, more: Value) -> Value {
    let mut all = sandbox.settings();
    let members = all.as_object_mut().unwrap();
    let quick = json!({ "RetryIntervalSeconds": 0.01, "Folder": "/nowhere" });
    for settings in [quick, more] {
        members.extend(settings.as_object().unwrap().clone());
    }
    all
}

pub fn settings(sandbox: &Sandbox, more: Value) -> Settings {
    Settings::from_json(&settings_json(sandbox, more).to_string()).unwrap()
}

pub fn client(sandbox: &Sandbox, more: Value) -> Client {
    Client::new(settings(sandbox, more)).unwrap()
}

impl Tenant {
    /// The requests received, those for tokens left out, as `METHOD path?query status`.
    pub fn calls(&self) -> Vec<String> {
        let is_call = |request: &ReceivedRequest| request.operation != Operation::Token;
        self.sandbox
            .requests()
            .into_iter()
            .filter(is_call)
            .map(|request| line(&request))
            .collect()
    }

    pub fn token_requests(&self) -> usize {
        let is_token = |request: &ReceivedRequest| request.operation == Operation::Token;
        self.sandbox.requests().into_iter().filter(is_token).count()
    }

    /// The id of some finished task.
    pub fn an_id(&self) -> String {
        let task: Value = serde_json::from_str(self.sandbox.tasks().last().unwrap()).unwrap();
        task["id"].as_str().unwrap().to_owned()
    }

    pub fn fault(&self, operation: Operation, times: u32, action: Action) {
        self.sandbox.fault(Fault {
            operation,
            times,
            ..fault(action)
        });
    }
}

pub fn fault(action: Action) -> Fault {
    Fault {
        operation: Operation::Api,
        path: None,
        skip: 0,
        times: 1,
        chance: 1.0,
        delay: 0,
        action,
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

pub fn pending() -> PendingTasksOptions {
    PendingTasksOptions::default()
}

pub fn list() -> TaskStatusListOptions {
    TaskStatusListOptions::default()
}

pub fn ids(tasks: &[Value]) -> Vec<String> {
    tasks
        .iter()
        .map(|task| task["id"].as_str().unwrap().to_owned())
        .collect()
}

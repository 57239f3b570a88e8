//! A sandbox with a client of it.

use serde_json::{Value, json};
use v2024_sandbox::{Action, Fault, Operation, Options, ReceivedRequest, Sandbox};
use v2024_task_management::{Client, PendingTasksOptions, Settings, TaskStatusListOptions};

#[path = "../../../tests/rust/common.rs"]
mod sandbox;

pub use sandbox::*;

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

/// A tenant and a client whose settings are these besides what it needs; waits are short.
pub async fn tenant_with(options: Options, settings: Value) -> Tenant {
    let sandbox = Sandbox::start(options).await.unwrap();
    let client = client(&sandbox, settings);
    Tenant { sandbox, client }
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

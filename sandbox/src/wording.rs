//! The texts that tasks have in common.

use serde_json::{Value, json};

/// The value of the member `progress`.
pub(crate) fn progress_text(status: Option<&str>, percent: u32, done: u64, total: u32) -> Value {
    match (status, percent) {
        (Some("SUCCESS" | "WARNING"), _) => "Completed".into(),
        (Some(_), _) | (None, 0) => Value::Null,
        (None, _) => format!("Processed {done} of {total}").into(),
    }
}

/// The messages for a completion status.
pub(crate) fn messages(status: Option<&str>, total: u32) -> Value {
    let message = |kind: &str, key: &str, text: &str, parameters: Value| {
        json!({
            "type": kind,
            "localizedText": {"locale": "en-US", "message": text},
            "key": key,
            "parameters": parameters,
        })
    };
    match status {
        Some("ERROR") => json!([
            message(
                "ERROR",
                "err_connector_unreachable {0}",
                "The connector could not reach the source: connection refused (接続が拒否されました).",
                json!(["ldaps://dc1.example:636"]),
            ),
            {"type": "WARN", "localizedText": null, "key": "warn_partial_result", "parameters": []},
        ]),
        Some("WARNING") => json!([message(
            "WARN",
            "warn_accounts_skipped {0}",
            "Some accounts had no native identity and were skipped.",
            json!([(total % 97).to_string()]),
        )]),
        Some("TERMINATED") => json!([message(
            "INFO",
            "task_terminated",
            "Terminated by an administrator.",
            Value::Null
        )]),
        Some("TEMPERROR") => json!([message(
            "ERROR",
            "err_temporary",
            "The virtual appliance cluster is busy; the task will be tried again.",
            json!([{"cluster": "va-eu-1"}]),
        )]),
        _ => json!([]),
    }
}

/// The value of the member `returns`.
pub(crate) fn returns() -> Value {
    json!([
        {"name": "Accounts scanned", "attributeName": "total"},
        {"name": "Accounts created", "attributeName": "created"},
        {"name": "Accounts updated", "attributeName": "updated"},
        {"name": "Accounts deleted", "attributeName": "deleted"},
        {"name": "Identities processed", "attributeName": "identityCount"},
    ])
}

/// The value of the member `taskDefinitionSummary`.
pub(crate) fn definition(name: &str, description: Option<&str>) -> Value {
    let class: String = name.trim_start_matches("Cloud ").split(' ').collect();
    json!({
        "id": format!("2c9180847{:023x}", name.bytes().fold(7u64, |hash, b| hash.wrapping_mul(31) ^ u64::from(b))),
        "uniqueName": name,
        "description": description,
        "parentName": name,
        "executor": "sailpoint.task.ServiceTaskExecutor",
        "arguments": {
            "mantisExecutor": format!("com.sailpoint.mantis.sources.task.{class}Task"),
            "eventClassesCsv": format!("sailpoint.thunderbolt.events.{class}Events"),
            "serviceClass": format!("sailpoint.thunderbolt.service.{class}Service"),
            "serviceMethod": "runTask",
        },
    })
}

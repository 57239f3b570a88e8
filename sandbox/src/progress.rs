//! Running tasks advance and finish as time passes.

use serde_json::Value;

use crate::{
    task::{Task, date},
    tenant::Tenant,
    wording::{messages, progress_text},
};

/// How a pending task advances. Times are milliseconds of the wall clock.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) id: String,
    pub(crate) started: i64,
    pub(crate) finished: i64,
    /// `percentComplete` as last written.
    pub(crate) percent: u32,
    pub(crate) status: &'static str,
}

/// Advances every run to the present. Drops those that have finished and those whose task was patched
/// to a completion status meanwhile.
pub(crate) fn advance(tenant: &mut Tenant, runs: &mut Vec<Run>, now: i64) {
    runs.retain_mut(|run| {
        let Some(task) = tenant
            .get(&run.id)
            .filter(|task| task.is_pending())
            .cloned()
        else {
            return false;
        };
        if now >= run.finished {
            finish(tenant, &task, run.status, run.finished);
            return false;
        }
        let share = (now - run.started) as f64 / (run.finished - run.started) as f64;
        let percent = run.percent.max((share * 99.0) as u32);
        if percent > run.percent {
            run.percent = percent;
            change(tenant, &task, |value| {
                if value["launched"].is_null() {
                    value["launched"] = date(now).into();
                }
                let total = total(value);
                value["percentComplete"] = percent.into();
                value["progress"] = progress_text(
                    None,
                    percent,
                    u64::from(total) * u64::from(percent) / 100,
                    total,
                );
                value["modified"] = date(now).into();
            });
        }
        true
    });
}

/// Ends a pending task with a completion status.
pub(crate) fn finish(tenant: &mut Tenant, task: &Task, status: &str, at: i64) {
    change(tenant, task, |value| {
        let total = total(value);
        if value["launched"].is_null() {
            value["launched"] = value["created"].clone();
        }
        if matches!(status, "SUCCESS" | "WARNING") {
            value["percentComplete"] = 100.into();
        }
        value["completed"] = date(at).into();
        value["completionStatus"] = status.into();
        value["messages"] = messages(Some(status), total);
        value["progress"] = progress_text(Some(status), 100, u64::from(total), total);
        value["modified"] = date(at).into();
    });
}

/// Rewrites one task. A task whose JSON can't be represented as a tree stays as it is.
fn change(tenant: &mut Tenant, task: &Task, edit: impl FnOnce(&mut Value)) {
    if let Ok(mut value) = task.value() {
        edit(&mut value);
        tenant.put(value.to_string().into());
    }
}

fn total(value: &Value) -> u32 {
    value["attributes"]["total"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

//! Makes realistic tasks from a seed.

use bytes::Bytes;
use fastrand::Rng;
use serde_json::{Value, json};

use crate::{options::Options, progress::Run, task::date};

/// The id in the vendor's documentation, so that its examples find a task.
const DOCUMENTED_ID: &str = "00eebcf881994e419d72e757fd30dc0e";

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Sources that tasks aggregate, names as people write them.
const SOURCES: [&str; 9] = [
    "Active Directory",
    "HR – Zürich",
    "SAP ERP Köln",
    "Salesforce",
    "Workday 東京",
    "ServiceNow",
    "Müller & Söhne LDAP",
    "Oracle EBS São Paulo",
    "AS/400 \"Finance\"",
];

/// Name, weight, description, and whether it works on a source.
const DEFINITIONS: [(&str, u32, Option<&str>, bool); 7] = [
    (
        "Cloud Account Aggregation",
        45,
        Some("Aggregates from the specified application."),
        true,
    ),
    (
        "Cloud Group Aggregation",
        25,
        Some("Aggregates entitlements from the specified application."),
        true,
    ),
    ("Cloud Process Uncorrelated Accounts", 10, None, true),
    (
        "Cloud Attribute Sync",
        6,
        Some("Synchronizes identity attributes to accounts."),
        true,
    ),
    (
        "Cloud Identity Refresh",
        6,
        Some("Recalculates identity attributes and access."),
        false,
    ),
    ("Cloud Access History Export", 5, None, false),
    (
        "Cloud Certification Generation",
        3,
        Some("Generates the certifications of a campaign."),
        false,
    ),
];

/// Share of each completion status, in percent.
const OUTCOMES: [(&str, u32); 5] = [
    ("SUCCESS", 80),
    ("WARNING", 8),
    ("ERROR", 9),
    ("TERMINATED", 2),
    ("TEMPERROR", 1),
];

/// Makes tasks, each different, the same sequence for the same seed.
pub(crate) struct Generator {
    rng: Rng,
    sources: Vec<(String, &'static str)>,
}

/// How far a task has come.
enum State {
    Waiting,
    Running {
        percent: u32,
    },
    Finished {
        status: &'static str,
        milliseconds: i64,
    },
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let sources = SOURCES.map(|name| (hex_id(&mut rng), name)).into();
        Self { rng, sources }
    }

    /// The tasks of a tenant at its start, and how its pending ones will go on.
    pub(crate) fn tenant(&mut self, options: &Options, now: i64) -> (Vec<Bytes>, Vec<Run>) {
        let mut tasks = Vec::with_capacity(options.tasks);
        let mut runs = Vec::new();
        let pending = options.pending.min(options.tasks);
        for index in 0..pending {
            let stuck = index % 3 == 0;
            let id = if index == 0 {
                DOCUMENTED_ID.to_owned()
            } else {
                hex_id(&mut self.rng)
            };
            let age = if stuck {
                self.rng.i64(DAY..9 * DAY)
            } else {
                self.rng.i64(MINUTE..50 * MINUTE)
            };
            let waiting = index % 5 == 4;
            let percent = if waiting { 0 } else { self.rng.u32(1..90) };
            let state = if waiting {
                State::Waiting
            } else {
                State::Running { percent }
            };
            tasks.push(self.task(&id, now - age, state));
            if let (false, Some(interval)) = (stuck, options.progress) {
                let after = interval.as_millis() as i64 * (runs.len() as i64 + 1);
                let status = self.outcome();
                runs.push(Run {
                    id,
                    started: now,
                    finished: now + after,
                    percent,
                    status,
                });
            }
        }
        let finished = options.tasks - pending;
        for index in 0..finished {
            // Within the 90 days that the tenant keeps, most of them recent.
            let share = (index as f64 + self.rng.f64()) / finished as f64;
            let age = (share * share * 89.5 * DAY as f64) as i64 + HOUR / 4;
            let id = hex_id(&mut self.rng);
            let status = self.outcome();
            let milliseconds = self.rng.i64(800..age.min(3 * HOUR) - MINUTE);
            tasks.push(self.task(
                &id,
                now - age,
                State::Finished {
                    status,
                    milliseconds,
                },
            ));
        }
        (tasks, runs)
    }

    /// A task that has just begun.
    pub(crate) fn started(&mut self, now: i64) -> Bytes {
        let id = hex_id(&mut self.rng);
        self.task(&id, now, State::Running { percent: 0 })
    }

    /// A completion status, most often a good one.
    pub(crate) fn outcome(&mut self) -> &'static str {
        let weights = OUTCOMES.map(|(_, weight)| weight);
        OUTCOMES[pick(&mut self.rng, &weights)].0
    }

    fn task(&mut self, id: &str, created: i64, state: State) -> Bytes {
        let rng = &mut self.rng;
        let weights = DEFINITIONS.map(|(_, weight, ..)| weight);
        let (name, _, description, has_source) = DEFINITIONS[pick(rng, &weights)];
        let source = has_source.then(|| &self.sources[rng.usize(..self.sources.len())]);
        let launched = created + rng.i64(20..4000);
        let (status, completed, percent) = match state {
            State::Waiting => (None, None, 0),
            State::Running { percent } => (None, None, percent),
            State::Finished {
                status,
                milliseconds,
            } => {
                let percent = if matches!(status, "SUCCESS" | "WARNING") {
                    100
                } else {
                    rng.u32(..100)
                };
                (Some(status), Some(launched + milliseconds), percent)
            }
        };
        let launched = (!matches!(state, State::Waiting)).then_some(launched);
        let total = rng.u32(40..60_000);
        let done = u64::from(total) * u64::from(percent) / 100;
        let unique_name = match source {
            Some((_, source)) => format!("{name} - {source} [{:06x}]", rng.u32(..1 << 24)),
            None => format!("{name} [{:06x}]", rng.u32(..1 << 24)),
        };
        let mut task = json!({
            "id": id,
            "type": any(rng, &["QUARTZ", "QUARTZ", "QUARTZ", "QUARTZ", "QUEUED_TASK", "QPOC"]),
            "uniqueName": unique_name,
            "description": if rng.u8(..4) == 0 { "" } else { description.unwrap_or_default() },
            "parentName": if rng.u8(..3) == 0 { Value::Null } else { name.into() },
            "launcher": any(rng, &["System", "sweep", "slpt.services", "jürgen.weiß"]),
            "target": source.map(|(id, name)| json!({
                "id": id, "type": "APPLICATION", "name": format!("{name} [source]"),
            })),
            "created": date(created),
            "modified": completed.or(launched).map(date),
            "launched": launched.map(date),
            "completed": completed.map(date),
            "completionStatus": status,
            "messages": messages(status, total),
            "returns": returns(),
            "attributes": attributes(rng, source.map(|(id, _)| id.as_str()), total, done),
            "progress": progress_text(status, percent, done, total),
            "percentComplete": percent,
            "taskDefinitionSummary": definition(name, description),
        });
        // Members that real tenants leave out now and then.
        if source.is_none() && rng.bool() {
            remove(&mut task, "target");
        }
        if rng.u8(..40) == 0 {
            remove(&mut task, "taskDefinitionSummary");
        }
        task.to_string().into()
    }
}

/// What the member `progress` says.
pub(crate) fn progress_text(status: Option<&str>, percent: u32, done: u64, total: u32) -> Value {
    match (status, percent) {
        (Some("SUCCESS" | "WARNING"), _) => "Completed".into(),
        (Some(_), _) | (None, 0) => Value::Null,
        (None, _) => format!("Processed {done} of {total}").into(),
    }
}

/// Messages that go with a completion status.
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

fn returns() -> Value {
    json!([
        {"name": "Accounts scanned", "attributeName": "total"},
        {"name": "Accounts created", "attributeName": "created"},
        {"name": "Accounts updated", "attributeName": "updated"},
        {"name": "Accounts deleted", "attributeName": "deleted"},
        {"name": "Identities processed", "attributeName": "identityCount"},
    ])
}

fn attributes(rng: &mut Rng, source: Option<&str>, total: u32, done: u64) -> Value {
    let created = rng.u64(..=done / 20);
    json!({
        "appId": source,
        "eventId": rng.u32(1_000_000..9_999_999),
        "optimizedAggregation": if rng.bool() { "enabled" } else { "disabled" },
        "total": total.to_string(),
        "created": created,
        "updated": rng.u64(..=done / 5),
        "deleted": rng.u64(..=done / 50),
        "identityCount": done,
        "clusterId": hex_id(rng),
        "requestId": hex_id(rng),
        "taskSchedule": Value::Null,
        "accountRefreshThreshold": rng.u32(..100),
        "correlationPolicy": "uncorrelated-only",
    })
}

fn definition(name: &str, description: Option<&str>) -> Value {
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

fn remove(task: &mut Value, member: &str) {
    if let Some(members) = task.as_object_mut() {
        members.shift_remove(member);
    }
}

fn any(rng: &mut Rng, choices: &[&'static str]) -> &'static str {
    choices[rng.usize(..choices.len())]
}

fn pick(rng: &mut Rng, weights: &[u32]) -> usize {
    let mut left = rng.u32(..weights.iter().sum::<u32>());
    for (index, weight) in weights.iter().enumerate() {
        if left < *weight {
            return index;
        }
        left -= weight;
    }
    0
}

fn hex_id(rng: &mut Rng) -> String {
    format!("{:032x}", rng.u128(..))
}

//! Generates realistic tasks from a seed.

use bytes::Bytes;
use fastrand::Rng;
use serde::Serialize;
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

use crate::{
    options::Options,
    progress::Run,
    task::date,
    wording::{definition, messages, progress_text, returns},
};

/// The id in the vendor's documentation, so that the documented examples find a task.
const DOCUMENTED_ID: &str = "00eebcf881994e419d72e757fd30dc0e";

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Names of the sources that tasks aggregate, with the kinds of characters that real names have.
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

/// Name, weight, description, and whether the task works on a source.
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

/// Generates tasks that are all different. The same seed gives the same sequence.
pub(crate) struct Generator {
    rng: Rng,
    sources: Vec<(String, &'static str)>,
    definitions: Vec<Box<RawValue>>,
    returns: Box<RawValue>,
}

/// The state of a generated task.
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
        let definitions = DEFINITIONS
            .map(|(name, _, description, _)| raw(&definition(name, description)))
            .into();
        Self {
            rng,
            sources,
            definitions,
            returns: raw(&returns()),
        }
    }

    /// The tasks of a tenant at startup, and how the pending ones will advance.
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
            // Within the 90 days that a tenant keeps tasks for, most of them recent.
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

    /// Does `work` with the sequence of another seed.
    pub(crate) fn with_seed<T>(&mut self, seed: u64, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.rng, Rng::with_seed(seed));
        let done = work(self);
        self.rng = before;
        done
    }

    /// A task that has just started.
    pub(crate) fn started(&mut self, now: i64) -> Bytes {
        let id = hex_id(&mut self.rng);
        self.task(&id, now, State::Running { percent: 0 })
    }

    /// A completion status, most often a successful one.
    pub(crate) fn outcome(&mut self) -> &'static str {
        let weights = OUTCOMES.map(|(_, weight)| weight);
        OUTCOMES[pick(&mut self.rng, &weights)].0
    }

    fn task(&mut self, id: &str, created: i64, state: State) -> Bytes {
        let rng = &mut self.rng;
        let weights = DEFINITIONS.map(|(_, weight, ..)| weight);
        let kind = pick(rng, &weights);
        let (name, _, description, has_source) = DEFINITIONS[kind];
        let source = has_source.then(|| &self.sources[rng.usize(..self.sources.len())]);
        let launched = created + rng.i64(20..4000);
        let (status, completed, percent) = match state {
            State::Waiting => (None, None, 0),
            State::Running { percent } => (None, None, percent),
            State::Finished {
                status,
                milliseconds,
            } => {
                let good = matches!(status, "SUCCESS" | "WARNING");
                let percent = if good { 100 } else { rng.u32(..100) };
                (Some(status), Some(launched + milliseconds), percent)
            }
        };
        let launched = (!matches!(state, State::Waiting)).then_some(launched);
        let total = rng.u32(40..60_000);
        let done = u64::from(total) * u64::from(percent) / 100;
        let on = source
            .map(|(_, name)| format!(" - {name}"))
            .unwrap_or_default();
        let target = source.map(|(id, name)| Target {
            id,
            r#type: "APPLICATION",
            name: format!("{name} [source]"),
        });
        let task = Written {
            id,
            r#type: any(
                rng,
                &[
                    "QUARTZ",
                    "QUARTZ",
                    "QUARTZ",
                    "QUARTZ",
                    "QUEUED_TASK",
                    "QPOC",
                ],
            ),
            unique_name: format!("{name}{on} [{:06x}]", rng.u32(..1 << 24)),
            description: if rng.u8(..4) == 0 {
                ""
            } else {
                description.unwrap_or_default()
            },
            parent_name: (rng.u8(..3) != 0).then_some(name),
            launcher: any(rng, &["System", "sweep", "slpt.services", "jürgen.weiß"]),
            // Real tenants leave out members occasionally.
            target: (target.is_some() || rng.bool()).then_some(target),
            created: date(created),
            modified: date(completed.or(launched).unwrap_or(created)),
            launched: launched.map(date),
            completed: completed.map(date),
            completion_status: status,
            messages: messages(status, total),
            returns: &self.returns,
            attributes: Attributes::new(rng, source.map(|(id, _)| id.as_str()), total, done),
            progress: progress_text(status, percent, done, total),
            percent_complete: percent,
            task_definition_summary: (rng.u8(..40) != 0).then_some(&*self.definitions[kind]),
        };
        serde_json::to_vec(&task)
            .expect("text and numbers can be written")
            .into()
    }
}

/// A task as it is written, member by member.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    id: &'a str,
    r#type: &'a str,
    unique_name: String,
    description: &'a str,
    parent_name: Option<&'a str>,
    launcher: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Option<Target<'a>>>,
    created: String,
    // Never null: the OpenAPI document allows it, but the vendor's Python client does not.
    modified: String,
    launched: Option<String>,
    completed: Option<String>,
    completion_status: Option<&'a str>,
    messages: Value,
    returns: &'a RawValue,
    attributes: Attributes<'a>,
    progress: Value,
    percent_complete: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_definition_summary: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Target<'a> {
    id: &'a str,
    r#type: &'a str,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attributes<'a> {
    app_id: Option<&'a str>,
    event_id: u32,
    optimized_aggregation: &'a str,
    total: String,
    created: u64,
    updated: u64,
    deleted: u64,
    identity_count: u64,
    cluster_id: String,
    request_id: String,
    task_schedule: Option<&'a str>,
    account_refresh_threshold: u32,
    correlation_policy: &'a str,
}

impl<'a> Attributes<'a> {
    fn new(rng: &mut Rng, app_id: Option<&'a str>, total: u32, done: u64) -> Self {
        Self {
            app_id,
            event_id: rng.u32(1_000_000..9_999_999),
            optimized_aggregation: any(rng, &["enabled", "disabled"]),
            total: total.to_string(),
            created: rng.u64(..=done / 20),
            updated: rng.u64(..=done / 5),
            deleted: rng.u64(..=done / 50),
            identity_count: done,
            cluster_id: hex_id(rng),
            request_id: hex_id(rng),
            task_schedule: None,
            account_refresh_threshold: rng.u32(..100),
            correlation_policy: "uncorrelated-only",
        }
    }
}

fn raw(value: &Value) -> Box<RawValue> {
    to_raw_value(value).expect("a JSON value can be written")
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

//! Makes one random call and checks its result.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use v2024_task_management::events::Observer;
use v2024_task_management::{
    Client, Error, ErrorKind, JsonPatch, Operation, PendingTasksOptions, Response,
    TaskStatusListOptions, WaitOptions,
};

use crate::ledger::{Ledger, Made};
use crate::seen::Seen;
use crate::tenant::MARKED;

/// The time by which every call must have ended. Each of its requests has a much earlier deadline.
const LONGEST: Duration = Duration::from_secs(60);

/// The tasks of the tenant, in the order of its list.
pub struct World {
    pub ids: Vec<String>,
    pending: HashSet<String>,
}

impl World {
    pub fn of(tasks: &[Value]) -> Result<Self> {
        let is_pending = |task: &&Value| task["completionStatus"].is_null();
        Ok(Self {
            ids: tasks.iter().map(id).collect::<Result<_>>()?,
            pending: tasks
                .iter()
                .filter(is_pending)
                .map(id)
                .collect::<Result<_>>()?,
        })
    }

    fn any_id(&self, random: &mut fastrand::Rng) -> &str {
        &self.ids[random.usize(..self.ids.len())]
    }
}

/// How a call ended: with the right result, or with an error.
type Ending = Result<(), Error>;

/// Makes a call and records its result. Returns an error if that result is wrong.
pub async fn make(
    client: &Client,
    world: &World,
    ledger: &Ledger,
    random: &mut fastrand::Rng,
    number: u64,
) -> Result<()> {
    // One call in ten is abandoned, usually before it has finished.
    let patience = match random.u8(..10) {
        0 => Duration::from_micros(random.u64(..8000)),
        _ => LONGEST,
    };
    let mark = format!("mark {number}");
    let seen = Seen::new(ledger);
    let caller = Caller {
        client,
        seen: &seen,
        world,
    };
    let (name, ended) = match random.u8(..8) {
        0 => ("get", within(patience, caller.get(random)).await),
        1 => ("get unknown", within(patience, caller.get_unknown()).await),
        2 => ("list", within(patience, caller.list(random)).await),
        3 => ("list all", within(patience, caller.list_all(random)).await),
        4 => ("pending", within(patience, caller.pending()).await),
        5 => ("headers", within(patience, caller.headers()).await),
        6 => ("wait", within(patience, caller.wait(random)).await),
        _ => {
            let ended = within(patience, caller.update(&mark, random)).await;
            ledger.marked(mark, made(&ended));
            ("update", ended)
        }
    };
    seen.check().context(name)?;
    match ended {
        None if patience == LONGEST => bail!("{name} has not ended after {LONGEST:?}"),
        None => ledger.count(name, "abandoned"),
        Some(Err(wrong)) => return Err(wrong.context(name)),
        Some(Ok(Ok(()))) => ledger.count(name, "correct"),
        Some(Ok(Err(error))) => {
            let kind = expected(&error).with_context(|| format!("{name}: {error}"))?;
            ledger.count(name, &kind);
        }
    }
    Ok(())
}

/// The ending of a call, or `None` if it takes longer than `patience`.
async fn within(
    patience: Duration,
    call: impl Future<Output = Result<Ending>>,
) -> Option<Result<Ending>> {
    tokio::time::timeout(patience, call).await.ok()
}

/// The name of an error that this tenant can cause. Any other error is wrong.
fn expected(error: &Error) -> Result<String> {
    match (error.kind(), error.status()) {
        (ErrorKind::Timeout | ErrorKind::Connect | ErrorKind::InvalidResponse, _) => {
            Ok(error.kind().as_str().to_owned())
        }
        // The token endpoint sent a login page.
        (ErrorKind::Authentication, Some(200)) => Ok("authentication".to_owned()),
        // 401: the new token expired too before it was used.
        (ErrorKind::Http, Some(status @ (401 | 409 | 429 | 500 | 502 | 503 | 504))) => {
            Ok(format!("http {status}"))
        }
        _ => bail!("this error is unexpected"),
    }
}

/// How often an update with this ending can have been made.
fn made(ended: &Option<Result<Ending>>) -> Made {
    match ended {
        Some(Ok(Ok(()))) => Made::Once,
        // Rejected, or never sent because there was no token.
        Some(Ok(Err(error)))
            if matches!(error.kind(), ErrorKind::Http | ErrorKind::Authentication) =>
        {
            Made::Never
        }
        _ => Made::AtMostOnce,
    }
}

/// Makes the calls of one kind each, with one observer for all their requests.
struct Caller<'a> {
    client: &'a Client,
    seen: &'a dyn Observer,
    world: &'a World,
}

impl Caller<'_> {
    async fn run(&self, operation: Operation) -> Result<Response, Error> {
        self.client.run(&operation, self.seen).await
    }

    async fn get(&self, random: &mut fastrand::Rng) -> Result<Ending> {
        let wanted = self.world.any_id(random);
        checked(
            self.run(Operation::GetTaskStatus {
                id: wanted.to_owned(),
            })
            .await,
            |response| {
                let task: Value = response.json()?;
                ensure!(task["id"] == wanted, "got another task: {}", task["id"]);
                Ok(())
            },
        )
    }

    async fn get_unknown(&self) -> Result<Ending> {
        match self
            .run(Operation::GetTaskStatus {
                id: "unknown".to_owned(),
            })
            .await
        {
            Ok(_) => bail!("got a task that does not exist"),
            Err(error) if error.status() == Some(404) => Ok(Ok(())),
            Err(error) => Ok(Err(error)),
        }
    }

    async fn list(&self, random: &mut fastrand::Rng) -> Result<Ending> {
        let total = self.world.ids.len();
        let (offset, limit) = (random.usize(..total), random.usize(..=250));
        let options = TaskStatusListOptions {
            offset: Some(i64::try_from(offset)?),
            limit: Some(i64::try_from(limit)?),
            count: Some(true),
            ..Default::default()
        };
        checked(
            self.run(Operation::GetTaskStatusList(options)).await,
            |response| {
                let wanted = &self.world.ids[offset..total.min(offset + limit)];
                ensure!(ids(response)? == wanted, "got other tasks");
                ensure!(
                    response.total_count() == Some(total as u64),
                    "got another total"
                );
                Ok(())
            },
        )
    }

    async fn list_all(&self, random: &mut fastrand::Rng) -> Result<Ending> {
        let options = TaskStatusListOptions {
            limit: Some(random.i64(50..=250)),
            ..Default::default()
        };
        let mut listing = self.client.all_task_statuses(options, None)?;
        let mut all = Vec::new();
        while let Some(page) = listing.next_page_observed(self.seen).await {
            match page {
                Ok(page) => all.extend(ids(&page)?),
                Err(error) => return Ok(Err(error)),
            }
        }
        ensure!(
            all == self.world.ids,
            "got {} of {} tasks",
            all.len(),
            self.world.ids.len()
        );
        Ok(Ok(()))
    }

    async fn pending(&self) -> Result<Ending> {
        let options = PendingTasksOptions::default();
        let result = self.run(Operation::GetPendingTasks(options)).await;
        checked(result, |response| {
            let received: HashSet<String> = ids(response)?.into_iter().collect();
            ensure!(received == self.world.pending, "got other pending tasks");
            Ok(())
        })
    }

    async fn headers(&self) -> Result<Ending> {
        let options = PendingTasksOptions {
            count: Some(true),
            ..Default::default()
        };
        checked(
            self.run(Operation::GetPendingTaskHeaders(options)).await,
            |response| {
                // HEAD gets the tenant's login page without its body, and so without a total.
                let total = self.world.pending.len() as u64;
                let is_page = response.header("content-type") == Some("text/html");
                ensure!(
                    is_page || response.total_count() == Some(total),
                    "got another total"
                );
                Ok(())
            },
        )
    }

    /// Waits for tasks that have already finished. Each one is reported once.
    async fn wait(&self, random: &mut fastrand::Rng) -> Result<Ending> {
        let finished: HashSet<String> =
            std::iter::repeat_with(|| self.world.any_id(random).to_owned())
                .filter(|id| !self.world.pending.contains(id))
                .take(3)
                .collect();
        let options = WaitOptions {
            polling_interval: Duration::from_millis(10),
            timeout: Some(Duration::from_secs(30)),
        };
        let mut waiting = self
            .client
            .wait_for_task_statuses(finished.iter().cloned().collect(), &options)?;
        let mut received = HashSet::new();
        while let Some(ended) = waiting.next_observed(self.seen).await {
            match ended.result {
                Ok(response) => {
                    let task: Value = response.json()?;
                    ensure!(task["id"] == ended.id.as_str(), "got another task");
                    ensure!(received.insert(ended.id), "got a task twice");
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        ensure!(received == finished, "did not get every task");
        Ok(Ok(()))
    }

    async fn update(&self, mark: &str, random: &mut fastrand::Rng) -> Result<Ending> {
        let patch = json!([{"op": "add", "path": "/attributes/marks/-", "value": mark}]);
        let patch = JsonPatch::parse(&patch.to_string())?;
        let id = format!("marked{:02}", random.usize(..MARKED));
        checked(
            self.run(Operation::UpdateTaskStatus { id, patch }).await,
            |response| {
                let task: Value = response.json()?;
                let marks = task["attributes"]["marks"].as_array().context("no marks")?;
                ensure!(
                    marks.last().is_some_and(|last| last == mark),
                    "the mark is missing"
                );
                Ok(())
            },
        )
    }
}

/// Checks the response of a call that did not end with an error.
fn checked(
    result: Result<Response, Error>,
    check: impl FnOnce(&Response) -> Result<()>,
) -> Result<Ending> {
    match result {
        Ok(response) => check(&response).map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

fn ids(response: &Response) -> Result<Vec<String>> {
    response.json::<Vec<Value>>()?.iter().map(id).collect()
}

fn id(task: &Value) -> Result<String> {
    Ok(task["id"]
        .as_str()
        .context("a task without an id")?
        .to_owned())
}

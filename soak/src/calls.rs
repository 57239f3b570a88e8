//! Makes one random call and checks its result.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use v2024_task_management::{
    Client, Error, ErrorKind, JsonPatch, PendingTasksOptions, Response, TaskStatusListOptions,
    WaitOptions,
};

use crate::ledger::{Ledger, Made};
use crate::tenant::MARKED;

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
        _ => Duration::from_secs(60),
    };
    let mark = format!("mark {number}");
    let (name, ended) = match random.u8(..8) {
        0 => ("get", within(patience, get(client, world, random)).await),
        1 => ("get unknown", within(patience, get_unknown(client)).await),
        2 => ("list", within(patience, list(client, world, random)).await),
        3 => (
            "list all",
            within(patience, list_all(client, world, random)).await,
        ),
        4 => ("pending", within(patience, pending(client, world)).await),
        5 => ("headers", within(patience, headers(client, world)).await),
        6 => ("wait", within(patience, wait(client, world, random)).await),
        _ => {
            let ended = within(patience, update(client, &mark, random)).await;
            ledger.marked(mark, made(&ended));
            ("update", ended)
        }
    };
    match ended {
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
        (ErrorKind::Http, Some(status @ (401 | 429 | 500 | 502 | 503 | 504))) => {
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

async fn get(client: &Client, world: &World, random: &mut fastrand::Rng) -> Result<Ending> {
    let wanted = world.any_id(random);
    checked(client.get_task_status(wanted).await, |response| {
        let task: Value = response.json()?;
        ensure!(task["id"] == wanted, "got another task: {}", task["id"]);
        Ok(())
    })
}

async fn get_unknown(client: &Client) -> Result<Ending> {
    match client.get_task_status("unknown").await {
        Ok(_) => bail!("got a task that does not exist"),
        Err(error) if error.status() == Some(404) => Ok(Ok(())),
        Err(error) => Ok(Err(error)),
    }
}

async fn list(client: &Client, world: &World, random: &mut fastrand::Rng) -> Result<Ending> {
    let total = world.ids.len();
    let (offset, limit) = (random.usize(..total), random.usize(..=250));
    let options = TaskStatusListOptions {
        offset: Some(i64::try_from(offset)?),
        limit: Some(i64::try_from(limit)?),
        count: Some(true),
        ..Default::default()
    };
    checked(client.get_task_status_list(options).await, |response| {
        let wanted = &world.ids[offset..total.min(offset + limit)];
        ensure!(ids(response)? == wanted, "got other tasks");
        ensure!(
            response.total_count() == Some(total as u64),
            "got another total"
        );
        Ok(())
    })
}

async fn list_all(client: &Client, world: &World, random: &mut fastrand::Rng) -> Result<Ending> {
    let options = TaskStatusListOptions {
        limit: Some(random.i64(50..=250)),
        ..Default::default()
    };
    let mut listing = client.all_task_statuses(options, None)?;
    let mut all = Vec::new();
    while let Some(page) = listing.next_page().await {
        match page {
            Ok(page) => all.extend(ids(&page)?),
            Err(error) => return Ok(Err(error)),
        }
    }
    ensure!(
        all == world.ids,
        "got {} of {} tasks",
        all.len(),
        world.ids.len()
    );
    Ok(Ok(()))
}

async fn pending(client: &Client, world: &World) -> Result<Ending> {
    let result = client
        .get_pending_tasks(PendingTasksOptions::default())
        .await;
    checked(result, |response| {
        let received: HashSet<String> = ids(response)?.into_iter().collect();
        ensure!(received == world.pending, "got other pending tasks");
        Ok(())
    })
}

async fn headers(client: &Client, world: &World) -> Result<Ending> {
    let options = PendingTasksOptions {
        count: Some(true),
        ..Default::default()
    };
    checked(client.get_pending_task_headers(options).await, |response| {
        // HEAD gets the tenant's login page without its body, and so without a total.
        let total = world.pending.len() as u64;
        let is_page = response.header("content-type") == Some("text/html");
        ensure!(
            is_page || response.total_count() == Some(total),
            "got another total"
        );
        Ok(())
    })
}

/// Waits for tasks that have already finished. Each one is reported once.
async fn wait(client: &Client, world: &World, random: &mut fastrand::Rng) -> Result<Ending> {
    let finished: HashSet<String> = std::iter::repeat_with(|| world.any_id(random).to_owned())
        .filter(|id| !world.pending.contains(id))
        .take(3)
        .collect();
    let options = WaitOptions {
        polling_interval: Duration::from_millis(10),
        timeout: Some(Duration::from_secs(30)),
    };
    let mut waiting =
        client.wait_for_task_statuses(finished.iter().cloned().collect(), &options)?;
    let mut received = HashSet::new();
    while let Some(ended) = waiting.next().await {
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

async fn update(client: &Client, mark: &str, random: &mut fastrand::Rng) -> Result<Ending> {
    let patch = json!([{"op": "add", "path": "/attributes/marks/-", "value": mark}]);
    let patch = JsonPatch::parse(&patch.to_string())?;
    let id = format!("marked{:02}", random.usize(..MARKED));
    checked(client.update_task_status(&id, patch).await, |response| {
        let task: Value = response.json()?;
        let marks = task["attributes"]["marks"].as_array().context("no marks")?;
        ensure!(
            marks.last().is_some_and(|last| last == mark),
            "the mark is missing"
        );
        Ok(())
    })
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

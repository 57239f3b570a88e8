//! One call chosen at random, and what is right about its result.

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

/// What the tenant holds, in the order in which it lists it.
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
type WaitResult = Result<(), Error>;

/// Makes a call and accounts for it. An error here means that the call went wrong.
pub async fn make(
    client: &Client,
    world: &World,
    ledger: &Ledger,
    random: &mut fastrand::Rng,
    number: u64,
) -> Result<()> {
    // One in ten is given up, most of them half-way.
    let patience = match random.u8(..10) {
        0 => Duration::from_micros(random.u64(..8000)),
        _ => Duration::from_secs(60),
    };
    let mark = format!("mark {number}");
    let (name, ended) = match random.u8(..8) {
        0 => ("get", given(patience, get(client, world, random)).await),
        1 => ("get unknown", given(patience, get_unknown(client)).await),
        2 => ("list", given(patience, list(client, world, random)).await),
        3 => (
            "list all",
            given(patience, list_all(client, world, random)).await,
        ),
        4 => ("pending", given(patience, pending(client, world)).await),
        5 => ("headers", given(patience, headers(client, world)).await),
        6 => ("wait", given(patience, wait(client, world, random)).await),
        _ => {
            let ended = given(patience, update(client, &mark, random)).await;
            ledger.marked(mark, made(&ended));
            ("update", ended)
        }
    };
    match ended {
        None => ledger.count(name, "given up"),
        Some(Err(wrong)) => return Err(wrong.context(name)),
        Some(Ok(Ok(()))) => ledger.count(name, "right"),
        Some(Ok(Err(error))) => {
            let kind = expected(&error).with_context(|| format!("{name}: {error}"))?;
            ledger.count(name, &kind);
        }
    }
    Ok(())
}

/// What a call comes to, or nothing when the patience ends first.
async fn given(
    patience: Duration,
    call: impl Future<Output = Result<WaitResult>>,
) -> Option<Result<WaitResult>> {
    tokio::time::timeout(patience, call).await.ok()
}

/// The name of an error that such a tenant may well cause.
fn expected(error: &Error) -> Result<String> {
    match (error.kind(), error.status()) {
        (ErrorKind::Timeout | ErrorKind::Connect | ErrorKind::InvalidResponse, _) => {
            Ok(error.kind().as_str().to_owned())
        }
        // A token endpoint that shows a page to log in.
        (ErrorKind::Authentication, Some(200)) => Ok("authentication".to_owned()),
        // 401: the new token ended as well before it was used.
        (ErrorKind::Http, Some(status @ (401 | 429 | 500 | 502 | 503 | 504))) => {
            Ok(format!("http {status}"))
        }
        _ => bail!("this error does not fit"),
    }
}

/// What may have become of an update that ended like this.
fn made(ended: &Option<Result<WaitResult>>) -> Made {
    match ended {
        Some(Ok(Ok(()))) => Made::Once,
        // Refused, or never sent because there was no token.
        Some(Ok(Err(error)))
            if matches!(error.kind(), ErrorKind::Http | ErrorKind::Authentication) =>
        {
            Made::Never
        }
        _ => Made::AtMostOnce,
    }
}

async fn get(client: &Client, world: &World, random: &mut fastrand::Rng) -> Result<WaitResult> {
    let wanted = world.any_id(random);
    right(client.get_task_status(wanted).await, |response| {
        let task: Value = response.json()?;
        ensure!(task["id"] == wanted, "another task came: {}", task["id"]);
        Ok(())
    })
}

async fn get_unknown(client: &Client) -> Result<WaitResult> {
    match client.get_task_status("unknown").await {
        Ok(_) => bail!("a task that is not there came"),
        Err(error) if error.status() == Some(404) => Ok(Ok(())),
        Err(error) => Ok(Err(error)),
    }
}

async fn list(client: &Client, world: &World, random: &mut fastrand::Rng) -> Result<WaitResult> {
    let total = world.ids.len();
    let (offset, limit) = (random.usize(..total), random.usize(..=250));
    let options = TaskStatusListOptions {
        offset: Some(i64::try_from(offset)?),
        limit: Some(i64::try_from(limit)?),
        count: Some(true),
        ..Default::default()
    };
    right(client.get_task_status_list(options).await, |response| {
        let wanted = &world.ids[offset..total.min(offset + limit)];
        ensure!(ids(response)? == wanted, "other tasks came");
        ensure!(
            response.total_count() == Some(total as u64),
            "another total came"
        );
        Ok(())
    })
}

async fn list_all(
    client: &Client,
    world: &World,
    random: &mut fastrand::Rng,
) -> Result<WaitResult> {
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
        "{} of {} tasks came",
        all.len(),
        world.ids.len()
    );
    Ok(Ok(()))
}

async fn pending(client: &Client, world: &World) -> Result<WaitResult> {
    let result = client
        .get_pending_tasks(PendingTasksOptions::default())
        .await;
    right(result, |response| {
        let came: HashSet<String> = ids(response)?.into_iter().collect();
        ensure!(came == world.pending, "other pending tasks came");
        Ok(())
    })
}

async fn headers(client: &Client, world: &World) -> Result<WaitResult> {
    let options = PendingTasksOptions {
        count: Some(true),
        ..Default::default()
    };
    right(client.get_pending_task_headers(options).await, |response| {
        // The tenant's page to log in comes without its body here, and so without a total.
        let total = world.pending.len() as u64;
        let is_page = response.header("content-type") == Some("text/html");
        ensure!(
            is_page || response.total_count() == Some(total),
            "another total came"
        );
        Ok(())
    })
}

/// Waits for tasks that have finished already: each comes once.
async fn wait(client: &Client, world: &World, random: &mut fastrand::Rng) -> Result<WaitResult> {
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
    let mut came = HashSet::new();
    while let Some(ended) = waiting.next().await {
        match ended.result {
            Ok(response) => {
                let task: Value = response.json()?;
                ensure!(task["id"] == ended.id.as_str(), "another task came");
                ensure!(came.insert(ended.id), "a task came twice");
            }
            Err(error) => return Ok(Err(error)),
        }
    }
    ensure!(came == finished, "not every task came");
    Ok(Ok(()))
}

async fn update(client: &Client, mark: &str, random: &mut fastrand::Rng) -> Result<WaitResult> {
    let patch = json!([{"op": "add", "path": "/attributes/marks/-", "value": mark}]);
    let patch = JsonPatch::parse(&patch.to_string())?;
    let id = format!("marked{:02}", random.usize(..MARKED));
    right(client.update_task_status(&id, patch).await, |response| {
        let task: Value = response.json()?;
        let marks = task["attributes"]["marks"].as_array().context("no marks")?;
        ensure!(
            marks.last().is_some_and(|last| last == mark),
            "the mark is missing"
        );
        Ok(())
    })
}

/// Looks at an response; a call without one ended with an error.
fn right(
    result: Result<Response, Error>,
    look: impl FnOnce(&Response) -> Result<()>,
) -> Result<WaitResult> {
    match result {
        Ok(response) => look(&response).map(Ok),
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

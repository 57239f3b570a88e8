//! Many requests: every task of a list, tasks by their ids, and GETs next to a listing.

use std::collections::HashSet;

use anyhow::{Result, ensure};
use serde::Deserialize;
use v2024_task_management::{Client, TaskStatusListOptions};

use crate::{Work, shared, variable};

/// What is read of a task.
#[derive(Deserialize)]
pub struct Task {
    pub id: String,
}

/// Lists every task of a tenant that has `count`.
pub async fn all(client: &Client, count: usize) -> Result<()> {
    let mut listing = client.all_task_statuses(TaskStatusListOptions::default(), None)?;
    let mut ids = Vec::new();
    while let Some(page) = listing.next_page().await {
        let tasks: Vec<Task> = page?.json()?;
        ids.extend(tasks.into_iter().map(|task| task.id));
    }
    check(&ids, count)
}

/// Gets `count` tasks by the ids in `V2024_BENCH_IDS`.
pub async fn ids(client: &Client, count: usize, at_once: usize) -> Result<()> {
    let wanted = variable("V2024_BENCH_IDS")?;
    let wanted = wanted.split(',').map(str::to_owned).collect();
    let mut results = client.get_task_statuses(wanted, at_once)?;
    let mut ids = Vec::new();
    while let Some(task) = results.next().await {
        ids.push(task.result?.json::<Task>()?.id);
    }
    check(&ids, count)
}

/// Gets one task `count` times from several threads, and lists every task of the tenant meanwhile.
pub async fn mixed(client: Client, count: usize, threads: usize) -> Result<()> {
    let tasks = variable("V2024_BENCH_TASKS")?.parse()?;
    let work = Work::Get(variable("V2024_BENCH_ID")?);
    let lister = client.clone();
    let listing = tokio::spawn(async move { all(&lister, tasks).await });
    shared(client, work, count, threads).await?;
    listing.await?
}

/// Whether nothing was lost: as many tasks as wanted, all different.
fn check(ids: &[String], count: usize) -> Result<()> {
    let different = ids.iter().collect::<HashSet<_>>().len();
    ensure!(
        ids.len() == count && different == count,
        "{} tasks, {different} different ones, instead of {count}",
        ids.len()
    );
    Ok(())
}

//! The Rust crate as a contender. Usage: v2024-bench-client JOB COUNT THREADS, with settings from
//! `SAIL_*` and the task's id from `V2024_BENCH_ID`. The jobs get and page are those of
//! `benches/c/client.c`; the job id prints the id of a pending task for all contenders.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::runtime::{Builder, Runtime};
use v2024_task_management::{Client, PendingTasksOptions, TaskStatusListOptions};

#[derive(Clone)]
enum Work {
    Get(String),
    Page,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [job, count, threads] = arguments.as_slice() else {
        bail!("usage: v2024-bench-client JOB COUNT THREADS");
    };
    let (count, threads): (usize, usize) = (count.parse()?, threads.parse()?);
    let client = Client::from_environment()?;
    let runtime = runtime(threads)?;
    let work = match job.as_str() {
        "id" => {
            println!("{}", runtime.block_on(pending_id(&client))?);
            return Ok(());
        }
        "get" => Work::Get(std::env::var("V2024_BENCH_ID").context("V2024_BENCH_ID")?),
        "page" => Work::Page,
        other => bail!("no such job: {other}"),
    };
    runtime.block_on(repeat(client.clone(), work.clone(), count / 10 + 1))?;
    let took = runtime.block_on(shared(client, work, count, threads))?;
    println!("{}", serde_json::json!({"seconds": took.as_secs_f64()}));
    Ok(())
}

/// For one thread, a current-thread runtime: in another one, every response has to wake another thread.
fn runtime(threads: usize) -> std::io::Result<Runtime> {
    match threads {
        1 => Builder::new_current_thread().enable_all().build(),
        _ => Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_all()
            .build(),
    }
}

async fn shared(client: Client, work: Work, count: usize, threads: usize) -> Result<Duration> {
    let start = Instant::now();
    let tasks: Vec<_> = (0..threads)
        .map(|_| tokio::spawn(repeat(client.clone(), work.clone(), count / threads)))
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(start.elapsed())
}

async fn repeat(client: Client, work: Work, count: usize) -> Result<()> {
    for _ in 0..count {
        let response = match &work {
            Work::Get(id) => client.get_task_status(id).await?,
            Work::Page => {
                let limit = Some(250);
                client
                    .get_task_status_list(TaskStatusListOptions {
                        limit,
                        ..Default::default()
                    })
                    .await?
            }
        };
        ensure!(response.json_text().is_some(), "a response without JSON");
    }
    Ok(())
}

async fn pending_id(client: &Client) -> Result<String> {
    let response = client
        .get_pending_tasks(PendingTasksOptions {
            limit: Some(1),
            ..Default::default()
        })
        .await?;
    let tasks: serde_json::Value = response.json()?;
    let id = tasks[0]["id"].as_str().context("no task is pending")?;
    Ok(id.to_owned())
}

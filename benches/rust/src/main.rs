//! The Rust crate as a contender. Usage: v2024-bench-client JOB COUNT THREADS, with settings from
//! `SAIL_*` and the task's id from `V2024_BENCH_ID`. The jobs get and page are those of
//! `benches/c/client.c`, all and ids those of `benches/powershell/many.ps1`; mixed gets the task COUNT
//! times while it lists `V2024_BENCH_TASKS` tasks. The job pending prints the ids of COUNT pending
//! tasks, separated by commas, for all contenders.

mod many;

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
    let took = match job.as_str() {
        "pending" => {
            println!("{}", runtime.block_on(pending_ids(&client, count))?);
            return Ok(());
        }
        "get" => {
            let work = Work::Get(variable("V2024_BENCH_ID")?);
            runtime.block_on(warmed_up(client, work, count, threads))
        }
        "page" => runtime.block_on(warmed_up(client, Work::Page, count, threads)),
        "all" => runtime.block_on(timed(many::all(&client, count))),
        "ids" => runtime.block_on(timed(many::ids(&client, count, threads))),
        "mixed" => runtime.block_on(timed(many::mixed(client, count, threads))),
        other => bail!("no such job: {other}"),
    }?;
    println!("{}", serde_json::json!({"seconds": took.as_secs_f64()}));
    Ok(())
}

fn variable(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| name.to_owned())
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

/// Does a tenth of the work first.
async fn warmed_up(client: Client, work: Work, count: usize, threads: usize) -> Result<Duration> {
    repeat(client.clone(), work.clone(), count / 10 + 1).await?;
    timed(shared(client, work, count, threads)).await
}

async fn timed(work: impl Future<Output = Result<()>>) -> Result<Duration> {
    let start = Instant::now();
    work.await?;
    Ok(start.elapsed())
}

async fn shared(client: Client, work: Work, count: usize, threads: usize) -> Result<()> {
    let tasks: Vec<_> = (0..threads)
        .map(|_| tokio::spawn(repeat(client.clone(), work.clone(), count / threads)))
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
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

async fn pending_ids(client: &Client, count: usize) -> Result<String> {
    let options = PendingTasksOptions {
        limit: Some(count.try_into()?),
        ..Default::default()
    };
    let tasks: Vec<many::Task> = client.get_pending_tasks(options).await?.json()?;
    ensure!(tasks.len() == count, "{} tasks are pending", tasks.len());
    let ids: Vec<_> = tasks.into_iter().map(|task| task.id).collect();
    Ok(ids.join(","))
}

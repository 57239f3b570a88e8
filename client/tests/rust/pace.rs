//! The pace under a tenant's rate limit.

use std::time::Instant;

use serde_json::json;
use v2024_sandbox::{Operation, Options, Rate};

use crate::common::*;

/// Nine windows of 50 requests in a second: single tasks by id, and a listing beside them.
#[tokio::test]
async fn many_calls_use_a_limit_up_and_seldom_exceed_it() {
    const WINDOWS: usize = 9;
    let options = Options {
        tasks: 300,
        ..Default::default()
    };
    let tenant = tenant_with(options, json!({ "RetryIntervalSeconds": 1 })).await;
    tenant
        .sandbox
        .change_rules(|rules| rules.rate = Some(Rate::new(50, 1)));
    let pages = v2024_task_management::TaskStatusListOptions {
        limit: Some(8),
        ..list()
    };
    let mut listing = tenant.client.all_task_statuses(pages, None).unwrap();
    let mut ids = tenant.sandbox.task_ids();
    ids.extend(ids.clone());
    let started = Instant::now();
    let listed = async {
        let mut pages = 0;
        while let Some(page) = listing.next_page().await {
            page.unwrap();
            pages += 1;
        }
        pages
    };
    ids.truncate(50 * WINDOWS - 100);
    let wanted = ids.len();
    let mut tasks = tenant.client.get_task_statuses(ids, 4).unwrap();
    let read = async {
        while let Some(task) = tasks.next().await {
            task.result.unwrap();
        }
    };
    let (pages, ()) = tokio::join!(listed, read);
    let seconds = started.elapsed().as_secs_f64();
    let requests = tenant.sandbox.requests();
    let refused = requests
        .iter()
        .filter(|request| request.status == Some(429))
        .count();
    let answered = requests
        .iter()
        .filter(|request| request.operation != Operation::Token && request.status == Some(200))
        .count();
    println!("{answered} requests in {seconds} s, {refused} refused");
    assert_eq!(answered, wanted + pages);
    // Two windows teach the limit, and up to eight requests are on their way when one is full.
    assert!(refused <= 2 * 8, "{refused} refused");
    let least = answered.div_ceil(50) - 1;
    assert!(seconds >= least as f64, "{seconds} s");
    assert!(seconds <= 1.25 * least as f64, "{seconds} s");
}

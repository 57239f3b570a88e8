//! Measures parts of the client on their own: `cargo bench`, or `cargo bench -- rows` for some.
//!
//! `cargo xtask bench` measures whole calls, including the network.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hash::RandomState;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::json;
use v2024_sandbox::{Options, Sandbox};
use v2024_task_management::{Settings, TaskStatusListOptions, benching};

/// Spare capacity: more than the JSON around a body.
const ROOM: usize = 4096;
const ID: &str = "2c91808a7f3b1c4d017f3b2e5a6c0d1e";

/// A task as the tenant sends it, and a page of 250.
fn bodies() -> [(&'static str, String); 2] {
    let sandbox = Sandbox::start_blocking(Options {
        tasks: 250,
        ..Options::default()
    })
    .unwrap();
    let tasks: Vec<String> = sandbox.tasks().iter().map(ToString::to_string).collect();
    [
        ("a task", tasks[0].clone()),
        ("a page of 250", format!("[{}]", tasks.join(","))),
    ]
}

fn responses(c: &mut Criterion) {
    let bodies = bodies();
    let mut group = c.benchmark_group("read a body");
    for (name, body) in &bodies {
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(*name, |bencher| {
            bencher.iter_batched(
                || body.clone().into_bytes(),
                |bytes| benching::response(200, bytes),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();

    let mut group = c.benchmark_group("build the C ABI's result");
    for (name, body) in &bodies {
        // With spare capacity like a received body, because the rest of the JSON is put around it.
        let received = || {
            let mut bytes = Vec::with_capacity(body.len() + ROOM);
            bytes.extend_from_slice(body.as_bytes());
            Ok(benching::response(200, bytes))
        };
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(*name, |bencher| {
            bencher.iter_batched(received, benching::result, BatchSize::LargeInput);
        });
    }
    group.finish();

    let page = benching::response(200, bodies[1].1.clone().into_bytes());
    let hasher = RandomState::new();
    let mut group = c.benchmark_group("split into rows");
    group.throughput(Throughput::Elements(250));
    group.bench_function("a page of 250", |bencher| {
        bencher.iter(|| benching::rows(black_box(&page), &hasher).unwrap());
    });
    group.finish();
}

fn errors(c: &mut Criterion) {
    let body = json!({
        "detailCode": "404 Not found",
        "trackingId": "7a3f0c5d9e1b4f62a8c0d1e2f3a4b5c6",
        "messages": [{"locale": "en-US", "localeOrigin": "DEFAULT", "text": "The task was not found."}],
        "causes": [],
    });
    let response = benching::response(404, body.to_string().into_bytes());
    c.bench_function("explain a refusal", |bencher| {
        bencher.iter_batched(
            || response.clone(),
            |response| benching::refused(ID, response).unwrap(),
            BatchSize::SmallInput,
        );
    });
    c.bench_function("build the C ABI's result/a refusal", |bencher| {
        bencher.iter_batched(
            || Err(benching::refused(ID, response.clone()).unwrap()),
            benching::result,
            BatchSize::SmallInput,
        );
    });
}

fn requests(c: &mut Criterion) {
    c.bench_function("encode a path", |bencher| {
        bencher.iter(|| benching::path(black_box(ID)).unwrap());
    });
    let options = TaskStatusListOptions {
        limit: Some(250),
        offset: Some(500),
        count: Some(true),
        filters: Some(
            r#"completionStatus eq "ERROR" and type eq "CLOUD_ACCOUNT_AGGREGATION""#.into(),
        ),
        sorters: Some("-created".into()),
    };
    c.bench_function("encode a query", |bencher| {
        bencher.iter(|| benching::query(black_box(&options).clone()).unwrap());
    });
    let request = json!({"operation": "get_task_status", "id": ID}).to_string();
    c.bench_function("read the request of a call", |bencher| {
        bencher.iter(|| benching::call_request(black_box(&request)).unwrap());
    });
    let settings = json!({
        "BaseUrl": "https://acme.api.identitynow.com",
        "ClientId": "id",
        "ClientSecret": "secret",
        "Environment": {},
        "Folder": "/nowhere",
    })
    .to_string();
    c.bench_function("read settings", |bencher| {
        bencher.iter(|| Settings::from_json(black_box(&settings)).unwrap());
    });
}

criterion_group!(core, responses, errors, requests);
criterion_main!(core);

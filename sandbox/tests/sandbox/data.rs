use std::{collections::HashSet, time::Duration};

use serde_json::{Value, json};
use v2024_sandbox::{Churn, Options, Rules, Sandbox};

use crate::client::{Client, LIST, PENDING};

fn tasks(sandbox: &Sandbox) -> Vec<Value> {
    sandbox
        .tasks()
        .iter()
        .map(|task| serde_json::from_str(task).unwrap())
        .collect()
}

fn options() -> Options {
    Options {
        tasks: 1000,
        pending: 30,
        seed: 5,
        ..Options::default()
    }
}

fn milliseconds(date: &Value) -> i64 {
    date.as_str()
        .unwrap()
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_millisecond()
}

#[tokio::test]
async fn the_same_seed_gives_the_same_tasks() {
    let read = async |seed| {
        let sandbox = Sandbox::start(Options { seed, ..options() }).await.unwrap();
        let mut tasks = tasks(&sandbox);
        for task in &mut tasks {
            for date in ["created", "modified", "launched", "completed"] {
                task[date] = task[date].is_string().into();
            }
        }
        tasks
    };
    let first = read(5).await;
    assert_eq!(first, read(5).await);
    assert_ne!(first, read(6).await);
}

#[tokio::test]
async fn tasks_are_of_many_kinds() {
    let sandbox = Sandbox::start(options()).await.unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    let tasks = tasks(&sandbox);
    assert_eq!(tasks.len(), 1000);
    let pending: Vec<&Value> = tasks
        .iter()
        .filter(|task| task["completionStatus"].is_null())
        .collect();
    assert_eq!(pending.len(), 30);
    assert!(pending.iter().all(|task| task["completed"].is_null()));
    let day = 24 * 3600 * 1000;
    let age = |task: &Value| now - milliseconds(&task["created"]);
    assert_eq!(
        pending.iter().filter(|task| age(task) > day).count(),
        10,
        "stuck"
    );
    assert!(
        pending.iter().any(|task| task["launched"].is_null()),
        "not launched yet"
    );
    assert!(
        pending
            .iter()
            .any(|task| task["id"] == "00eebcf881994e419d72e757fd30dc0e"),
        "the documented one"
    );
    let failed_today = tasks
        .iter()
        .filter(|task| task["completionStatus"] == "ERROR" && age(task) < day);
    assert!(failed_today.count() > 3);
    for task in &tasks {
        assert!((0..90 * day).contains(&age(task)));
        if let (Some(_), Some(_)) = (task["completed"].as_str(), task["launched"].as_str()) {
            assert!(milliseconds(&task["launched"]) < milliseconds(&task["completed"]));
            assert!(milliseconds(&task["completed"]) <= now);
        }
    }
    let values = |member: &str| {
        tasks
            .iter()
            .map(|task| task[member].to_string())
            .collect::<HashSet<_>>()
    };
    for status in [
        "null",
        "\"SUCCESS\"",
        "\"WARNING\"",
        "\"ERROR\"",
        "\"TERMINATED\"",
        "\"TEMPERROR\"",
    ] {
        assert!(values("completionStatus").contains(status), "{status}");
    }
    assert_eq!(values("type").len(), 3);
    assert!(values("parentName").contains("null"));
    assert!(
        tasks
            .iter()
            .any(|task| task.get("taskDefinitionSummary").is_none()),
        "a missing member"
    );
    assert!(
        tasks
            .iter()
            .any(|task| task["taskDefinitionSummary"]["description"].is_null())
    );
    assert!(tasks.iter().any(|task| task.get("target").is_none()));
    assert!(
        tasks
            .iter()
            .any(|task| task.get("target") == Some(&Value::Null))
    );
    assert!(
        tasks
            .iter()
            .any(|task| task["uniqueName"].as_str().unwrap().contains("HR – Zürich"))
    );
    let sources: HashSet<_> = tasks
        .iter()
        .filter_map(|task| task["target"]["id"].as_str())
        .collect();
    assert_eq!(sources.len(), 9);
    let created: Vec<i64> = tasks
        .iter()
        .map(|task| milliseconds(&task["created"]))
        .collect();
    assert!(
        created.is_sorted_by(|one, next| one >= next),
        "newest first"
    );
}

#[tokio::test]
async fn a_page_has_the_size_of_a_real_one() {
    let client = Client::new(Options {
        tasks: 5000,
        ..options()
    })
    .await;
    for offset in [0, 1000, 4000] {
        let page = client
            .get(&format!("{LIST}?offset={offset}"))
            .await
            .text
            .len();
        assert!((430_000..460_000).contains(&page), "{page} bytes");
    }
}

#[tokio::test]
async fn tasks_do_not_change_without_progress() {
    let client = Client::new(options()).await;
    let before = client.get(PENDING).await.text;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(client.get(PENDING).await.text, before);
}

#[tokio::test]
async fn running_tasks_advance_and_finish() {
    let progress = Some(Duration::from_millis(30));
    let client = Client::new(Options {
        tasks: 40,
        pending: 15,
        progress,
        ..Options::default()
    })
    .await;
    let percent = async || {
        let tasks = client.get(PENDING).await.json();
        tasks
            .as_array()
            .unwrap()
            .iter()
            .map(|task| task["percentComplete"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    let before = client.get(PENDING).await.ids();
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert!(percent().await.iter().all(|percent| *percent <= 99));
    tokio::time::sleep(Duration::from_millis(400)).await;
    let stuck = client.get(PENDING).await.ids();
    assert_eq!(stuck.len(), 5, "every third is stuck");
    for id in before.iter().filter(|id| !stuck.contains(id)) {
        let task = client.get(&format!("{LIST}/{id}")).await.json();
        let status = task["completionStatus"].as_str().unwrap();
        assert!(milliseconds(&task["completed"]) > milliseconds(&task["launched"]));
        if status == "SUCCESS" {
            assert_eq!(
                (&task["percentComplete"], &task["progress"]),
                (&json!(100), &json!("Completed"))
            );
        }
        assert_eq!(
            task["messages"].as_array().unwrap().is_empty(),
            status == "SUCCESS"
        );
    }
    assert_eq!(
        client
            .get(&format!("{LIST}?count=true"))
            .await
            .header("x-total-count"),
        Some("40")
    );
}

#[tokio::test]
async fn a_cleared_task_does_not_change_again() {
    let progress = Some(Duration::from_millis(60));
    let client = Client::new(Options {
        tasks: 3,
        pending: 3,
        progress,
        ..Options::default()
    })
    .await;
    let pending = client.get(PENDING).await.ids();
    let patch = r#"[{"op":"replace","path":"/completionStatus","value":"Mine"}]"#;
    for id in &pending {
        assert_eq!(
            client.patch(&format!("{LIST}/{id}"), patch).await.status,
            200
        );
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    for id in &pending {
        assert_eq!(
            client.get(&format!("{LIST}/{id}")).await.json()["completionStatus"],
            "Mine"
        );
    }
}

#[tokio::test]
async fn churn_is_seeded_and_keeps_the_lists_whole() {
    let run = async || {
        let churn = Churn {
            insert: 0.5,
            prune: 0.5,
            remove: 0.5,
            finish: 0.5,
            burst: 4,
        };
        let rules = Rules {
            churn: Some(churn),
            ..Rules::default()
        };
        let client = Client::new(Options {
            tasks: 300,
            pending: 100,
            rules,
            ..Options::default()
        })
        .await;
        let before: HashSet<String> = client.sandbox.tasks().into_iter().collect();
        let mut totals = Vec::new();
        for _ in 0..40 {
            let all = client.get(&format!("{LIST}?count=true&limit=0")).await;
            let pending = client.get(&format!("{PENDING}?count=true")).await;
            totals.push((
                all.header("x-total-count").unwrap().to_owned(),
                pending.ids(),
            ));
        }
        let after: HashSet<String> = client.sandbox.tasks().into_iter().collect();
        assert!(
            after.difference(&before).count() > 10,
            "new and finished tasks"
        );
        assert!(
            before.difference(&after).count() > 10,
            "removed and finished tasks"
        );
        let tasks = tasks(&client.sandbox);
        let ids: HashSet<_> = tasks
            .iter()
            .map(|task| task["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids.len(), tasks.len());
        let pending: Vec<_> = tasks
            .iter()
            .filter(|task| task["completionStatus"].is_null())
            .map(|task| task["id"].as_str().unwrap())
            .collect();
        client.sandbox.change_rules(|rules| rules.churn = None);
        assert_eq!(client.get(PENDING).await.ids(), pending);
        totals
    };
    assert_eq!(run().await, run().await);
}

//! Waiting for tasks to finish.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};
use v2024_sandbox::{Action, Fault, Operation, Options};
use v2024_task_management::{ErrorKind, JsonPatch, WaitOptions, WaitResult, Waiting};

use crate::common::*;

fn quick() -> WaitOptions {
    WaitOptions {
        polling_interval: Duration::from_millis(20),
        timeout: Some(Duration::from_secs(20)),
    }
}

async fn all(mut waiting: Waiting) -> HashMap<String, WaitResult> {
    let mut ended = HashMap::new();
    while let Some(end) = waiting.next().await {
        assert!(
            ended.insert(end.id.clone(), end).is_none(),
            "an id ended twice"
        );
    }
    ended
}

fn task(id: &str, completed: Value, status: Value) -> String {
    json!({
        "id": id,
        "uniqueName": id,
        "completed": completed,
        "completionStatus": status,
        "percentComplete": 50
    })
    .to_string()
}

#[tokio::test]
async fn c02_finished_only_when_both_are_set() {
    let tenant = tenant().await;
    let bodies = [
        r#"{"id":"x"}"#.to_owned(),
        task("x", json!(null), json!(null)),
        task("x", json!("2025-01-02T03:09:05Z"), json!(null)),
        task("x", json!(null), json!("SUCCESS")),
        task("x", json!("2025-01-02T03:09:05Z"), json!("SUCCESS")),
    ];
    for (skip, body) in (0..).zip(bodies) {
        tenant.sandbox.fault(Fault {
            operation: Operation::Get,
            skip,
            ..fault(reply_with(200, &[], &body))
        });
    }
    let ended = all(tenant
        .client
        .wait_for_task_statuses(vec!["x".into()], &quick())
        .unwrap())
    .await;
    let task: Value = ended["x"].result.as_ref().unwrap().json().unwrap();
    assert_eq!(task["completionStatus"], "SUCCESS");
    assert_eq!(tenant.calls().len(), 5);
}

#[tokio::test]
async fn several_tasks_are_polled_by_a_filtered_list() {
    let tenant = tenant_with(
        Options {
            tasks: 200,
            pending: 0,
            ..Default::default()
        },
        json!({}),
    )
    .await;
    let ids: Vec<String> = tenant
        .sandbox
        .tasks()
        .iter()
        .map(|task| {
            serde_json::from_str::<Value>(task).unwrap()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let ended = all(tenant
        .client
        .wait_for_task_statuses(ids.clone(), &quick())
        .unwrap())
    .await;
    assert_eq!(ended.len(), 200);
    assert!(ended.values().all(|end| end.result.is_ok()));
    let requests = tenant.sandbox.requests();
    let filters: Vec<_> = requests
        .iter()
        .filter_map(|request| request.parameter("filters"))
        .collect();
    assert_eq!(filters.len(), 2);
    assert!(
        filters[0].starts_with(&format!("id in (\"{}\",\"{}\"", ids[0], ids[1])),
        "{}",
        filters[0]
    );
    assert_eq!(requests.len(), 3);
}

#[tokio::test]
async fn long_ids_are_split_into_filters_that_fit_a_url() {
    let tenant = tenant().await;
    let ids: Vec<String> = (0..20)
        .map(|number| format!("{number:02}{}", "\u{1f600}".repeat(500)))
        .collect();
    let tasks: Vec<String> = ids
        .iter()
        .map(|id| task(id, json!("2025-01-02T03:09:05Z"), json!("SUCCESS")))
        .collect();
    tenant
        .sandbox
        .set_tasks(&format!("[{}]", tasks.join(",")))
        .unwrap();
    let ended = all(tenant.client.wait_for_task_statuses(ids, &quick()).unwrap()).await;
    assert_eq!(ended.len(), 20);
    assert!(ended.values().all(|end| end.result.is_ok()));
    assert!(tenant.calls().len() > 1);
    assert!(tenant.calls().iter().all(|call| call.len() < 32 << 10));
}

#[tokio::test]
async fn tasks_that_never_existed_vanished_or_still_run() {
    let tenant = tenant().await;
    tenant
        .sandbox
        .set_tasks(&format!(
            "[{},{},{}]",
            task("runs", json!(null), json!(null)),
            task("vanishes", json!(null), json!(null)),
            task("a\"b\\c", json!("2025-01-02T03:09:05Z"), json!("ERROR"))
        ))
        .unwrap();
    let ids = ["runs", "vanishes", "never", "a\"b\\c", "runs"]
        .map(str::to_owned)
        .to_vec();
    let options = WaitOptions {
        timeout: Some(Duration::from_millis(400)),
        ..quick()
    };
    let mut waiting = tenant.client.wait_for_task_statuses(ids, &options).unwrap();
    let mut ended: HashMap<String, WaitResult> = HashMap::new();
    for _ in 0..2 {
        let end = waiting.next().await.unwrap();
        ended.insert(end.id.clone(), end);
    }
    assert!(tenant.sandbox.remove_task("vanishes"));
    ended.extend(all(waiting).await);
    let kind = |id: &str| ended[id].result.as_ref().unwrap_err().kind();
    let never = ended["never"].result.as_ref().unwrap_err();
    assert_eq!((never.kind(), never.status()), (ErrorKind::Http, Some(404)));
    assert_eq!(kind("vanishes"), ErrorKind::Gone);
    assert_eq!(kind("runs"), ErrorKind::Timeout);
    assert_eq!(
        ended["runs"].result.as_ref().unwrap_err().message(),
        "task runs has not finished within 0.4 s"
    );
    assert!(ended["a\"b\\c"].result.is_ok());
    assert_eq!(ended.len(), 4);
}

#[tokio::test]
async fn temporary_errors_are_waited_out_and_refusals_are_not() {
    let tenant = tenant_with(Options::default(), json!({ "MaximumRetryCount": 0 })).await;
    let finished = tenant.an_id();
    let running = task(&finished, json!(null), json!(null));
    let actions = [
        reply_with(200, &[], &running),
        reply(503),
        Action::Drop,
        Action::Truncate,
        reply(500),
    ];
    for (skip, action) in (0..).zip(actions) {
        tenant.sandbox.fault(Fault {
            operation: Operation::Get,
            skip,
            ..fault(action)
        });
    }
    let ended = all(tenant
        .client
        .wait_for_task_statuses(vec![finished.clone()], &quick())
        .unwrap())
    .await;
    assert!(ended[&finished].result.is_ok());
    assert_eq!(tenant.calls().len(), 6);

    tenant.sandbox.clear_requests();
    tenant.sandbox.fault(Fault {
        times: 0,
        ..fault(reply(403))
    });
    let ended = all(tenant
        .client
        .wait_for_task_statuses(vec![finished.clone(), "x".into()], &quick())
        .unwrap())
    .await;
    assert!(
        ended
            .values()
            .all(|end| end.result.as_ref().unwrap_err().status() == Some(403))
    );
    assert_eq!((ended.len(), tenant.calls().len()), (2, 1));
}

#[tokio::test]
async fn a_task_that_ends_before_the_deadline_is_found_at_the_deadline() {
    let tenant = tenant().await;
    tenant
        .sandbox
        .set_tasks(&format!("[{}]", task("x", Value::Null, Value::Null)))
        .unwrap();
    let options = WaitOptions {
        polling_interval: Duration::from_millis(800),
        timeout: Some(Duration::from_millis(600)),
    };
    let waiting = tenant
        .client
        .wait_for_task_statuses(vec!["x".into()], &options)
        .unwrap();
    let ends = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let ended = task("x", json!("2026-01-02T03:04:05Z"), json!("SUCCESS"));
        tenant.sandbox.set_tasks(&format!("[{ended}]")).unwrap();
    };
    let (ended, ()) = tokio::join!(all(waiting), ends);
    assert!(ended["x"].result.is_ok(), "{:?}", ended["x"].result);
    assert_eq!(tenant.calls().len(), 2, "{:?}", tenant.calls());

    // A timeout of zero is one look.
    tenant.sandbox.clear_requests();
    let options = WaitOptions {
        timeout: Some(Duration::ZERO),
        ..options
    };
    let waiting = tenant
        .client
        .wait_for_task_statuses(vec!["x".into()], &options)
        .unwrap();
    assert!(all(waiting).await["x"].result.is_ok());
    assert_eq!(tenant.calls().len(), 1, "{:?}", tenant.calls());
}

#[tokio::test]
async fn c44_a_task_with_half_a_character_in_its_name_ends_at_the_first_look() {
    let tenant = tenant().await;
    let odd = |id: &str| {
        format!(
            r#"{{
                "id": "{id}", "uniqueName": "x \\ud83d", "completed": "now", "completed": "now",
                "completionStatus": "SUCCESS"
            }}"#
        )
    };
    tenant
        .sandbox
        .set_tasks(&format!(
            "[{},{}]",
            odd("a"),
            task("b", json!("now"), json!("ERROR"))
        ))
        .unwrap();
    for ids in [vec!["a"], vec!["a", "b"]] {
        tenant.sandbox.clear_requests();
        let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
        let waiting = tenant
            .client
            .wait_for_task_statuses(ids.clone(), &quick())
            .unwrap();
        let ended = all(waiting).await;
        for id in &ids {
            assert!(ended[id].result.is_ok(), "{id}: {:?}", ended[id].result);
        }
        assert_eq!(tenant.calls().len(), 1, "{:?}", tenant.calls());
    }
}

#[tokio::test]
async fn an_id_that_the_tenant_refuses_in_a_filter_ends_alone() {
    let tenant = tenant().await;
    let tasks = [
        task("a", json!("now"), json!("SUCCESS")),
        task("b", json!("now"), json!("SUCCESS")),
    ];
    tenant
        .sandbox
        .set_tasks(&format!("[{}]", tasks.join(",")))
        .unwrap();
    tenant.fault(Operation::List, 1, reply(400));
    let ids = ["a", "refused", "b"].map(str::to_owned).to_vec();
    tenant.sandbox.fault(Fault {
        path: Some("/v2024/task-status/refused".into()),
        ..fault(reply(400))
    });
    let ended = all(tenant.client.wait_for_task_statuses(ids, &quick()).unwrap()).await;
    assert!(ended["a"].result.is_ok() && ended["b"].result.is_ok());
    assert_eq!(
        ended["refused"].result.as_ref().unwrap_err().status(),
        Some(400)
    );
}

#[tokio::test]
async fn a_filter_that_one_id_spoils_is_halved_and_not_sent_again() {
    let tenant = tenant().await;
    let ids: Vec<String> = (0..8).map(|id| id.to_string()).collect();
    let running: Vec<String> = ids
        .iter()
        .map(|id| task(id, Value::Null, Value::Null))
        .collect();
    let running = format!("[{}]", running.join(","));
    tenant.sandbox.set_tasks(&running).unwrap();
    // The tenant refuses the filters with the id 5: of 0 to 7, of 4 to 7, of 4 and 5, of 5 and 6.
    for skip in [0, 2, 3, 4] {
        tenant.sandbox.fault(Fault {
            operation: Operation::List,
            skip,
            ..fault(reply(400))
        });
    }
    let options = WaitOptions {
        timeout: Some(Duration::from_millis(300)),
        ..quick()
    };
    let waiting = tenant
        .client
        .wait_for_task_statuses(ids.clone(), &options)
        .unwrap();
    let ended = all(waiting).await;
    assert!(
        ended
            .values()
            .all(|end| end.result.as_ref().unwrap_err().kind() == ErrorKind::Timeout)
    );
    let calls = tenant.calls();
    let refused = calls.iter().filter(|call| call.ends_with("400")).count();
    assert_eq!(refused, 4, "{calls:?}");
    let filters: Vec<String> = tenant
        .sandbox
        .requests()
        .iter()
        .filter_map(|request| request.parameter("filters").map(str::to_owned))
        .collect();
    let spoilt = filters.iter().filter(|it| it.contains("\"5\"")).count();
    assert_eq!(spoilt, 4, "{filters:?}");
    assert!(filters.len() > 8, "{filters:?}");
}

#[tokio::test]
async fn a_task_whose_response_is_another_task_ends_alone() {
    let tenant = tenant().await;
    let tasks = [
        task("a", json!("now"), json!("SUCCESS")),
        task("c", Value::Null, Value::Null),
    ];
    tenant
        .sandbox
        .set_tasks(&format!("[{}]", tasks.join(",")))
        .unwrap();
    tenant.sandbox.fault(Fault {
        path: Some("/v2024/task-status/b".into()),
        ..fault(reply_with(200, &[], &tasks[0]))
    });
    let ids = ["a", "b", "c"].map(str::to_owned).to_vec();
    let options = WaitOptions {
        timeout: Some(Duration::from_millis(200)),
        ..quick()
    };
    let ended = all(tenant.client.wait_for_task_statuses(ids, &options).unwrap()).await;
    assert!(ended["a"].result.is_ok());
    let error = |id: &str| ended[id].result.as_ref().unwrap_err();
    assert_eq!(
        error("b").message(),
        r#"GET /v2024/task-status/b: 200 OK with the task "a" instead"#
    );
    assert_eq!(error("c").kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn blanks_and_line_ends_around_an_id_are_no_part_of_it() {
    let tenant = tenant().await;
    let id = tenant.an_id();
    let given = [format!("{id}\r"), format!(" {id}\r\n"), id.clone()];
    let waiting = tenant
        .client
        .wait_for_task_statuses(given.to_vec(), &quick())
        .unwrap();
    let ended = all(waiting).await;
    assert_eq!(ended.len(), 1);
    assert!(ended[&id].result.is_ok(), "{:?}", ended[&id].result);
    let patch =
        || JsonPatch::parse(r#"{"op":"replace","path":"/description","value":"x"}"#).unwrap();
    for id in given {
        tenant.client.get_task_status(&id).await.unwrap();
        tenant
            .client
            .update_task_status(&id, patch())
            .await
            .unwrap();
    }
    let path = format!("/v2024/task-status/{id}");
    assert!(
        tenant
            .calls()
            .iter()
            .all(|call| call.contains(&format!(" {path} "))),
        "{:?}",
        tenant.calls()
    );
}

#[tokio::test]
async fn the_first_of_many_tasks_comes_before_the_last_is_looked_at() {
    let tenant = tenant_with(
        Options {
            tasks: 2000,
            pending: 0,
            ..Options::default()
        },
        json!({}),
    )
    .await;
    let ids = tenant.sandbox.task_ids();
    let mut waiting = tenant
        .client
        .wait_for_task_statuses(ids.clone(), &quick())
        .unwrap();
    assert_eq!(waiting.next().await.unwrap().id, ids[0]);
    assert_eq!(tenant.calls().len(), 1);
    assert_eq!(all(waiting).await.len(), ids.len() - 1);
    assert_eq!(tenant.calls().len(), 20);
}

#[tokio::test]
async fn a_wait_that_is_broken_off_goes_on_with_the_next_call() {
    let tenant = tenant().await;
    let running = task("x", Value::Null, Value::Null);
    tenant.sandbox.set_tasks(&format!("[{running}]")).unwrap();
    let options = WaitOptions {
        polling_interval: Duration::from_secs(8),
        timeout: Some(Duration::from_millis(700)),
    };
    let mut waiting = tenant
        .client
        .wait_for_task_statuses(vec!["x".into()], &options)
        .unwrap();
    let brief = tokio::time::timeout(Duration::from_millis(300), waiting.next()).await;
    assert!(brief.is_err(), "{brief:?}");
    let ended = task("x", json!("now"), json!("SUCCESS"));
    tenant.sandbox.set_tasks(&format!("[{ended}]")).unwrap();
    let result = waiting.next().await.unwrap().result;
    assert!(result.is_ok(), "{result:?}");
}

#[tokio::test]
async fn a_result_that_has_come_does_not_wait_for_other_tasks() {
    let tenant = tenant().await;
    let ended = |id| task(id, json!("now"), json!("SUCCESS"));
    let listed = format!("[{}]", ended("listed"));
    tenant.sandbox.set_tasks(&listed).unwrap();
    let get = |id: &str| Some(format!("/v2024/task-status/{id}"));
    tenant.sandbox.fault(Fault {
        path: get("unlisted"),
        ..fault(reply_with(200, &[], &ended("unlisted")))
    });
    tenant.sandbox.fault(Fault {
        path: get("hangs"),
        ..fault(Action::Hang)
    });
    let ids = ["unlisted", "hangs", "listed"].map(str::to_owned).to_vec();
    let mut waiting = tenant
        .client
        .wait_for_task_statuses(ids, &WaitOptions::default())
        .unwrap();
    for (id, calls) in [("listed", 1), ("unlisted", 2)] {
        let next = tokio::time::timeout(Duration::from_secs(10), waiting.next());
        let result = next.await.unwrap().unwrap();
        assert!(result.result.is_ok(), "{result:?}");
        assert_eq!((result.id.as_str(), tenant.calls().len()), (id, calls));
    }
    // Broken off, the wait goes on where it was.
    let brief = tokio::time::timeout(Duration::from_millis(300), waiting.next()).await;
    assert!(brief.is_err(), "{brief:?}");
    let last = waiting.next().await.unwrap();
    assert_eq!(last.result.unwrap_err().status(), Some(404));
    assert!(waiting.next().await.is_none());
    assert_eq!(tenant.calls().len(), 4, "{:?}", tenant.calls());
}

#[tokio::test]
async fn the_last_look_reaches_every_task() {
    let options = Options {
        tasks: 800,
        pending: 0,
        latency: Duration::from_millis(300),
        ..Options::default()
    };
    let tenant = tenant_with(options, json!({})).await;
    let wait = WaitOptions {
        timeout: Some(Duration::ZERO),
        ..quick()
    };
    let ids = tenant.sandbox.task_ids();
    let ended = all(tenant.client.wait_for_task_statuses(ids, &wait).unwrap()).await;
    assert_eq!(ended.len(), 800);
    assert!(ended.values().all(|ended| ended.result.is_ok()));
}

#[tokio::test]
async fn an_invalid_id_is_refused_before_any_request() {
    let tenant = tenant().await;
    let error = tenant
        .client
        .wait_for_task_statuses(vec!["x".into(), "..".into()], &quick())
        .err()
        .unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(tenant.sandbox.requests(), []);
}

#[tokio::test]
async fn a_first_poll_that_fails_ends_the_wait() {
    let sandbox = sandbox().await;
    let wrong = json!({ "BaseUrl": "http://127.0.0.1:1", "MaximumRetryCount": 0 });
    let waiting = client(&sandbox, wrong).wait_for_task_statuses(vec!["x".into()], &quick());
    let ended = all(waiting.unwrap()).await;
    let error = ended["x"].result.as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
}

#[tokio::test]
async fn a_poll_that_hangs_does_not_outlast_the_timeout() {
    let tenant = tenant().await;
    tenant.fault(Operation::Api, 0, Action::Hang);
    let options = WaitOptions {
        timeout: Some(Duration::from_millis(300)),
        ..quick()
    };
    let waiting = tenant
        .client
        .wait_for_task_statuses(vec!["x".into()], &options)
        .unwrap();
    // The call's own TimeoutSeconds is 100.
    let ended = tokio::time::timeout(Duration::from_secs(20), all(waiting))
        .await
        .unwrap();
    let error = ended["x"].result.as_ref().unwrap_err();
    assert_eq!(error.message(), "task x has not finished within 0.3 s");
}

#[tokio::test]
async fn the_longest_durations_mean_no_limit() {
    let tenant = tenant().await;
    let options = WaitOptions {
        polling_interval: Duration::MAX,
        timeout: Some(Duration::MAX),
    };
    let waiting = tenant
        .client
        .wait_for_task_statuses(vec![tenant.an_id()], &options)
        .unwrap();
    let ended = all(waiting).await;
    assert!(ended.values().all(|ended| ended.result.is_ok()));

    // One that does not finish is looked at once, and then after the interval.
    let pending = tenant.client.get_pending_tasks(pending()).await.unwrap();
    let pending = pending.json::<Vec<serde_json::Value>>().unwrap();
    let mut waiting = tenant
        .client
        .wait_for_task_statuses(ids(&pending[..1]), &options)
        .unwrap();
    let next = tokio::time::timeout(Duration::from_millis(300), waiting.next()).await;
    assert!(next.is_err());
}

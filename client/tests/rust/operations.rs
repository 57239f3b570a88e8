//! The five operations: the requests sent and the responses returned.

use serde_json::{Value, json};
use v2024_sandbox::{Operation, Options};
use v2024_task_management::{ErrorKind, JsonPatch, PendingTasksOptions, TaskStatusListOptions};

use crate::common::*;

#[tokio::test]
async fn the_headers_of_the_pending_tasks() {
    let tenant = tenant().await;
    let options = PendingTasksOptions {
        count: Some(true),
        ..pending()
    };
    let response = tenant
        .client
        .get_pending_task_headers(options)
        .await
        .unwrap();
    assert_eq!(
        (response.status(), response.total_count(), response.text()),
        (200, Some(10), "")
    );
    assert_eq!(
        tenant.calls(),
        ["HEAD /v2024/task-status/pending-tasks?count=true 200"]
    );
}

#[tokio::test]
async fn a_page_of_pending_tasks() {
    let tenant = tenant().await;
    let options = PendingTasksOptions {
        offset: Some(2),
        limit: Some(3),
        count: Some(false),
    };
    let response = tenant.client.get_pending_tasks(options).await.unwrap();
    let tasks: Vec<Value> = response.json().unwrap();
    assert_eq!(tasks.len(), 3);
    assert!(tasks.iter().all(|task| task["completionStatus"].is_null()));
    assert_eq!(response.total_count(), None);
    assert_eq!(
        tenant.calls(),
        ["GET /v2024/task-status/pending-tasks?offset=2&limit=3&count=false 200"]
    );
}

#[tokio::test]
async fn one_task_as_the_tenant_sent_it() {
    let tenant = tenant().await;
    let id = tenant.an_id();
    let response = tenant.client.get_task_status(&id).await.unwrap();
    assert_eq!(
        response.json_text().map(str::to_owned),
        tenant.sandbox.task(&id)
    );
    assert_eq!(tenant.calls(), [format!("GET /v2024/task-status/{id} 200")]);
    let request = tenant.sandbox.requests().pop().unwrap();
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("authorization"), Some("Bearer [redacted]"));
    assert_eq!(
        request.header("user-agent"),
        Some(concat!("v2024-task-management/", env!("CARGO_PKG_VERSION")))
    );
}

#[tokio::test]
async fn ids_of_any_characters_arrive_as_one_segment() {
    let tenant = tenant().await;
    for id in ["a b", "a/b", "50%", "例é", "a?b=1#c&d+e", "%2e%2e", "..x"] {
        let task = json!([{ "id": id, "type": "QUARTZ", "completionStatus": null }]);
        tenant.sandbox.set_tasks(&task.to_string()).unwrap();
        let response = tenant.client.get_task_status(id).await.unwrap();
        assert_eq!(response.json::<Value>().unwrap()["id"], id);
    }
}

#[tokio::test]
async fn c26_filters_arrive_exactly() {
    let tenant = tenant().await;
    for filters in [
        r#"completionStatus eq"ERROR""#,
        r#"sourceId in ("a","b") and type in ("CLOUD_ACCOUNT_AGGREGATION")"#,
        r#"id eq "a&b+c#%""#,
        r#"id in ("a b","c&d","e+f","g%h","例é","i#j","k=l","m;n","\"q\"")"#,
    ] {
        let options = TaskStatusListOptions {
            filters: Some(filters.into()),
            sorters: Some("-created".into()),
            ..list()
        };
        tenant.client.get_task_status_list(options).await.unwrap();
        let request = tenant.sandbox.requests().pop().unwrap();
        assert_eq!(request.parameter("filters"), Some(filters));
        assert_eq!(request.parameter("sorters"), Some("-created"));
        assert!(!request.query.unwrap().contains('+'), "a blank must be %20");
    }
}

#[tokio::test]
async fn a_page_of_the_list_in_the_tenants_order() {
    let tenant = tenant().await;
    let page = TaskStatusListOptions {
        limit: Some(250),
        offset: Some(0),
        count: Some(true),
        ..list()
    };
    let response = tenant.client.get_task_status_list(page).await.unwrap();
    assert_eq!(response.total_count(), Some(100));
    assert_eq!(
        response.text(),
        format!("[{}]", tenant.sandbox.tasks().join(","))
    );
    let empty = TaskStatusListOptions {
        limit: Some(0),
        ..list()
    };
    let response = tenant.client.get_task_status_list(empty).await.unwrap();
    assert_eq!(response.text(), "[]");
}

#[tokio::test]
async fn a_patch_is_sent_as_written_and_applied() {
    let tenant = tenant().await;
    let id = ids(&tenant
        .client
        .get_pending_tasks(pending())
        .await
        .unwrap()
        .json::<Vec<_>>()
        .unwrap())
    .remove(0);
    let text = concat!(
        r#"[{"op":"replace","path":"/completionStatus","value":"Error"},"#,
        r#"{"op":"replace","path":"/completed","value":"2024-05-17 19:33:16.470000+00:00"},"#,
        r#"{"op":"add","path":"/attributes/x","value":{"a":[null,false,0,9007199254740993,1.10]}}]"#
    );
    let response = tenant
        .client
        .update_task_status(&id, JsonPatch::parse(text).unwrap())
        .await
        .unwrap();
    let updated: Value = response.json().unwrap();
    assert_eq!(updated["completionStatus"], "Error");
    assert_eq!(updated["completed"], "2024-05-17 19:33:16.470000+00:00");
    let request = tenant.sandbox.requests().pop().unwrap();
    assert_eq!(
        (request.method.as_str(), request.body.as_str()),
        ("PATCH", text)
    );
    assert_eq!(
        request.header("content-type"),
        Some("application/json-patch+json")
    );
    let response = tenant.client.get_pending_tasks(pending()).await.unwrap();
    assert!(!response.text().contains(&id));
}

#[tokio::test]
async fn c08_no_pending_tasks_is_a_response_without_a_body() {
    let tenant = tenant_with(
        Options {
            pending: 0,
            ..Default::default()
        },
        json!({}),
    )
    .await;
    tenant.sandbox.change_rules(|rules| rules.no_content = true);
    let response = tenant.client.get_pending_tasks(pending()).await.unwrap();
    assert_eq!(
        (response.status(), response.text(), response.json_text()),
        (204, "", None)
    );
}

#[tokio::test]
async fn bad_arguments_are_refused_before_any_request() {
    let tenant = tenant().await;
    let error = tenant
        .client
        .get_pending_tasks(PendingTasksOptions {
            limit: Some(251),
            ..pending()
        })
        .await;
    assert_eq!(
        error.unwrap_err().message(),
        "limit is 251; it must be from 0 to 250"
    );
    let error = tenant
        .client
        .get_task_status_list(TaskStatusListOptions {
            offset: Some(-1),
            ..list()
        })
        .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidArgument);
    let error = tenant.client.get_task_status("").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::InvalidArgument, "the task id is empty")
    );
    assert_eq!(tenant.sandbox.requests(), []);
}

#[tokio::test]
async fn c40_versions_without_pending_tasks_filter_the_list() {
    for version in ["v2026", "latest", "v1"] {
        let tenant = tenant_with(Options::default(), json!({ "ApiVersion": version })).await;
        let page = PendingTasksOptions {
            limit: Some(3),
            ..pending()
        };
        let tasks: Vec<Value> = tenant
            .client
            .get_pending_tasks(page)
            .await
            .unwrap()
            .json()
            .unwrap();
        assert_eq!(tasks.len(), 3, "{version}");
        assert!(tasks.iter().all(|task| task["completionStatus"].is_null()));
        let headers = tenant
            .client
            .get_pending_task_headers(pending())
            .await
            .unwrap();
        assert_eq!(headers.total_count(), Some(10), "{version}");
        let id = tenant.an_id();
        tenant.client.get_task_status(&id).await.unwrap();
        let patch =
            JsonPatch::parse(r#"{"op":"replace","path":"/description","value":"x"}"#).unwrap();
        tenant.client.update_task_status(&id, patch).await.unwrap();
        assert!(
            tenant.calls().iter().all(|call| call.ends_with(" 200")),
            "{:?}",
            tenant.calls()
        );
        assert!(
            tenant
                .sandbox
                .requests()
                .iter()
                .all(|request| request.operation != Operation::Pending)
        );
    }
}

#[tokio::test]
async fn experimental_and_consumer_reach_the_wire() {
    let more = json!({
        "Experimental": true,
        "ConsumerIdentifier": "nightly",
        "ConsumerVersion": "3.1",
        "UserAgent": "face/1",
    });
    let tenant = tenant_with(Options::default(), more).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    let request = tenant.sandbox.requests().pop().unwrap();
    assert_eq!(request.header("x-sailpoint-experimental"), Some("true"));
    assert_eq!(
        request.header("user-agent"),
        Some(concat!(
            "nightly/3.1 face/1 v2024-task-management/",
            env!("CARGO_PKG_VERSION")
        ))
    );
}

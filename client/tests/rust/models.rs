//! Responses read into the typed models.

use v2024_sandbox::Operation;
use v2024_task_management::model::{CompletionStatus, ErrorResponse};
use v2024_task_management::{ErrorKind, TaskStatus};

use crate::common::*;

#[tokio::test]
async fn every_task_of_the_sandbox_is_read() {
    let tenant = tenant().await;
    let response = tenant.client.get_task_status_list(list()).await.unwrap();
    let tasks: Vec<TaskStatus> = response.json().unwrap();
    let again = serde_json::to_value(&tasks).unwrap();
    assert_eq!(again, response.json::<serde_json::Value>().unwrap());
    assert!(
        tasks
            .iter()
            .any(|task| task.completion_status.value() == Some(&CompletionStatus::Success))
    );
}

#[tokio::test]
async fn a_member_of_another_type_is_named_and_the_json_is_kept() {
    let tenant = tenant().await;
    let body = r#"{"id":"x","uniqueName":{"en":"x"}}"#;
    tenant.fault(Operation::Get, 1, reply_with(200, &[], body));
    let response = tenant.client.get_task_status("x").await.unwrap();
    let error = response.json::<TaskStatus>().unwrap_err();
    assert_eq!(
        error.message(),
        "the response does not fit the type it is read into: \
         uniqueName: invalid type: map, expected a string at line 1 column 23"
    );
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!(error.response().unwrap().text(), body);
}

#[tokio::test]
async fn an_empty_body_is_named() {
    let tenant = tenant().await;
    let headers = tenant.client.get_pending_task_headers(pending()).await;
    let error = headers.unwrap().json::<Vec<TaskStatus>>().unwrap_err();
    assert_eq!(
        error.message(),
        "the response does not fit the type it is read into: it has no body"
    );
}

#[tokio::test]
async fn the_body_of_an_error_is_read() {
    let tenant = tenant().await;
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    let body: ErrorResponse = error.response().unwrap().json().unwrap();
    assert_eq!(body.detail_code.as_deref(), Some("404 Not found"));
    assert_eq!(body.tracking_id.into_value(), error.tracking_id());
}

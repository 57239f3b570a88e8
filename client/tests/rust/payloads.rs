//! Odd answers come through as they are, or are one clear error.

use v2024_sandbox::{Action, Body, Fault, Operation};
use v2024_task_management::{Error, ErrorKind};

use crate::common::*;

const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];

#[tokio::test]
async fn c04_c05_c28_every_shape_is_given_byte_for_byte() {
    let tenant = tenant().await;
    for body in [
        r#"{"id":"x","completed":"2025-01-02T03:09:05Z","completionStatus":null}"#,
        r#"{"id":"x","taskDefinitionSummary":{"description":null}}"#,
        r#"{"id":"x","type":"NEW_KIND","completionStatus":"TERMINATED_BY_X","target":null,"messages":null,"extraField":{"a":[1]},"attributes":{"Total":"12","total":12,"":"empty key","big":9007199254740993}}"#,
        r#"{"launched":"2025-01-02T03:04Z","created":"","modified":1714574212775,"completed":"2025-01-02T03:04:05.123456789"}"#,
        r#"{"text":"\u0000 \ud800 \udc00 接続","number":1e400,"negative":-0.0}"#,
        "{}",
        "[]",
        "null",
    ] {
        tenant.fault(Operation::Get, 1, reply_with(200, JSON, body));
        let response = tenant.client.get_task_status("x").await.unwrap();
        assert_eq!(response.json_text(), Some(body));
    }
}

#[tokio::test]
async fn json_needs_no_content_type() {
    let tenant = tenant().await;
    tenant.fault(Operation::Get, 1, reply_with(200, &[], "{\"id\":\"x\"}\n"));
    assert_eq!(
        tenant
            .client
            .get_task_status("x")
            .await
            .unwrap()
            .json_text(),
        Some(r#"{"id":"x"}"#)
    );
}

#[tokio::test]
async fn a_success_that_is_not_json_is_an_error() {
    let tenant = tenant().await;
    for (body, words) in [
        ("<html>Sign in</html>", "a body that is not JSON"),
        ("{\"id\":", "a body that is not JSON"),
        ("", "no body"),
    ] {
        tenant.fault(
            Operation::Get,
            1,
            reply_with(200, &[("Content-Type", "text/html")], body),
        );
        let error = tenant.client.get_task_status("x").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::InvalidResponse, Some(200))
        );
        assert_eq!(
            error.message(),
            format!("GET /v2024/task-status/x: 200 OK with {words}")
        );
        assert_eq!(error.response().unwrap().text(), body);
    }
}

#[tokio::test]
async fn error_bodies_of_other_kinds_are_kept() {
    let tenant = tenant().await;
    tenant.fault(
        Operation::Get,
        1,
        reply_with(403, &[("Content-Type", "text/html")], "<h1>No</h1>"),
    );
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!(error.message(), "GET /v2024/task-status/x: 403 Forbidden");
    assert_eq!(error.response().unwrap().text(), "<h1>No</h1>");
}

#[tokio::test]
async fn gzip_is_unpacked() {
    let tenant = tenant().await;
    // {"id":"x"} by gzip.
    let packed = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0xca, 0x4c, 0x51,
        0xb2, 0x52, 0xaa, 0x50, 0xaa, 0x05, 0x00, 0xbc, 0x7e, 0x53, 0x89, 0x0a, 0x00, 0x00, 0x00,
    ];
    tenant.fault(
        Operation::Get,
        1,
        Action::Respond {
            status: 200,
            headers: Some(vec![("Content-Encoding".into(), "gzip".into())]),
            body: Some(Body::Base64 {
                base64: packed.to_vec(),
            }),
        },
    );
    assert_eq!(
        tenant.client.get_task_status("x").await.unwrap().text(),
        r#"{"id":"x"}"#
    );
}

#[tokio::test]
async fn c34_a_page_of_15_megabytes() {
    let tenant = tenant().await;
    let task = format!(
        r#"{{"id":"x","attributes":{{"log":"{}"}}}}"#,
        "é".repeat(30_000)
    );
    let body = format!("[{}]", vec![task; 250].join(","));
    tenant.fault(Operation::List, 1, reply_with(200, JSON, &body));
    let response = tenant.client.get_task_status_list(list()).await.unwrap();
    assert!(response.text() == body);
}

#[tokio::test]
async fn a_redirect_is_followed_only_to_the_same_place() {
    let tenant = tenant().await;
    let other = sandbox().await;
    let id = tenant.an_id();
    let target = format!("/v2024/task-status/{id}");
    tenant.sandbox.fault(Fault {
        path: Some("/v2024/task-status/old".into()),
        ..fault(reply_with(307, &[("Location", &target)], ""))
    });
    assert!(
        tenant
            .client
            .get_task_status("old")
            .await
            .unwrap()
            .text()
            .contains(&id)
    );

    let elsewhere = format!("{}{target}", other.base_url());
    tenant.fault(
        Operation::Get,
        1,
        reply_with(302, &[("Location", &elsewhere)], ""),
    );
    let error = tenant.client.get_task_status("old").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(302)));
    assert_eq!(
        error.hint(),
        Some(
            format!(
                "the tenant redirects to {elsewhere}, where the token is not sent: check BaseUrl"
            )
            .as_str()
        )
    );
    assert_eq!(other.requests(), []);
}

#[tokio::test]
async fn c01_the_type_filter_explains_itself() {
    let tenant = tenant().await;
    let options = v2024_task_management::TaskStatusListOptions {
        filters: Some(r#"type eq "QUARTZ""#.into()),
        ..list()
    };
    let error = tenant
        .client
        .get_task_status_list(options)
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(400)));
    let body = r#"{"detailMessage":"Error converting Enumerated string (type) value (QUARTZ)"}"#;
    assert_eq!(error.response().unwrap().text(), body);
    assert!(
        error
            .message()
            .contains("Error converting Enumerated string (type) value (QUARTZ)")
    );
    assert!(error.hint().unwrap().contains("CLOUD_ACCOUNT_AGGREGATION"));
    assert_eq!(tenant.calls().len(), 1);
}

#[tokio::test]
async fn control_characters_of_others_are_replaced_in_words_and_kept_in_bodies() {
    let tenant = tenant().await;
    let body =
        r#"{"trackingId":"t\u001b]0;x\u0007","messages":[{"text":"no\u001b[2J\r\nyes\u009b"}]}"#;
    tenant.fault(Operation::Get, 1, reply_with(403, &[], body));
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    let id = "t␛]0;x␇";
    assert_eq!(
        error.message(),
        format!("GET /v2024/task-status/x: 403 Forbidden: no␛[2J␍␊yes\u{fffd} [tracking id {id}]")
    );
    assert_eq!(error.tracking_id().as_deref(), Some(id));
    assert_eq!(error.response().unwrap().text(), body);

    let own = Error::new(ErrorKind::Http, "a\u{7f}").with_hint("b\0");
    assert_eq!(own.to_string(), "a␡ (b␀)");
}

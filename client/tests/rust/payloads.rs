//! Odd responses are returned as they are, or are one clear error.

use std::io::Write as _;

use serde_json::json;
use v2024_sandbox::{Action, Body, Fault, Operation, Options};
use v2024_task_management::{Error, ErrorKind, JsonPatch};

use crate::common::*;

const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];

#[tokio::test]
async fn c04_c05_c28_every_shape_is_returned_byte_for_byte() {
    let tenant = tenant().await;
    for body in [
        r#"{"id":"x","completed":"2025-01-02T03:09:05Z","completionStatus":null}"#,
        r#"{"id":"x","taskDefinitionSummary":{"description":null}}"#,
        concat!(
            r#"{"id":"x","type":"NEW_KIND","completionStatus":"TERMINATED_BY_X","target":null,"#,
            r#""messages":null,"extraField":{"a":[1]},"#,
            r#""attributes":{"Total":"12","total":12,"":"empty key","big":9007199254740993}}"#
        ),
        concat!(
            r#"{"id":"x","launched":"2025-01-02T03:04Z","created":"","modified":1714574212775,"#,
            r#""completed":"2025-01-02T03:04:05.123456789"}"#
        ),
        r#"{"text":"\u0000 \ud800 \udc00 接続","number":1e400,"negative":-0.0,"id":"x"}"#,
        r#"{"\ud800":1,"id":"x","":2}"#,
    ] {
        tenant.fault(Operation::Get, 1, reply_with(200, JSON, body));
        let response = tenant.client.get_task_status("x").await.unwrap();
        assert_eq!(response.json_text(), Some(body));
    }
}

#[tokio::test]
async fn a_change_needs_no_task_in_its_response() {
    let tenant = tenant().await;
    for body in ["{}", "[]", "null", r#"{"message":"OK"}"#] {
        tenant.fault(Operation::Update, 1, reply_with(200, JSON, body));
        let patch = JsonPatch::parse(r#"{"op":"remove","path":"/x"}"#).unwrap();
        let response = tenant.client.update_task_status("x", patch).await.unwrap();
        assert_eq!((response.status(), response.text()), (200, body));
    }
}

#[tokio::test]
async fn json_that_is_not_what_was_asked_for_is_an_error() {
    let tenant = tenant().await;
    let base_url = "check that BaseUrl is the API's address, https://TENANT.api.identitynow.com";
    // A change that was made; see below.
    let names_no_task = ["{}", "[]", "null", r#"{"message":"OK"}"#];
    let changed = "the update may have been made: get the task status before trying again";
    let cases = [
        ("{}", "JSON that is not a task"),
        ("[]", "JSON that is not a task"),
        ("null", "JSON that is not a task"),
        (r#"{"message":"OK"}"#, "JSON that is not a task"),
        (r#"[{"id":"x"}]"#, "JSON that is not a task"),
        (r#"{"id":"y"}"#, r#"the task "y" instead"#),
    ];
    for (body, found) in cases {
        for is_change in [false, true] {
            if is_change && names_no_task.contains(&body) {
                continue;
            }
            tenant.sandbox.clear_requests();
            tenant.fault(Operation::Api, 1, reply_with(200, JSON, body));
            let (result, method, hint) = if is_change {
                let patch = JsonPatch::parse(r#"{"op":"remove","path":"/x"}"#).unwrap();
                let result = tenant.client.update_task_status("x", patch).await;
                (result, "PATCH", changed)
            } else {
                (tenant.client.get_task_status("x").await, "GET", base_url)
            };
            let error = result.unwrap_err();
            let message = format!("{method} /v2024/task-status/x: 200 OK with {found}");
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
            assert_eq!(error.message(), message);
            assert_eq!(error.hint(), Some(hint));
            assert_eq!(error.response().unwrap().text(), body);
            assert_eq!(tenant.calls().len(), 1, "{body}");
        }
    }
    for body in ["{}", "null", r#"{"items":[]}"#] {
        tenant.fault(Operation::Api, 2, reply_with(200, JSON, body));
        for result in [
            tenant.client.get_pending_tasks(pending()).await,
            tenant.client.get_task_status_list(list()).await,
        ] {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
            assert!(
                error
                    .message()
                    .ends_with("200 OK with JSON that is not a list of tasks"),
                "{error}"
            );
        }
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
async fn a_redirect_is_followed_only_to_the_same_origin() {
    let tenant = tenant().await;
    let other = sandbox().await;
    let id = tenant.an_id();
    let target = format!("/v2025/task-status/{id}");
    tenant.sandbox.fault(Fault {
        path: Some(format!("/v2024/task-status/{id}")),
        ..fault(reply_with(307, &[("Location", &target)], ""))
    });
    assert!(
        tenant
            .client
            .get_task_status(&id)
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

/// A reply of this many bytes of JSON, sent packed by gzip: one kilobyte packed for each megabyte.
fn packed(status: u16, bytes: usize) -> Action {
    let mut body = vec![b' '; bytes];
    body[0] = b'[';
    body[bytes - 1] = b']';
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&body).unwrap();
    Action::respond(
        status,
        [("Content-Encoding", "gzip"), ("X-Request-Id", "r1")],
        encoder.finish().unwrap(),
    )
}

#[tokio::test]
async fn a_success_larger_than_64_mib_is_refused_after_one_request() {
    const LIMIT: usize = 64 << 20;
    let tenant = tenant().await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    let plain = "1".repeat(LIMIT + 1);
    for action in [packed(200, LIMIT + 1), reply_with(200, JSON, &plain)] {
        tenant.sandbox.reset();
        tenant.fault(Operation::Api, 0, action.clone());
        let error = tenant
            .client
            .get_task_status_list(list())
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::InvalidResponse, None)
        );
        assert!(
            error.message().ends_with("is larger than 67108864 bytes"),
            "{error}"
        );
        assert_eq!(tenant.calls().len(), 1);
    }
    tenant.sandbox.reset();
    tenant.fault(Operation::Api, 0, packed(200, LIMIT + 1));
    let patch = JsonPatch::parse(r#"{"op":"remove","path":"/x"}"#).unwrap();
    let error = tenant
        .client
        .update_task_status("x", patch)
        .await
        .unwrap_err();
    assert_eq!(
        error.hint(),
        Some("the update may have been made: get the task status before trying again")
    );
    assert_eq!(tenant.calls().len(), 1);

    tenant.sandbox.reset();
    tenant.fault(Operation::Api, 0, packed(200, LIMIT));
    let response = tenant.client.get_task_status_list(list()).await.unwrap();
    assert_eq!(response.text().len(), LIMIT);
}

#[tokio::test]
async fn a_token_response_larger_than_1_mib_is_refused_after_one_request() {
    let tenant = tenant().await;
    tenant.fault(Operation::Token, 0, packed(200, (1 << 20) + 1));
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::InvalidResponse, None)
    );
    assert!(
        error.message().ends_with("is larger than 1048576 bytes"),
        "{error}"
    );
    assert_eq!((tenant.token_requests(), tenant.calls().len()), (1, 0));
}

#[tokio::test]
async fn of_a_large_error_body_the_first_mib_is_kept() {
    let tenant = tenant_with(Options::default(), json!({ "MaximumRetryCount": 2 })).await;
    for (status, requests) in [(400, 1), (503, 3)] {
        tenant.sandbox.reset();
        tenant.fault(Operation::Api, 0, packed(status, 40 << 20));
        let error = tenant.client.get_task_status("x").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Http, Some(status))
        );
        assert_eq!(error.tracking_id().as_deref(), Some("r1"));
        assert_eq!(error.hint().is_some(), status == 503);
        let text = error.response().unwrap().text();
        let (kept, note) = text.split_once('\n').unwrap();
        assert_eq!(kept.len(), 1 << 20);
        assert_eq!(note, "[the body is larger: it was cut after 1048576 bytes]");
        assert_eq!(tenant.calls().len(), requests);
    }
}

/// A whole response, byte for byte, with a body of JSON.
fn raw(head: &str) -> Action {
    let body = r#"{"id":"x"}"#;
    let text = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    Action::Raw(Body::Text(text))
}

#[tokio::test]
async fn c45_odd_heads_are_taken_as_curl_and_powershell_take_them() {
    let tenant = tenant().await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    let many: String = (0..3000)
        .map(|number| format!("X-{number}: {number}\r\n"))
        .collect();
    let long = "x".repeat(200_000);
    for (head, name, value) in [
        (
            "X-Odd: one\r\n two\r\n\tthree\r\n",
            "x-odd",
            Some("one two three"),
        ),
        ("X-Odd:\r\n one\r\n", "x-odd", Some("one")),
        ("X-Odd : one\r\n", "x-odd", Some("one")),
        ("X-Odd \t : one\r\n", "x-odd", Some("one")),
        ("X-Odd: o\u{1}ne\r\nX-Next: two\r\n", "x-odd", None),
        ("X-Odd: o\u{1}ne\r\nX-Next: two\r\n", "x-next", Some("two")),
        ("X-Odd: o\u{7f}ne\r\n", "x-odd", None),
        (" X-Odd: one\r\nX-Next: two\r\n", "x-next", Some("two")),
        ("no colon\r\nX-Next: two\r\n", "x-next", Some("two")),
        ("X(Odd): one\r\nX-Next: two\r\n", "x-next", Some("two")),
        (": one\r\nX-Next: two\r\n", "x-next", Some("two")),
        ("X-Odd: one\nX-Next: two\n", "x-next", Some("two")),
        ("X-Odd: é\r\n", "x-odd", Some("é")),
        (&many, "x-2999", Some("2999")),
        (&format!("X-Long: {long}\r\n"), "x-long", Some(&*long)),
    ] {
        tenant.sandbox.clear_requests();
        let head = format!("HTTP/1.1 200 OK\r\n{head}");
        tenant.fault(Operation::Api, 1, raw(&head));
        let response = tenant.client.get_task_status("x").await.unwrap();
        let head: String = head.chars().take(60).collect();
        assert_eq!(response.json_text(), Some(r#"{"id":"x"}"#), "{head:?}");
        assert_eq!(response.header(name), value, "{head:?}");
        assert_eq!(tenant.calls().len(), 1);
    }
    for line in [
        "HTTP/1.1 200\r\n",
        "HTTP/1.0 200 OK\r\n",
        "HTTP/1.1 200 \u{fc}\r\n",
    ] {
        tenant.fault(Operation::Api, 1, raw(line));
        tenant.client.get_task_status("x").await.unwrap();
    }
}

#[tokio::test]
async fn c45_what_cannot_be_read_is_one_clear_error_after_few_tries() {
    let tenant = tenant().await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    let not_http = format!("what {} sent is not HTTP: ", tenant.sandbox.base_url());
    let no_head = format!(
        "the head of the response from {} cannot be read: ",
        tenant.sandbox.base_url()
    );
    let many: String = (0..5001)
        .map(|number| format!("X-{number}: 1\r\n"))
        .collect();
    let long = "x".repeat(2 << 20);
    for (operation, bytes, start) in [
        (Operation::Api, "SSH-2.0-OpenSSH_9.6\r\n", &not_http),
        (Operation::Connection, "SSH-2.0-OpenSSH_9.6\r\n", &not_http),
        (Operation::Api, "220 mail.test ESMTP\r\n", &not_http),
        (
            Operation::Api,
            "\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{16}",
            &not_http,
        ),
        (Operation::Api, "HTTP/1.1 abc OK\r\n\r\n", &no_head),
        (
            Operation::Api,
            "HTTP/1.1 200 OK\r\nX-Odd: \0\r\n\r\n",
            &no_head,
        ),
        (
            Operation::Api,
            &format!("HTTP/1.1 200 OK\r\n{many}\r\n"),
            &no_head,
        ),
        (
            Operation::Api,
            &format!("HTTP/1.1 200 OK\r\nX-Long: {long}\r\n\r\n"),
            &no_head,
        ),
    ] {
        for is_change in [false, true] {
            tenant.sandbox.reset();
            // Connections of its own: one that another client has kept open would not meet the fault.
            let client = client(
                &tenant.sandbox,
                json!({ "ConnectTimeoutSeconds": 14.0, "RetryIntervalSeconds": 0.01 }),
            );
            tenant.fault(operation, 0, Action::Raw(Body::Text(bytes.into())));
            let result = if is_change {
                let patch = JsonPatch::parse(r#"{"op":"remove","path":"/x"}"#).unwrap();
                client.update_task_status("x", patch).await
            } else {
                client.get_task_status("x").await
            };
            let error = result.unwrap_err();
            let case = bytes.chars().take(40).collect::<String>();
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::Connect, None),
                "{case:?}"
            );
            assert!(error.message().starts_with(start), "{case:?}: {error}");
            if operation == Operation::Api {
                let tries = if is_change { 1 } else { 4 };
                assert_eq!(tenant.calls().len(), tries, "{case:?}");
            }
            if !is_change {
                assert!(error.message().ends_with("; tried 4 times"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn no_redirect_of_a_change_becomes_a_get() {
    let tenant = tenant().await;
    let id = tenant.an_id();
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    let target = format!("/v2025/task-status/{id}");
    let patch =
        || JsonPatch::parse(r#"{"op":"replace","path":"/description","value":"x"}"#).unwrap();
    let redirect = |operation, status| Fault {
        operation,
        ..fault(reply_with(status, &[("Location", &target)], ""))
    };
    tenant.sandbox.clear_requests();
    tenant.sandbox.fault(redirect(Operation::Update, 303));
    let error = tenant
        .client
        .update_task_status(&id, patch())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(303)));
    assert_eq!(
        error.hint(),
        Some(
            format!(
                "the tenant redirects to {target}, which is not followed: get the task status to see whether the \
                 update was made"
            )
            .as_str()
        )
    );
    assert_eq!(
        tenant.calls(),
        [format!("PATCH /v2024/task-status/{id} 303")]
    );
    for status in [301, 302, 307, 308] {
        tenant.sandbox.clear_requests();
        tenant.sandbox.fault(redirect(Operation::Update, status));
        tenant
            .client
            .update_task_status(&id, patch())
            .await
            .unwrap();
        assert_eq!(
            tenant.calls(),
            [
                format!("PATCH /v2024/task-status/{id} {status}"),
                format!("PATCH {target} 200")
            ]
        );
        let request = tenant.sandbox.requests().pop().unwrap();
        assert_eq!(request.body, patch().as_str());
    }
    for status in [301, 302, 303, 307, 308] {
        tenant.sandbox.clear_requests();
        tenant.sandbox.fault(redirect(Operation::Get, status));
        tenant.client.get_task_status(&id).await.unwrap();
        assert_eq!(tenant.calls()[1], format!("GET {target} 200"));
    }

    let tenant = tenant_with(Options::default(), json!({ "ClientId": "another" })).await;
    tenant.fault(
        Operation::Token,
        1,
        reply_with(302, &[("Location", "/oauth/token")], ""),
    );
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(302)));
    assert_eq!((tenant.token_requests(), tenant.calls().len()), (1, 0));
}

#[tokio::test]
async fn redirects_end_after_five() {
    let tenant = tenant().await;
    tenant.fault(
        Operation::Get,
        0,
        reply_with(307, &[("Location", "/v2024/task-status/x")], ""),
    );
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(307)));
    assert_eq!(tenant.calls().len(), 6);
}

#[tokio::test]
async fn a_body_that_is_not_gzip_is_said_to_be_so_after_one_try() {
    let tenant = tenant().await;
    let gzip = [("Content-Encoding", "gzip"), ("X-Request-Id", "r1")];
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    tenant.sandbox.clear_requests();
    tenant.fault(Operation::Api, 1, reply_with(200, &gzip, r#"{"id":"x"}"#));
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::InvalidResponse, None)
    );
    assert!(
        error.message().starts_with(&format!(
            "the body of the response 200 from {} is not gzip as its header says: ",
            tenant.sandbox.base_url()
        )),
        "{error}"
    );
    assert_eq!(tenant.calls().len(), 1);

    // Of an error, the status is what counts.
    tenant.sandbox.clear_requests();
    tenant.fault(Operation::Api, 1, reply_with(404, &gzip, "not found"));
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(404)));
    assert_eq!(error.tracking_id().as_deref(), Some("r1"));
    let text = error.response().unwrap().text();
    assert!(
        text.starts_with("\n[the body is not gzip as its header says: "),
        "{text}"
    );
    assert_eq!(tenant.calls().len(), 1);

    // Nothing is packed where there is no body.
    tenant.sandbox.clear_requests();
    tenant.fault(Operation::PendingHeaders, 1, reply_with(200, &gzip, ""));
    tenant
        .client
        .get_pending_task_headers(pending())
        .await
        .unwrap();
    tenant.fault(Operation::Pending, 1, reply_with(204, &gzip, ""));
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    assert_eq!(tenant.calls().len(), 2);

    // A packed body that ends too early is cut off, and fetched again.
    let Action::Respond {
        body: Some(body), ..
    } = packed(200, 100_000)
    else {
        panic!()
    };
    let half = body.bytes()[..body.bytes().len() / 2].to_vec();
    tenant.sandbox.clear_requests();
    tenant.fault(Operation::Api, 1, Action::respond(200, gzip, half));
    tenant.client.get_task_status_list(list()).await.unwrap();
    assert_eq!(tenant.calls().len(), 2);
}

#[tokio::test]
async fn text_is_read_in_the_encoding_that_the_response_declares() {
    let tenant = tenant().await;
    let latin1 = [("Content-Type", "application/json; charset=ISO-8859-1")];
    for (status, body) in [
        (200, &b"{\"id\":\"x\",\"description\":\"Pr\xfcfung\"}"[..]),
        (
            400,
            b"{\"trackingId\":\"t1\",\"messages\":[{\"text\":\"Pr\xfcfung\"}]}",
        ),
    ] {
        tenant.fault(
            Operation::Get,
            1,
            Action::respond(status, latin1, body.to_vec()),
        );
        let result = tenant.client.get_task_status("x").await;
        let response = match &result {
            Ok(response) => response,
            Err(error) => {
                assert_eq!(
                    error.message(),
                    "GET /v2024/task-status/x: 400 Bad Request: Prüfung [tracking id t1]"
                );
                error.response().unwrap()
            }
        };
        assert_eq!(response.status(), status);
        assert!(response.json_text().unwrap().contains("Prüfung"));
    }
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

use reqwest::Method;
use serde_json::{Value, json};
use v2024_sandbox::Options;

use crate::client::{Client, LIST, PENDING, Response};

const BAD: &str = "400.1 Bad Request Content";

/// Six tasks, newest first: a failed, b pending, c and d finished, e failed, f pending.
const TASKS: &str = include_str!("six_tasks.json");

async fn client() -> Client {
    let client = Client::new(Options::default()).await;
    client.sandbox.set_tasks(TASKS).unwrap();
    client
}

#[tokio::test]
async fn pages_are_cut_by_limit_and_offset_newest_first() {
    let client = client().await;
    let all = client.get(LIST).await;
    assert_eq!(all.ids(), ["a", "b", "c", "d\"\\ é", "e", "f"]);
    assert_eq!(all.header("content-type"), Some("application/json"));
    assert_eq!(all.header("x-total-count"), None, "only when asked for");
    assert_eq!(all.header("slpt-request-id").map(str::len), Some(32));
    assert_eq!(
        client.get(&format!("{LIST}?limit=2&offset=1")).await.ids(),
        ["b", "c"]
    );
    assert_eq!(
        client.get(&format!("{LIST}?limit=4&offset=4")).await.ids(),
        ["e", "f"]
    );
    assert_eq!(client.get(&format!("{LIST}?limit=0")).await.text, "[]");
    assert_eq!(client.get(&format!("{LIST}?offset=6")).await.text, "[]");
    assert_eq!(
        client
            .get(&format!("{LIST}?offset=2147483647&limit=250"))
            .await
            .text,
        "[]"
    );
    assert_eq!(
        client
            .get(&format!("{LIST}?unknown=1&limit=1&limit=2"))
            .await
            .ids(),
        ["a"]
    );
    assert_eq!(client.get(PENDING).await.ids(), ["b", "f"]);
    assert_eq!(
        client
            .get(&format!("{PENDING}?offset=1&limit=1"))
            .await
            .ids(),
        ["f"]
    );
}

#[tokio::test]
async fn the_total_comes_only_when_asked_for() {
    let client = client().await;
    for (path, total) in [
        (format!("{LIST}?count=true&limit=1"), Some("6")),
        (format!("{LIST}?count=True&limit=0"), Some("6")),
        (format!("{LIST}?count=false"), None),
        (format!("{PENDING}?count=true&offset=5"), Some("2")),
        (PENDING.to_owned(), None),
    ] {
        assert_eq!(
            client.get(&path).await.header("x-total-count"),
            total,
            "{path}"
        );
        if path.starts_with(PENDING) {
            let head =
                Response::read(client.request(Method::HEAD, &path).send().await.unwrap()).await;
            assert_eq!(
                (
                    head.status,
                    head.header("x-total-count"),
                    head.text.as_str()
                ),
                (200, total, ""),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn wrong_parameters_are_rejected_with_their_cause() {
    let client = client().await;
    for path in [LIST, PENDING] {
        for (query, cause) in [
            (
                "limit=251",
                "limit must be an integer between 0 and 250, not \"251\".",
            ),
            (
                "limit=-1",
                "limit must be an integer between 0 and 250, not \"-1\".",
            ),
            (
                "limit=",
                "limit must be an integer between 0 and 250, not \"\".",
            ),
            (
                "limit=ten",
                "limit must be an integer between 0 and 250, not \"ten\".",
            ),
            (
                "offset=-1",
                "offset must be an integer between 0 and 2147483647, not \"-1\".",
            ),
            (
                "offset=2147483648",
                "offset must be an integer between 0 and 2147483647, not \"2147483648\".",
            ),
            ("count=1", "count must be true or false, not \"1\"."),
        ] {
            client
                .get(&format!("{path}?{query}"))
                .await
                .assert_error(400, BAD, cause);
        }
    }
    let cause = "Sorting is supported by created only, not by \"modified\".";
    client
        .get(&format!("{LIST}?sorters=modified"))
        .await
        .assert_error(400, BAD, cause);
}

#[tokio::test]
async fn sorters_reverse_the_list() {
    let client = client().await;
    assert_eq!(
        client
            .get(&format!("{LIST}?sorters=created&limit=2"))
            .await
            .ids(),
        ["f", "e"]
    );
    assert_eq!(
        client
            .get(&format!("{LIST}?sorters=-created&limit=2"))
            .await
            .ids(),
        ["a", "b"]
    );
    let ascending = client
        .get(&format!(
            "{LIST}?sorters=created&filters=completionStatus%20eq%22ERROR%22"
        ))
        .await;
    assert_eq!(ascending.ids(), ["e", "a"]);
}

#[tokio::test]
async fn filters_choose_by_id_source_status_and_type() {
    let client = client().await;
    for (filters, ids) in [
        (r#"id eq "c""#, &["c"][..]),
        (r#"id eq "d\"\\ é""#, &["d\"\\ é"]),
        (r#"id in ("f","a","x")"#, &["a", "f"]),
        (r#"id in ("f","a","f") and completionStatus isnull"#, &["f"]),
        (r#"sourceId eq "s2""#, &["b", "c"]),
        (r#"completionStatus eq "Success""#, &["c", "d\"\\ é"]),
        (r#"completionStatus eq"ERROR""#, &["a", "e"]),
        ("completionStatus isnull", &["b", "f"]),
        (r#"completionStatus isnull and sourceId eq "s2""#, &["b"]),
        (
            r#"completionStatus isnull and completionStatus eq "ERROR""#,
            &[],
        ),
        (r#"type eq "CLOUD_ACCOUNT_AGGREGATION""#, &["a"]),
        (r#"type in ("CLOUD_GROUP_AGGREGATION","CLOUD_X")"#, &["b"]),
        (
            r#"sourceId in("s1")and completionStatus in ( "error" , "x" ) AND id eq "e""#,
            &["e"],
        ),
        (r#"id eq "a b""#, &[]),
        ("  ", &["a", "b", "c", "d\"\\ é", "e", "f"]),
    ] {
        let response = client.filtered(filters).await;
        assert_eq!(response.status, 200, "{filters}: {}", response.text);
        assert_eq!(response.ids(), ids, "{filters}");
        assert_eq!(
            response.header("x-total-count"),
            Some(ids.len().to_string().as_str()),
            "{filters}"
        );
    }
    let page = client
        .get(&format!(
            "{LIST}?filters=id%20in%20(%22a%22,%22c%22,%22f%22)&limit=1&offset=1&count=true"
        ))
        .await;
    assert_eq!(
        (page.ids(), page.header("x-total-count")),
        (vec!["c".to_owned()], Some("3"))
    );
}

#[tokio::test]
async fn wrong_filters_are_rejected_with_their_cause() {
    let client = client().await;
    for (filters, cause) in [
        (
            "name eq \"x\"",
            "`name` is not a field that can be filtered on, before \"eq \"x\"\"",
        ),
        (
            "id co \"x\"",
            "the operator `co` is not supported on this field, before \"\"x\"\"",
        ),
        (
            "id isnull",
            "the operator `isnull` is not supported on this field, before \"\"",
        ),
        ("id eq x", "expected `\"`, before \"x\""),
        ("id eq \"x", "a quoted value does not end, before \"x\""),
        ("id in \"x\"", "expected `(`, before \"\"x\"\""),
        ("id in ()", "expected `\"`, before \")\""),
        ("id in (\"x\"", "expected `)`, before \"\""),
        (
            "id eq \"x\" or id eq \"y\"",
            "expected `and`, found `or`, before \"id eq \"y\"\"",
        ),
        (
            "id eq \"x\" and",
            "`` is not a field that can be filtered on, before \"\"",
        ),
        (
            "(id eq \"x\")",
            "`` is not a field that can be filtered on, before \"(id eq \"x\")\"",
        ),
    ] {
        let cause = format!("Invalid filter: {cause}.");
        client
            .filtered(filters)
            .await
            .assert_error(400, BAD, &cause);
    }
}

/// C01
#[tokio::test]
async fn the_type_filter_takes_only_names_of_definitions() {
    let response = client().await.filtered("type eq \"QUARTZ\"").await;
    let body = json!({"detailMessage": "Error converting Enumerated string (type) value (QUARTZ)"});
    assert_eq!((response.status, response.json()), (400, body));
}

/// C07
#[tokio::test]
async fn an_offset_past_the_end_may_be_an_error() {
    let client = client().await;
    client
        .sandbox
        .change_rules(|rules| rules.offset_error = true);
    assert_eq!(client.get(&format!("{LIST}?offset=5")).await.ids(), ["f"]);
    let response = client.get(&format!("{LIST}?offset=6")).await;
    response.assert_error(400, BAD, "");
    assert_eq!(
        response.json()["messages"][0]["text"],
        "Specified offset is invalid."
    );
    client.sandbox.set_tasks("[]").unwrap();
    assert_eq!(
        client.get(LIST).await.text,
        "[]",
        "offset 0 is never invalid"
    );
}

#[tokio::test]
async fn the_default_order_is_that_of_the_sorter_created_descending() {
    let client = Client::new(Options::default()).await;
    let all = client.get(LIST).await;
    assert_eq!(
        all.text,
        client.get(&format!("{LIST}?sorters=-created")).await.text
    );
    let tasks = all.json();
    let created: Vec<&str> = tasks
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["created"].as_str().unwrap())
        .collect();
    assert_eq!(created.len(), 100);
    assert!(
        created.is_sorted_by(|newer, older| newer >= older),
        "{created:?}"
    );
}

#[tokio::test]
async fn sorters_may_be_refused() {
    let client = client().await;
    client
        .sandbox
        .change_rules(|rules| rules.sorter_error = true);
    for sorter in ["-created", "created", "modified"] {
        client
            .get(&format!("{LIST}?sorters={sorter}"))
            .await
            .assert_error(400, BAD, "Sorting is not supported.");
    }
    assert_eq!(client.get(LIST).await.status, 200);
    let empty = client.get(&format!("{LIST}?sorters=")).await;
    assert_eq!(empty.status, 200);
}

#[tokio::test]
async fn the_total_may_never_come() {
    let client = client().await;
    client.sandbox.change_rules(|rules| rules.no_total = true);
    for path in [LIST, PENDING] {
        let page = client.get(&format!("{path}?count=true")).await;
        assert_eq!((page.status, page.header("x-total-count")), (200, None));
        let wrong = client.get(&format!("{path}?count=1")).await;
        assert_eq!(wrong.status, 400, "its value is still checked");
    }
}

#[tokio::test]
async fn an_empty_pending_list_may_be_204() {
    let client = client().await;
    client.sandbox.change_rules(|rules| rules.no_content = true);
    assert_eq!(client.get(PENDING).await.status, 200);
    client.sandbox.set_tasks("[]").unwrap();
    let response = client.get(&format!("{PENDING}?count=true")).await;
    assert_eq!(
        (
            response.status,
            response.text.as_str(),
            response.header("x-total-count")
        ),
        (204, "", Some("0"))
    );
    let head = Response::read(client.request(Method::HEAD, PENDING).send().await.unwrap()).await;
    assert_eq!(head.status, 204);
    assert_eq!(client.get(LIST).await.text, "[]", "only the pending list");
}

#[tokio::test]
async fn a_task_is_found_by_its_decoded_id() {
    let client = client().await;
    let ids = [
        "a b",
        "a/b",
        "50%",
        "例é",
        "a?b=1",
        "a#b",
        "a+b",
        "..",
        "ü\u{1F600}",
    ];
    let tasks: Vec<Value> = ids
        .iter()
        .map(|id| json!({"id": id, "n": id.len()}))
        .collect();
    client.sandbox.set_tasks(&json!(tasks).to_string()).unwrap();
    for (path, id) in [
        ("a%20b", "a b"),
        ("a%2Fb", "a/b"),
        ("a%2fb", "a/b"),
        ("50%25", "50%"),
        ("%E4%BE%8B%C3%A9", "例é"),
        ("a%3Fb%3D1", "a?b=1"),
        ("a%23b", "a#b"),
        ("a+b", "a+b"),
        ("a%2Bb", "a+b"),
    ] {
        let response = client.get(&format!("{LIST}/{path}")).await;
        assert_eq!(
            (response.status, &response.json()["id"]),
            (200, &json!(id)),
            "{path}"
        );
        let received = client.sandbox.requests().pop().unwrap();
        assert_eq!(
            received.path,
            format!("{LIST}/{path}"),
            "recorded as received"
        );
    }
    let missing = "There is no task with the id \"no ne\".";
    client
        .get(&format!("{LIST}/no%20ne"))
        .await
        .assert_error(404, "404 Not found", missing);
    assert_eq!(client.get(&format!("{LIST}/%FF")).await.status, 400);
    client
        .get("/v2024/task-status/")
        .await
        .assert_error(404, "404 Not found", "");
    client
        .get("/v2024/elsewhere")
        .await
        .assert_error(404, "404 Not found", "");
    client
        .get(&format!("{LIST}/a/b"))
        .await
        .assert_error(404, "404 Not found", "");
    let delete = Response::read(client.request(Method::DELETE, LIST).send().await.unwrap()).await;
    delete.assert_error(405, "405 Method Not Allowed", "");
    assert_eq!(delete.header("allow"), Some("GET,HEAD"));
}

#[tokio::test]
async fn odd_tasks_are_served_byte_for_byte() {
    let client = client().await;
    let odd = [
        r#"{ "id" : "x1", "Total": 1, "total":2.50, "": "empty", "big":9007199254740993, "f":1e400 }"#,
        r#"{"id":"x2","text":"\ud800 \u0000","a":1,"a":2}"#,
        r#"{"id":"x3","created":1714574212775,"target":7,"attributes":[],"completionStatus":5}"#,
        "7",
    ];
    client
        .sandbox
        .set_tasks(&format!("[{}]", odd.join(" , ")))
        .unwrap();
    assert_eq!(client.get(LIST).await.text, format!("[{}]", odd.join(",")));
    for (id, raw) in [("x1", odd[0]), ("x2", odd[1]), ("x3", odd[2])] {
        assert_eq!(client.get(&format!("{LIST}/{id}")).await.text, raw);
        assert_eq!(client.sandbox.task(id).as_deref(), Some(raw));
    }
    assert_eq!(client.sandbox.tasks(), odd);
}

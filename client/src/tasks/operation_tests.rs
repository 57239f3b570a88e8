use super::*;

fn target(operation: &Operation) -> String {
    operation.request(ApiVersion::V2024).unwrap().target
}

fn message(result: Result<Request, Error>) -> String {
    result.unwrap_err().message().to_owned()
}

fn get(id: &str) -> Operation {
    Operation::GetTaskStatus { id: id.into() }
}

#[test]
fn an_id_is_one_encoded_segment() {
    for (id, segment) in [
        (
            "00eebcf881994e419d72e757fd30dc0e",
            "00eebcf881994e419d72e757fd30dc0e",
        ),
        ("a b", "a%20b"),
        ("a/b", "a%2Fb"),
        ("50%", "50%25"),
        ("例", "%E4%BE%8B"),
        ("a?b=1", "a%3Fb%3D1"),
        ("a#b+c", "a%23b%2Bc"),
        ("a-b._~", "a-b._~"),
        ("%2e%2e", "%252e%252e"),
    ] {
        assert_eq!(target(&get(id)), format!("/v2024/task-status/{segment}"));
    }
}

#[test]
fn empty_overlong_and_dotted_ids_are_refused() {
    let long = "x".repeat(2049);
    for (id, words) in [
        ("", "the task id is empty"),
        ("  ", "the task id is empty"),
        (".", "the task id \".\" would leave the path of the tasks"),
        ("..", "the task id \"..\" would leave the path of the tasks"),
        (
            &long,
            "the task id is 2049 bytes long; at most 2048 are sent",
        ),
    ] {
        assert_eq!(message(get(id).request(ApiVersion::V2024)), words);
    }
}

#[test]
fn only_given_parameters_are_sent() {
    let none = Operation::GetPendingTasks(PendingTasksOptions::default());
    assert_eq!(target(&none), "/v2024/task-status/pending-tasks");
    let zeros = Operation::GetPendingTasks(PendingTasksOptions {
        offset: Some(0),
        limit: Some(0),
        count: Some(false),
    });
    assert_eq!(
        target(&zeros),
        "/v2024/task-status/pending-tasks?offset=0&limit=0&count=false"
    );
    let list = Operation::GetTaskStatusList(TaskStatusListOptions {
        limit: Some(250),
        offset: Some(500),
        count: Some(true),
        filters: Some(r#"id eq "a&b+c#%""#.into()),
        sorters: Some("-created".into()),
    });
    assert_eq!(
        target(&list),
        "/v2024/task-status?limit=250&offset=500&count=true&filters=id%20eq%20%22a%26b%2Bc%23%25%22&sorters=-created"
    );
}

#[test]
fn limits_and_offsets_are_checked_first() {
    let page = |limit, offset| {
        Operation::GetTaskStatusList(TaskStatusListOptions {
            limit,
            offset,
            ..Default::default()
        })
        .request(ApiVersion::V2024)
    };
    assert_eq!(
        message(page(Some(251), None)),
        "limit is 251; it must be from 0 to 250"
    );
    assert_eq!(
        message(page(Some(-1), None)),
        "limit is -1; it must be from 0 to 250"
    );
    assert_eq!(
        message(page(None, Some(-1))),
        "offset is -1; it must be from 0 to 2147483647"
    );
}

#[test]
fn c40_each_version_has_its_paths() {
    let pending = Operation::GetPendingTasks(PendingTasksOptions {
        limit: Some(5),
        ..Default::default()
    });
    let headers = Operation::GetPendingTaskHeaders(PendingTasksOptions::default());
    let task = get("x");
    for (version, paths) in [
        (
            ApiVersion::V2025,
            [
                "/v2025/task-status/pending-tasks?limit=5",
                "/v2025/task-status/pending-tasks",
                "/v2025/task-status/x",
            ],
        ),
        (
            ApiVersion::Beta,
            [
                "/beta/task-status/pending-tasks?limit=5",
                "/beta/task-status/pending-tasks",
                "/beta/task-status/x",
            ],
        ),
        (
            ApiVersion::V2026,
            [
                "/v2026/task-status?limit=5&filters=completionStatus%20isnull",
                "/v2026/task-status?limit=0&count=true&filters=completionStatus%20isnull",
                "/v2026/task-status/x",
            ],
        ),
        (
            ApiVersion::Latest,
            [
                "/latest/task-status?limit=5&filters=completionStatus%20isnull",
                "/latest/task-status?limit=0&count=true&filters=completionStatus%20isnull",
                "/latest/task-status/x",
            ],
        ),
        (
            ApiVersion::V1,
            [
                "/task-status/v1?limit=5&filters=completionStatus%20isnull",
                "/task-status/v1?limit=0&count=true&filters=completionStatus%20isnull",
                "/task-status/v1/x",
            ],
        ),
    ] {
        let targets =
            [&pending, &headers, &task].map(|operation| operation.request(version).unwrap().target);
        assert_eq!(targets, paths.map(str::to_owned));
    }
}

#[test]
fn a_patch_keeps_order_and_values() {
    let replace = r#"{"op":"replace","path":"/a","value":1.10}"#;
    let add = r#"{"value":{"b":[null,false,0,9007199254740993]},"path":"","op":"add","extra":1}"#;
    let remove = r#"{"op":"remove","path":"/c"}"#;
    assert_eq!(
        JsonPatch::parse(&format!(" [ {replace}, {add},{remove} ] "))
            .unwrap()
            .as_str(),
        format!("[{replace},{add},{remove}]")
    );
    let one = r#"{"op":"test","path":"/a","value":null}"#;
    assert_eq!(JsonPatch::parse(one).unwrap().as_str(), format!("[{one}]"));
    assert_eq!(JsonPatch::parse("[]").unwrap().as_str(), "[]");
    let marked = format!("\u{feff}[{one}]");
    assert_eq!(
        JsonPatch::parse(&marked).unwrap().as_str(),
        format!("[{one}]")
    );
}

#[test]
fn an_invalid_patch_is_refused() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (text, words) in [
        (
            "op=replace",
            "the JSON Patch is not JSON: expected value at line 1 column 1",
        ),
        (
            "",
            "the JSON Patch is not JSON: EOF while parsing a value at line 1 column 0",
        ),
        ("\"text\"", "the JSON Patch must be an array of operations"),
        (
            "[\"text\"]",
            "operation 1 of the JSON Patch is not an object",
        ),
        (
            r#"[{"op":"remove","path":""},{"path":"/a"}]"#,
            "operation 2 of the JSON Patch has no op",
        ),
        (
            r#"{"op":"replace"}"#,
            "operation 1 of the JSON Patch has no path",
        ),
        (
            r#"{"op":"Replace","path":"/a"}"#,
            "operation 1 of the JSON Patch has op \"Replace\"; \
             it must be one of add, remove, replace, move, copy, test",
        ),
        (
            r#"{"op":"replace","path":"completionStatus"}"#,
            "operation 1 of the JSON Patch has path \"completionStatus\"; it must begin with a slash",
        ),
        (
            r#"{"op":"copy","path":"/a","from":"b/c"}"#,
            "operation 1 of the JSON Patch has from \"b/c\"; it must begin with a slash",
        ),
        (
            r#"{"op":"replace","path":"/a","valu":1}"#,
            "operation 1 of the JSON Patch has no value, which replace needs",
        ),
        (
            r#"[{"op":"test","path":"/a","value":null},{"op":"add","path":"/a"}]"#,
            "operation 2 of the JSON Patch has no value, which add needs",
        ),
        (
            r#"{"op":"move","path":"/a"}"#,
            "operation 1 of the JSON Patch has no from, which move needs",
        ),
        (
            &deep,
            "the JSON Patch is not JSON: recursion limit exceeded at line 1 column 128",
        ),
    ] {
        assert_eq!(JsonPatch::parse(text).unwrap_err().message(), words);
    }
}

//! Hostile or mistaken arguments: a clear error before any request.

use serde_json::{Value, json};
use v2024_sandbox::{Options, Sandbox};

use super::{Client, Outcome, Text, code, settings};
use crate::common::line;

/// Not UTF-8: a byte that never stands in it, a cut-off character, a surrogate, a character in
/// too many bytes.
const NOT_UTF8: [&[u8]; 4] = [b"a\xffb", b"\xe2\x82", b"\xed\xa0\x80", b"\xc0\xaf"];

fn sandbox() -> Sandbox {
    Sandbox::start_blocking(Options::default()).unwrap()
}

fn refused((status, result): &Outcome, words: &str) {
    assert_eq!(
        (*status, code(result)),
        (-1, "invalid_argument"),
        "{result}"
    );
    said(result, words);
}

fn said(result: &Value, words: &str) {
    let message = result["error"]["message"].as_str().unwrap();
    assert!(message.contains(words), "{message}");
    // A message stays readable however long the argument was.
    assert!(message.chars().count() < 1100, "{} bytes", message.len());
}

fn refused_call(client: Client, request: impl Into<Text>, words: &str) {
    let call = client.start_text(request);
    let messages = call.rest();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(code(&messages[0]), "invalid_argument", "{messages:?}");
    said(&messages[0], words);
    call.free();
}

#[test]
fn text_that_is_not_utf8_is_refused_by_its_name() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    for bytes in NOT_UTF8 {
        refused(&client.get(bytes), "id is not UTF-8");
        refused(&client.update(bytes, "[]"), "id is not UTF-8");
        refused(&client.update("x", bytes), "json_patch is not UTF-8");
        refused(
            &client.list(None, bytes, Text::NULL),
            "filters is not UTF-8",
        );
        refused(
            &client.list(None, Text::NULL, bytes),
            "sorters is not UTF-8",
        );
        refused_call(client, bytes, "request_json is not UTF-8");
        let (none, outcome) = Client::new(bytes);
        assert!(none.is_null());
        refused(&outcome, "settings_json is not UTF-8");
    }
    assert_eq!(sandbox.requests(), []);
    client.free();
}

#[test]
fn what_is_missing_is_named() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    refused(&client.get(Text::NULL), "id is NULL");
    refused(&client.update(Text::NULL, "[]"), "id is NULL");
    refused(&client.update("x", Text::NULL), "json_patch is NULL");
    refused_call(client, Text::NULL, "request_json is NULL");
    refused(
        &Client::NULL.pending(None, None, None),
        "the client is NULL or was freed",
    );
    refused(
        &Client::NULL.headers(None, None, None),
        "the client is NULL or was freed",
    );
    assert_eq!(sandbox.requests(), []);
    client.free();
}

#[test]
fn huge_ids_filters_and_sorters() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    assert_eq!(client.pending(None, None, None).0, 200);
    sandbox.clear_requests();

    let longest = "i".repeat(2048);
    assert_eq!(client.get(&longest).0, 404);
    assert_eq!(
        sandbox.requests()[0].path,
        format!("/v2024/task-status/{longest}")
    );
    sandbox.clear_requests();

    let huge = "i".repeat(20_000_000);
    for id in [&format!("{longest}i"), &huge] {
        let words = format!("the task id is {} bytes long", id.len());
        refused(&client.get(id), &words);
        refused(&client.update(id, "[]"), &words);
        refused_call(
            client,
            json!({"operation": "get_task_status", "id": id}).to_string(),
            if id.len() == huge.len() {
                "request_json is 20000"
            } else {
                &words
            },
        );
    }
    for text in [&huge, &"\u{1f600}".repeat(6000)] {
        refused(
            &client.list(None, text, Text::NULL),
            "is too long for an address",
        );
        refused(
            &client.list(None, Text::NULL, text),
            "is too long for an address",
        );
    }
    assert_eq!(sandbox.requests(), []);
    // A long filter that fits goes out whole.
    let fits = format!("id in (\"{}\")", "a".repeat(20_000));
    assert_eq!(client.list(None, &fits, Text::NULL).0, 200);
    assert_eq!(sandbox.requests()[0].parameter("filters"), Some(&*fits));
    client.free();
}

#[test]
fn numbers_out_of_bounds() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    for limit in [i32::MIN, -1, 251, i32::MAX] {
        let words = format!("limit is {limit}; it must be from 0 to 250");
        refused(&client.pending(None, Some(limit), None), &words);
        refused(&client.headers(None, Some(limit), None), &words);
        refused(&client.list(Some(limit), Text::NULL, Text::NULL), &words);
    }
    for offset in [i32::MIN, -1] {
        let words = format!("offset is {offset}; it must be from 0 to 2147483647");
        refused(&client.pending(Some(offset), None, None), &words);
        refused(&client.headers(Some(offset), None, None), &words);
    }
    for (member, value) in [
        ("limit", json!(i64::MAX)),
        ("offset", json!(i64::MIN)),
        ("offset", json!(2_147_483_648_u64)),
    ] {
        let request = json!({"operation": "get_pending_tasks", member: value});
        refused_call(client, request.to_string(), &format!("{member} is {value}"));
    }
    refused_call(
        client,
        r#"{"operation":"get_pending_tasks","limit":1e400}"#,
        "request_json is invalid: ",
    );
    assert_eq!(sandbox.requests(), []);
    client.free();
}

/// JSON that is deep, wide, repeated or cut off.
fn bombs() -> Vec<String> {
    let deep = 1_000_000;
    vec![
        "[".repeat(deep),
        format!("{}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("{}1{}", r#"{"a":"#.repeat(deep / 2), "}".repeat(deep / 2)),
        format!("\"{}", "\\u0000".repeat(deep)),
        format!("-{}", "9".repeat(deep)),
        format!("{{{}", r#""a":1,"#.repeat(deep / 2)),
    ]
}

#[test]
fn json_bombs_as_settings() {
    let sandbox = sandbox();
    let whole = settings(&sandbox, json!({})).to_string();
    let within = |bomb: &str| format!("{{\"BaseUrl\":{bomb},{}", &whole[1..]);
    for bomb in bombs() {
        for text in [
            bomb.clone(),
            within(&bomb),
            format!("{{\"Environment\":{bomb}}}"),
            format!("{{\"{bomb}\":1}}"),
        ] {
            let (client, (status, result)) = Client::new(text);
            assert!(client.is_null());
            assert_eq!((status, code(&result)), (-2, "settings"), "{result}");
            said(&result, "setting");
        }
    }
    // Small enough to be read, too deep to be meant.
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let (client, (status, result)) = Client::new(within(&deep));
    assert!(client.is_null());
    assert_eq!(status, -2);
    said(&result, "the settings are not JSON: line 1, column ");
    // An overlong name of a setting is not repeated.
    let (_, (_, result)) = Client::new(json!({ "x".repeat(1_000_000): 1 }).to_string());
    said(&result, "there is no setting named \"…\"");
    assert_eq!(sandbox.requests(), []);
}

#[test]
fn json_bombs_as_patches_and_requests() {
    let sandbox = sandbox();
    let client = Client::of(&sandbox, json!({}));
    for bomb in bombs() {
        refused(&client.update("x", &bomb), "the JSON Patch is not JSON");
        let operation = format!("[{{\"op\":\"add\",\"path\":\"/a\",\"value\":{bomb}}}]");
        refused(
            &client.update("x", &operation),
            "the JSON Patch is not JSON",
        );
        refused_call(client, bomb.as_str(), "request_json is invalid: ");
        for member in ["json_patch", "id", "ids", "filters", "unknown"] {
            let request = format!(
                "{{\"{member}\":{bomb},\"operation\":\"update_task_status\",\"id\":\"x\"}}"
            );
            let call = client.start_text(request);
            let messages = call.rest();
            assert_eq!(messages.len(), 1);
            assert_eq!(code(&messages[0]), "invalid_argument");
            said(&messages[0], "");
            call.free();
        }
    }
    let long = format!("[{}]", " ".repeat(9_000_000));
    refused(
        &client.update("x", &long),
        "the JSON Patch is 9000002 bytes long",
    );
    let long = format!(
        "{{\"operation\":\"get_pending_tasks\"{}}}",
        " ".repeat(20_000_000)
    );
    refused_call(client, long, "request_json is 200000");
    assert_eq!(sandbox.requests(), []);

    // A patch as deep and as large as may be goes out as it was written.
    let value = format!(
        "{}\"{}\"{}",
        "[".repeat(100),
        "v".repeat(1_000_000),
        "]".repeat(100)
    );
    let patch =
        format!("[{{\"op\":\"add\",\"path\":\"/attributes\",\"value\":{{\"a\":{value}}}}}]");
    let id = serde_json::from_str::<Value>(&sandbox.tasks()[0]).unwrap()["id"].clone();
    let (status, result) = client.update(id.as_str().unwrap(), &patch);
    assert_eq!(status, 200, "{}", result["error"]);
    let sent = sandbox.requests().pop().unwrap();
    assert!(line(&sent).starts_with("PATCH "), "{}", line(&sent));
    assert!(sent.body == patch, "the patch was changed on its way");
    client.free();
}

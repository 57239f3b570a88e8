//! Whole bodies, read and written again.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Number, Value, json};

use super::*;

const SPECIFICATION_TASK: &str = include_str!("testdata/specification_task.json");
const SPECIFICATION_ERROR: &str = include_str!("testdata/specification_error.json");
const PENDING_TASK: &str = include_str!("testdata/pending_task.json");
const ODD_TASK: &str = include_str!("testdata/odd_task.json");

/// Reads the JSON and makes sure that writing gives the same JSON.
fn round_trip<T: DeserializeOwned + Serialize>(json: &str) -> T {
    let read: T = read(json).expect("the JSON can be read");
    let written = serde_json::to_value(&read).expect("the model can be written");
    assert_eq!(
        written,
        serde_json::from_str::<Value>(json).expect("the test's JSON is JSON")
    );
    read
}

#[test]
fn the_specification_s_task_is_read_whole() {
    let task: TaskStatus = round_trip(SPECIFICATION_TASK);

    let date = Date::from("2020-07-11T21:23:15.000Z");
    assert_eq!(
        date.timestamp().map(Timestamp::as_second),
        Some(1_594_502_595)
    );
    let text = |text: &str| Maybe::Value(text.to_owned());
    let object = |value: Value| Maybe::Value(value.as_object().expect("an object").clone());
    let expected = TaskStatus {
        id: "id12345".to_owned(),
        kind: TaskType::Quartz.into(),
        unique_name: text("Big Task"),
        description: text("A Really Big Task"),
        parent_name: text("Parent Task"),
        launcher: text("sweep"),
        target: Maybe::Value(Target {
            id: text("c6dc37bf508149b28ce5b7d90ca4bbf9"),
            kind: TargetType::Application.into(),
            name: text("Active Directory [source]"),
            ..Target::default()
        }),
        created: date.clone().into(),
        modified: date.clone().into(),
        launched: date.clone().into(),
        completed: date.into(),
        completion_status: CompletionStatus::Success.into(),
        messages: Maybe::Value(vec![TaskStatusMessage {
            kind: MessageType::Info.into(),
            localized_text: Maybe::Value(LocalizedMessage {
                locale: text("An error has occurred!"),
                message: text("Error has occurred!"),
                ..LocalizedMessage::default()
            }),
            key: text("akey"),
            parameters: Maybe::Value(vec![json!({ "name": "value" })]),
            ..TaskStatusMessage::default()
        }]),
        returns: Maybe::Value(vec![TaskReturnDetails {
            name: text("label"),
            attribute_name: text("identityCount"),
            ..TaskReturnDetails::default()
        }]),
        attributes: object(json!({ "identityCount": 0 })),
        progress: text("Started"),
        percent_complete: Maybe::Value(100.into()),
        task_definition_summary: Maybe::Value(TaskDefinitionSummary {
            id: text("2c91808475b4334b0175e1dff64b63c5"),
            unique_name: text("Cloud Account Aggregation"),
            description: text("Aggregates from the specified application."),
            parent_name: text("Cloud Account Aggregation"),
            executor: text("sailpoint.task.ServiceTaskExecutor"),
            arguments: object(json!({
                "mantisExecutor": "com.sailpoint.mantis.sources.task.AccountAggregationTask",
                "eventClassesCsv": "sailpoint.thunderbolt.events.AggregationEvents",
                "serviceClass": "sailpoint.thunderbolt.service.AggregationService",
                "serviceMethod": "accountAggregationTask"
            })),
            ..TaskDefinitionSummary::default()
        }),
        ..TaskStatus::default()
    };
    assert_eq!(task, expected);
}

#[test]
fn the_specification_s_error_is_read_whole() {
    let error: ErrorResponse = round_trip(SPECIFICATION_ERROR);
    let text = |text: &str| Maybe::Value(text.to_owned());
    let message = ErrorMessage {
        locale: text("en-US"),
        locale_origin: LocaleOrigin::Default.into(),
        text: text(
            "The request was syntactically correct but its content is semantically invalid.",
        ),
        ..ErrorMessage::default()
    };
    let expected = ErrorResponse {
        detail_code: text("400.1 Bad Request Content"),
        tracking_id: text("e7eab60924f64aa284175b9fa3309599"),
        messages: Maybe::Value(vec![message.clone()]),
        causes: Maybe::Value(vec![message]),
        ..ErrorResponse::default()
    };
    assert_eq!(error, expected);
}

#[test]
fn other_error_bodies_keep_their_members() {
    let error: ErrorResponse = round_trip(r#"{"error":"JWT validation failed: JWT is expired"}"#);
    assert_eq!(
        error.unknown["error"],
        "JWT validation failed: JWT is expired"
    );
    let error: ErrorResponse = round_trip(r#"{"messages":[{"locale":null,"localeOrigin":null}]}"#);
    let message = error.messages.iter().next().expect("one message");
    assert!(
        message.locale.is_null() && message.locale_origin.is_null() && message.text.is_missing()
    );
}

#[test]
fn c04_null_stays_null_and_missing_stays_missing() {
    let task: TaskStatus = round_trip(PENDING_TASK);
    assert!(task.completion_status.is_null());
    assert!(task.target.is_null());
    assert!(task.messages.is_null());
    let definition = task.task_definition_summary.value().expect("a definition");
    assert!(definition.description.is_null());
    assert!(definition.parent_name.is_missing());

    let task: TaskStatus = round_trip(ODD_TASK);
    assert!(task.task_definition_summary.is_missing());
    let task: TaskStatus = round_trip(r#"{"id":"a","taskDefinitionSummary":null}"#);
    assert!(task.task_definition_summary.is_null());

    let task: TaskStatus = round_trip(r#"{"id":"a"}"#);
    let expected = TaskStatus {
        id: "a".to_owned(),
        ..TaskStatus::default()
    };
    assert_eq!(task, expected);
}

#[test]
fn c05_unknown_names_and_members_are_kept() {
    let task: TaskStatus = round_trip(ODD_TASK);
    assert_eq!(task.kind, TaskType::Other("NEW_KIND".to_owned()).into());
    assert_eq!(
        task.completion_status,
        CompletionStatus::Other("TERMINATED_BY_X".to_owned()).into()
    );
    assert_eq!(
        Value::from(task.unknown.clone()),
        json!({ "extraField": { "a": [1] } })
    );

    let target = task.target.value().expect("a target");
    assert!(target.kind.is_null());
    assert_eq!(target.unknown["owner"], json!({ "id": 1 }));

    let messages = task.messages.as_deref().expect("messages");
    assert_eq!(
        messages[0].kind,
        MessageType::Other("Error".to_owned()).into()
    );
    assert_eq!(
        messages[0].parameters.as_deref().map(<[Value]>::len),
        Some(4)
    );
    assert_eq!(
        messages[0].localized_text.value().expect("a text").unknown["dir"],
        "ltr"
    );
    assert_eq!(messages[1].kind, MessageType::Warn.into());
    assert!(messages[1].localized_text.is_null());
    assert!(messages[2].parameters.is_null());
    assert_eq!(messages[2].unknown["since"], "2025");
    assert_eq!(messages[3], TaskStatusMessage::default());

    let returned = task.returns.iter().next().expect("one return");
    assert!(returned.name.is_missing());
    assert_eq!(returned.unknown["displayLabel"], "L");
}

#[test]
fn large_numbers_and_odd_keys_are_exact() {
    let task: TaskStatus = round_trip(ODD_TASK);
    let attributes = task.attributes.value().expect("attributes");
    assert_eq!(attributes["big"].as_i64(), Some(9_007_199_254_740_993));
    assert_eq!(attributes["bigger"].as_u64(), Some(u64::MAX));
    assert_eq!(attributes["negative"].as_i64(), Some(i64::MIN));
    assert_eq!(
        (attributes["Total"].as_str(), attributes["total"].as_i64()),
        (Some("12"), Some(12))
    );
    assert_eq!(attributes[""], "empty key");
    assert_eq!(
        task.percent_complete,
        Maybe::Value(9_007_199_254_740_993_i64.into())
    );
}

#[test]
fn c25_unlisted_names_of_an_update_are_read() {
    for status in ["Success", "Error", "Completed"] {
        let completed = "2024-05-17 19:33:16.470000+00:00";
        let json =
            json!({ "id": "a", "completionStatus": status, "completed": completed }).to_string();
        let task: TaskStatus = round_trip(&json);
        assert_eq!(
            task.completion_status,
            CompletionStatus::Other(status.to_owned()).into()
        );
        let timestamp = task.completed.value().and_then(Date::timestamp);
        assert_eq!(
            timestamp.map(Timestamp::as_millisecond),
            Some(1_715_974_396_470)
        );
    }
}

#[test]
fn c28_no_odd_date_fails() {
    let task: TaskStatus = round_trip(ODD_TASK);
    let launched = task.launched.value().and_then(Date::timestamp);
    assert_eq!(launched.map(Timestamp::as_second), Some(1_735_787_040));
    assert_eq!(
        task.completed,
        Date::Other(json!(1_714_574_212_775_i64)).into()
    );

    let task: TaskStatus = round_trip(PENDING_TASK);
    assert_eq!(
        task.launched,
        Date::Other(json!("2025-01-02T03:04:05.123456789")).into()
    );
    assert_eq!(task.completed, Date::Other(json!("")).into());
    assert!(task.modified.is_null());
}

#[test]
fn a_fraction_of_a_percent_is_read() {
    let task: TaskStatus = round_trip(r#"{"id":"a","percentComplete":99.5}"#);
    let percent = task.percent_complete.value().and_then(Number::as_f64);
    assert_eq!(percent, Some(99.5));
}

#[test]
fn a_list_is_a_vec() {
    let tasks: Vec<TaskStatus> =
        round_trip(&format!("[{SPECIFICATION_TASK},{ODD_TASK},{PENDING_TASK}]"));
    assert_eq!(tasks.len(), 3);
    assert_eq!(round_trip::<Vec<TaskStatus>>("[]"), []);
}

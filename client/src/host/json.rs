//! The JSON of a result.
//!
//! `{"status":200,"headers":{…},"body":…}`; a failure also has `"error":{"code":…,"message":…}`.
//! `body` or `text` is always the last member. `body` holds the bytes that the tenant sent.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::response::{Body, Response, SPARE_CAPACITY};
use crate::settings::Settings;

/// The JSON of a result.
pub fn result(result: Result<Response, Error>) -> String {
    framed(None, None, false, result)
}

/// The JSON of a result, beginning with `kind` and `id` if they are given.
pub(super) fn framed(
    kind: Option<&str>,
    id: Option<&str>,
    is_gapless: bool,
    result: Result<Response, Error>,
) -> String {
    let mut members = Members(String::with_capacity(SPARE_CAPACITY));
    if let Some(kind) = kind {
        members.add("kind", &kind);
    }
    if let Some(id) = id {
        members.add("id", &id);
    }
    let response = match &result {
        Ok(response) => Some(response),
        Err(error) => error.response(),
    };
    if let Some(response) = response {
        members.add("status", &response.status());
        members.add("headers", &Headers(response.headers()));
    }
    if is_gapless {
        members.add("gapless", &true);
    }
    if let Err(error) = &result {
        members.add("error", &ErrorMembers::of(error));
    }
    let body = match result {
        Ok(response) => response.into_body(),
        Err(error) => error
            .response()
            .map_or(Body::Empty, |response| response.body().clone()),
    };
    match body {
        Body::Json(text) => return members.close_around("body", text),
        Body::Text(text) => members.add("text", &text),
        Body::Empty => {}
    }
    members.close()
}

/// The JSON of a client's settings: `{"settings":{…},"notes":[{"code":…,"message":…,"warning":…}]}`.
pub fn settings(settings: &Settings) -> String {
    let mut members = Members(String::with_capacity(SPARE_CAPACITY));
    members.add("settings", settings.shown());
    members.add("notes", &settings.notes());
    members.close()
}

/// The JSON of settings without a client: `{"settings":{…}}`.
pub fn outline(shown: &Map<String, Value>) -> String {
    let mut members = Members(String::with_capacity(SPARE_CAPACITY));
    members.add("settings", shown);
    members.close()
}

/// The JSON of an error from making a client, with what was found of the settings in `json`.
pub fn settings_error(json: &str, error: &Error) -> String {
    let (shown, notes) = Settings::preview_with_notes(json);
    let mut members = Members(String::with_capacity(SPARE_CAPACITY));
    members.add("error", &ErrorMembers::of(error));
    members.add("settings", &shown);
    members.add("notes", &notes);
    members.close()
}

struct Members(String);

impl Members {
    fn add(&mut self, name: &str, value: &impl Serialize) {
        // Strings, numbers and maps of them always serialize.
        let json = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
        self.add_raw(name, &json);
    }

    fn add_raw(&mut self, name: &str, json: &str) {
        self.add_name(name);
        self.0.push_str(json);
    }

    fn add_name(&mut self, name: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    fn close(mut self) -> String {
        self.0.push('}');
        self.0
    }

    /// Closes with one last member, reusing its text's memory, since the text may be long.
    fn close_around(mut self, name: &str, mut json: String) -> String {
        self.add_name(name);
        json.insert_str(0, &self.0);
        json.push('}');
        json
    }
}

/// Headers as an object: a text for each name, or an array of texts if the name occurs several times.
struct Headers<'a>(&'a [(String, String)]);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (index, (name, value)) in self.0.iter().enumerate() {
            let same = |(other, _): &&(String, String)| other == name;
            if self.0[..index].iter().any(|header| same(&header)) {
                continue;
            }
            let values: Vec<&str> = self
                .0
                .iter()
                .filter(same)
                .map(|(_, value)| value.as_str())
                .collect();
            match values.as_slice() {
                [_] => map.serialize_entry(name, value)?,
                several => map.serialize_entry(name, several)?,
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorMembers<'a> {
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_id: Option<String>,
}

impl<'a> ErrorMembers<'a> {
    fn of(error: &'a Error) -> Self {
        Self {
            code: error.kind().as_str(),
            message: error.message(),
            hint: error.hint(),
            tracking_id: error.tracking_id(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn response(headers: &[(&str, &str)], body: &str) -> Response {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Response::new(200, headers, body.as_bytes().to_vec())
    }

    #[test]
    fn a_body_stays_byte_for_byte() {
        let body = r#"{"A":1.0,"a":9007199254740993,"":"\u0000\ud800"}"#;
        assert_eq!(
            result(Ok(response(
                &[("x-total-count", "12"), ("via", "a"), ("via", "b")],
                body
            ))),
            format!(
                r#"{{"status":200,"headers":{{"x-total-count":"12","via":["a","b"]}},"body":{body}}}"#
            )
        );
    }

    #[test]
    fn other_bodies_and_none() {
        assert_eq!(
            framed(
                Some("response"),
                Some("x"),
                false,
                Ok(response(&[], "<p>\"hi\"\0</p>"))
            ),
            r#"{"kind":"response","id":"x","status":200,"headers":{},"text":"<p>\"hi\"\u0000</p>"}"#
        );
        assert_eq!(
            result(Ok(response(&[], ""))),
            r#"{"status":200,"headers":{}}"#
        );
    }

    #[test]
    fn errors_with_and_without_a_response() {
        let error = Error::new(ErrorKind::Connect, "cannot connect").with_hint("check");
        assert_eq!(
            result(Err(error)),
            r#"{"error":{"code":"connect","message":"cannot connect","hint":"check"}}"#
        );
        let refused = Response::new(404, Vec::new(), br#"{"trackingId":"t1"}"#.to_vec());
        let error = Error::new(ErrorKind::Http, "no").with_response(refused);
        assert_eq!(
            result(Err(error)),
            concat!(
                r#"{"status":404,"headers":{},"error":{"code":"http","message":"no","trackingId":"t1"},"#,
                r#""body":{"trackingId":"t1"}}"#
            )
        );
    }
}

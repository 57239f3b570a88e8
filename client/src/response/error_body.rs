//! What the error bodies of the tenant, its gateway and its token endpoint say.

use std::collections::HashMap;
use std::fmt;

use serde::Deserializer as _;
use serde::de::Visitor;
use serde_json::value::RawValue;

/// An error body in any of their formats.
#[derive(Default)]
pub(super) struct ErrorBody {
    detail_code: Option<String>,
    pub tracking_id: Option<String>,
    texts: Vec<String>,
}

impl ErrorBody {
    /// Reads each member by itself: one of an unexpected type loses no other.
    pub(super) fn read(json: &str) -> Option<Self> {
        let members = Members::read(json)?;
        let lists = ["messages", "causes"].map(|name| members.texts(name));
        let others = [
            "detailMessage",
            "formattedMsg",
            "message",
            "error",
            "error_description",
        ];
        let others = others.iter().filter_map(|name| members.text(name));
        Some(Self {
            detail_code: members.text("detailCode"),
            tracking_id: members.text("trackingId"),
            texts: lists.into_iter().flatten().chain(others).collect(),
        })
    }

    pub(super) fn words(self) -> Option<String> {
        // The tenant repeats a text for each locale and cause: each is kept once.
        let mut parts: Vec<&str> = Vec::new();
        for part in self.texts.iter().map(|text| text.trim()) {
            if !part.is_empty() && !parts.contains(&part) {
                parts.push(part);
            }
        }
        let joined = parts.into_iter().map(str::to_owned).reduce(|before, next| {
            let joint = joint(&before, &next);
            before + joint + &next
        });
        joined.or(self.detail_code)
    }
}

/// What stands between two texts of the tenant, which may be sentences or parts of one.
fn joint(before: &str, next: &str) -> &'static str {
    if before.ends_with(['.', '!', '?', ':', ';', ',', '…']) {
        " "
    } else if next.starts_with(char::is_uppercase) {
        ". "
    } else {
        "; "
    }
}

/// The members of a JSON object, each to be read by itself.
pub(crate) struct Members<'a>(HashMap<String, &'a RawValue>);

impl<'a> Members<'a> {
    pub(crate) fn read(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok().map(Self)
    }

    /// The JSON text of a member.
    pub(crate) fn json(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(|value| value.get())
    }

    /// A member that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        text_in(self.json(name)?)
    }

    /// The texts of a member that is a list of texts, or of objects with a `text`.
    fn texts(&self, name: &str) -> Vec<String> {
        let items: Vec<&RawValue> = self
            .json(name)
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default();
        items
            .into_iter()
            .filter_map(|item| {
                text_in(item.get()).or_else(|| Members::read(item.get())?.text("text"))
            })
            .collect()
    }
}

/// The text that a JSON string holds. Half of a surrogate pair is replaced: whoever cuts texts in
/// UTF-16 leaves such halves.
fn text_in(json: &str) -> Option<String> {
    struct Text;

    impl Visitor<'_> for Text {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }

        fn visit_bytes<E>(self, text: &[u8]) -> Result<String, E> {
            Ok(String::from_utf8_lossy(text).into_owned())
        }
    }

    serde_json::Deserializer::from_str(json)
        .deserialize_bytes(Text)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::super::Response;

    fn response(status: u16, body: &str) -> Response {
        Response::new(status, Vec::new(), body.as_bytes().to_vec())
    }

    #[test]
    fn words_of_every_error_format() {
        let dto = concat!(
            r#"{"detailCode":"404 Not found","trackingId":"t1","#,
            r#""messages":[{"text":"gone"},{"text":"gone"}],"causes":[{"text":"older"}]}"#
        );
        assert_eq!(response(404, dto).words().as_deref(), Some("gone; older"));
        assert_eq!(response(404, dto).tracking_id().as_deref(), Some("t1"));
        let cases = [
            (r#"{"error":"JWT is required"}"#, "JWT is required"),
            (
                r#"{"message":" Rate Limit Exceeded "}"#,
                "Rate Limit Exceeded",
            ),
            (
                r#"{"error":"invalid_client","error_description":"Bad"}"#,
                "invalid_client. Bad",
            ),
            (
                r#"{"messages":[{"text":"Not found."},{"text":"There is none"},{"text":"Why?"},"no"]}"#,
                "Not found. There is none. Why? no",
            ),
            (
                r#"{"detailMessage":"Error converting"}"#,
                "Error converting",
            ),
            (
                r#"{"detailCode":"500.0 Internal Fault"}"#,
                "500.0 Internal Fault",
            ),
            ("plain text", "plain text"),
            (r#"{"other":1}"#, r#"{"other":1}"#),
        ];
        for (body, words) in cases {
            assert_eq!(
                response(400, body).words().as_deref(),
                Some(words),
                "{body}"
            );
        }
        assert_eq!(response(502, "<html>Bad Gateway</html>").words(), None);
        assert_eq!(response(502, "").words(), None);
    }

    #[test]
    fn a_member_of_an_odd_type_loses_no_other() {
        for odd in [
            "null",
            "1",
            "true",
            r#"{"text":1}"#,
            "[null,1,[],{}]",
            "1e999",
        ] {
            for name in ["causes", "messages", "detailCode", "error", "message"] {
                let body = format!(
                    r#"{{"{name}":{odd},"trackingId":"t1","detailMessage":"words","{name}":{odd}}}"#
                );
                let response = response(400, &body);
                assert_eq!(response.words().as_deref(), Some("words"), "{body}");
                assert_eq!(response.tracking_id().as_deref(), Some("t1"), "{body}");
            }
        }
        let odd_id = r#"{"trackingId":7,"messages":[null,{"text":null},{"text":"words"},"more"]}"#;
        assert_eq!(
            response(400, odd_id).words().as_deref(),
            Some("words; more")
        );
        assert_eq!(response(400, odd_id).tracking_id(), None);
        let half = r#"{"trackingId":"t1","messages":[{"text":"cut \ud83d"}]}"#;
        assert_eq!(
            response(400, half).words().as_deref(),
            Some("cut \u{fffd}\u{fffd}\u{fffd}")
        );
        assert_eq!(response(400, half).tracking_id().as_deref(), Some("t1"));
    }
}

//! What came back: status, headers, body. It reads the tenant's error bodies.

use std::fmt;

use serde::Deserialize;

use crate::secrets::Masks;
use crate::text::{brief, printable};

/// Bodies arrive in memory with so many bytes to spare. Whoever puts a short text around a body, as
/// the C library does, need not copy it.
pub const SPARE_CAPACITY: usize = 2048;

/// The tenant's response to one request, its body as received.
#[derive(Clone)]
pub struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
}

/// A body, looked at once when it arrives.
#[derive(Clone)]
pub(crate) enum Body {
    Empty,
    /// One JSON value with nothing around it, checked.
    Json(String),
    /// Anything else; bytes that are not UTF-8 are replaced.
    Text(String),
}

impl Body {
    fn read(bytes: Vec<u8>) -> Self {
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                return Self::Text(String::from_utf8_lossy(error.as_bytes()).into_owned());
            }
        };
        let trimmed = text.trim_start_matches('\u{feff}').trim();
        if trimmed.is_empty() {
            return Self::Empty;
        }
        if serde_json::from_str::<serde::de::IgnoredAny>(trimmed).is_err() {
            return Self::Text(text);
        }
        if trimmed.len() == text.len() {
            Self::Json(text)
        } else {
            Self::Json(trimmed.to_owned())
        }
    }
}

impl Response {
    pub(crate) fn new(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Self {
        Self {
            status,
            headers,
            body: Body::read(body),
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// All headers but cookies, names in lower case, in the order they came.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The first value of a header, its name without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// How many results there are in all: the `X-Total-Count` header, sent when `count` is asked for.
    pub fn total_count(&self) -> Option<u64> {
        self.header("x-total-count")?.trim().parse().ok()
    }

    /// The body's JSON text, byte for byte; `None` when the body is empty or not JSON.
    pub fn json_text(&self) -> Option<&str> {
        match &self.body {
            Body::Json(text) => Some(text),
            _ => None,
        }
    }

    /// The body as text; empty when there is none.
    pub fn text(&self) -> &str {
        match &self.body {
            Body::Empty => "",
            Body::Json(text) | Body::Text(text) => text,
        }
    }

    /// Status and headers alone, for an response whose body may be secret.
    pub(crate) fn without_body(&self) -> Self {
        Self {
            status: self.status,
            headers: self.headers.clone(),
            body: Body::Empty,
        }
    }

    /// The same response with another body, which must be JSON.
    pub(crate) fn with_json(&self, json: String) -> Self {
        Self {
            status: self.status,
            headers: self.headers.clone(),
            body: Body::Json(json),
        }
    }

    /// The response with its JSON made into other JSON.
    pub(crate) fn map_json(mut self, make: impl FnOnce(String) -> String) -> Self {
        if let Body::Json(text) = self.body {
            self.body = Body::Json(make(text));
        }
        self
    }

    /// The same response with a secret masked wherever the tenant repeats it.
    pub(crate) fn masked(&self, masks: &Masks) -> Self {
        Self {
            status: self.status,
            headers: self
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), masks.mask(value)))
                .collect(),
            body: match &self.body {
                Body::Empty => Body::Empty,
                Body::Json(text) => Body::Json(masks.mask(text)),
                Body::Text(text) => Body::Text(masks.mask(text)),
            },
        }
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    pub(crate) fn into_body(self) -> Body {
        self.body
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The tenant's id of this exchange, from the error body or the headers.
    pub fn tracking_id(&self) -> Option<String> {
        self.error_body()
            .and_then(|body| body.tracking_id)
            .or_else(|| self.header("slpt-request-id").map(str::to_owned))
            .or_else(|| self.header("x-request-id").map(str::to_owned))
            .map(|id| printable(&id).into_owned())
    }

    /// The tenant's own words in any of its error shapes; a piece of the text where it is none.
    pub(crate) fn words(&self) -> Option<String> {
        const LONGEST: usize = 300;
        if let Some(words) = self.error_body().and_then(ErrorBody::words) {
            return Some(brief(&words, LONGEST));
        }
        let text = self.text().trim();
        let is_readable = !text.is_empty() && !text.starts_with('<');
        is_readable.then(|| brief(text, LONGEST))
    }

    fn error_body(&self) -> Option<ErrorBody> {
        if self.is_success() {
            return None;
        }
        serde_json::from_str(self.json_text()?).ok()
    }
}

/// Bodies may be large and are the tenant's data: Debug output shows their size only.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body_bytes", &self.text().len())
            .finish()
    }
}

/// The error shapes that the tenant, its gateway and its token endpoint use.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody {
    #[serde(default)]
    detail_code: Option<String>,
    #[serde(default)]
    tracking_id: Option<String>,
    #[serde(default)]
    messages: Vec<ErrorText>,
    #[serde(default)]
    causes: Vec<ErrorText>,
    #[serde(default)]
    detail_message: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default, rename = "error_description")]
    error_description: Option<String>,
    #[serde(default)]
    formatted_msg: Option<String>,
}

#[derive(Deserialize)]
struct ErrorText {
    #[serde(default)]
    text: Option<String>,
}

impl ErrorBody {
    fn words(self) -> Option<String> {
        // The DTO gives the same text once per locale and cause: each is said once.
        let mut parts: Vec<String> = Vec::new();
        let texts = self.messages.into_iter().chain(self.causes);
        let others = [
            self.detail_message,
            self.formatted_msg,
            self.message,
            self.error,
            self.error_description,
        ];
        for part in texts
            .filter_map(|text| text.text)
            .chain(others.into_iter().flatten())
        {
            let part = part.trim().to_owned();
            if !part.is_empty() && !parts.contains(&part) {
                parts.push(part);
            }
        }
        match (parts.is_empty(), self.detail_code) {
            (true, code) => code,
            (false, _) => Some(parts.join("; ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: &str) -> Response {
        Response::new(status, Vec::new(), body.as_bytes().to_vec())
    }

    #[test]
    fn words_of_every_error_shape() {
        let dto = r#"{"detailCode":"404 Not found","trackingId":"t1","messages":[{"text":"gone"},{"text":"gone"}],"causes":[{"text":"older"}]}"#;
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
                "invalid_client; Bad",
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
    fn a_body_is_json_text_or_nothing() {
        assert_eq!(
            response(200, "\u{feff} [1, 2] \n").json_text(),
            Some("[1, 2]")
        );
        assert_eq!(response(200, "[1, 2").json_text(), None);
        assert_eq!(response(200, "[1, 2").text(), "[1, 2");
        assert_eq!(response(204, " \n").text(), "");
        assert_eq!(
            response(200, r#"{"a":"\ud800","A":9007199254740993,"":1}"#)
                .json_text()
                .map(str::len),
            Some(40)
        );
        let latin1 = Response::new(200, Vec::new(), vec![b'"', 0xfc, b'"']);
        assert_eq!((latin1.json_text(), latin1.text()), (None, "\"\u{fffd}\""));
    }
}

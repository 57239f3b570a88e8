//! The response to a request: status, headers, body; and what the tenant's error bodies say.

use std::collections::HashMap;
use std::fmt;

use encoding_rs::{Encoding, UTF_8};
use serde::Deserializer as _;
use serde::de::Visitor;
use serde_json::value::RawValue;

use crate::secrets::Masks;
use crate::text::{brief, printable};

/// Bodies are read into memory with this many bytes to spare, so that a short text can be put
/// around a body, as the C library does, without copying it.
pub const SPARE_CAPACITY: usize = 2048;

/// The tenant's response to one request, its body as received.
#[derive(Clone)]
pub struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
    /// Why the body is only a beginning. It is appended once the secrets are masked, since a secret may have
    /// been cut too.
    cut: Option<String>,
}

/// A body, classified once when it arrives.
#[derive(Clone)]
pub(crate) enum Body {
    Empty,
    /// One valid JSON value with nothing around it.
    Json(String),
    /// Anything else; bytes that are invalid in its encoding are replaced.
    Text(String),
}

impl Body {
    fn read(bytes: Vec<u8>, encoding: &'static Encoding) -> Self {
        let text = if encoding == UTF_8 {
            String::from_utf8(bytes).map_err(|error| {
                let text = String::from_utf8_lossy(error.as_bytes());
                text.into_owned()
            })
        } else {
            match encoding.decode_without_bom_handling(&bytes) {
                (text, false) => Ok(text.into_owned()),
                (text, true) => Err(text.into_owned()),
            }
        };
        let text = match text {
            Ok(text) => text,
            Err(with_replacements) => return Self::Text(with_replacements),
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
        let encoding = encoding(&headers, &body);
        Self {
            status,
            headers,
            body: Body::read(body, encoding),
            cut: None,
        }
    }

    /// A response of whose body only the beginning could be read, and why.
    pub(crate) fn cut(
        status: u16,
        headers: Vec<(String, String)>,
        body: &[u8],
        why: String,
    ) -> Self {
        let mut decoder = encoding(&headers, body).new_decoder_without_bom_handling();
        let most = decoder.max_utf8_buffer_length(body.len()).unwrap_or(0);
        let mut text = String::with_capacity(most);
        // The end may be in the middle of a character, which is left out then.
        let is_last = false;
        let _ = decoder.decode_to_string(body, &mut text, is_last);
        Self {
            status,
            headers,
            body: Body::Text(text),
            cut: Some(why),
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// All headers but cookies and authorizations, names in lower case, in the order received.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The first value of a header; the case of its name does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// How many results there are in total: the `X-Total-Count` header, which the tenant sends if
    /// `count` is true. If it comes several times, all must be equal.
    pub fn total_count(&self) -> Option<u64> {
        let mut totals = self
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("x-total-count"))
            .flat_map(|(_, value)| value.split(','))
            .map(|total| total.trim().parse::<u64>().ok());
        let first = totals.next()??;
        totals.all(|total| total == Some(first)).then_some(first)
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

    /// Status and headers alone, for a response whose body may be secret.
    pub(crate) fn without_body(&self) -> Self {
        Self {
            status: self.status,
            headers: self.headers.clone(),
            body: Body::Empty,
            cut: None,
        }
    }

    /// What can be shown of a response with more credentials than are looked for: no header, and of an error
    /// no body.
    pub(crate) fn withheld(self) -> Self {
        let headers = Vec::new();
        if self.is_success() {
            return Self { headers, ..self };
        }
        let why = "the response holds too much that looks like a credential to be shown";
        Self::cut(self.status, headers, b"", why.to_owned())
    }

    /// The same response with another body, which must be JSON.
    pub(crate) fn with_json(&self, json: String) -> Self {
        Self {
            status: self.status,
            headers: self.headers.clone(),
            body: Body::Json(json),
            cut: None,
        }
    }

    /// The response with its JSON replaced by what `make` returns.
    pub(crate) fn map_json(mut self, make: impl FnOnce(String) -> String) -> Self {
        if let Body::Json(text) = self.body {
            self.body = Body::Json(make(text));
        }
        self
    }

    /// The response with the secrets masked that the tenant repeats.
    pub(crate) fn masked(self, masks: &Masks<'_>) -> Self {
        let Self { body, cut, .. } = self;
        Self {
            body: match (body, cut) {
                (Body::Text(text), Some(why)) => {
                    let beginning = masks.beginning(&text);
                    Body::Text(format!("{beginning}\n[{why}]"))
                }
                (Body::Text(text), None) => Body::Text(masks.text(text)),
                (Body::Json(text), _) => Body::Json(masks.json(text)),
                (Body::Empty, _) => Body::Empty,
            },
            cut: None,
            ..self
        }
        .with_masked_headers(masks)
    }

    /// The response with secrets masked in the headers alone: its body is the token, and not shown.
    pub(crate) fn with_masked_headers(mut self, masks: &Masks<'_>) -> Self {
        masks.headers(&mut self.headers);
        self
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

    /// The tenant's id of this request, from the error body or the headers.
    pub fn tracking_id(&self) -> Option<String> {
        self.error_body()
            .and_then(|body| body.tracking_id)
            .or_else(|| self.header("slpt-request-id").map(str::to_owned))
            .or_else(|| self.header("x-request-id").map(str::to_owned))
            .map(|id| printable(&id).into_owned())
    }

    /// The tenant's own words in any of its error formats; otherwise the beginning of the text.
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
        ErrorBody::read(self.json_text()?)
    }
}

/// The encoding of a body: that of its byte order mark, or the one its `Content-Type` declares, or
/// UTF-8.
fn encoding(headers: &[(String, String)], body: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return encoding;
    }
    headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .and_then(|(_, content_type)| charset(content_type))
        .and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()))
        .unwrap_or(UTF_8)
}

/// The `charset` of a content type such as `text/html; charset="latin1"`.
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches(['"', '\'']))
    })
}

/// Bodies may be large and hold the tenant's data: Debug output shows only their size.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body_bytes", &self.text().len())
            .finish()
    }
}

/// What the tenant, its gateway and its token endpoint say in an error body, in any of their formats.
#[derive(Default)]
struct ErrorBody {
    detail_code: Option<String>,
    tracking_id: Option<String>,
    texts: Vec<String>,
}

impl ErrorBody {
    /// Reads each member by itself: one of an unexpected type loses no other.
    fn read(json: &str) -> Option<Self> {
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

    fn words(self) -> Option<String> {
        // The tenant repeats a text for each locale and cause: each is kept once.
        let mut parts: Vec<&str> = Vec::new();
        for part in self.texts.iter().map(|text| text.trim()) {
            if !part.is_empty() && !parts.contains(&part) {
                parts.push(part);
            }
        }
        if parts.is_empty() {
            self.detail_code
        } else {
            Some(parts.join("; "))
        }
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
    use super::*;

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

    #[test]
    fn c55_a_total_that_is_no_number_is_unknown() {
        let total = |values: &[&str]| {
            let header = |value: &&str| ("x-total-count".to_owned(), (*value).to_owned());
            Response::new(200, values.iter().map(header).collect(), Vec::new()).total_count()
        };
        for values in [&["7"][..], &[" 7 "], &["7, 7"], &["7", "7"]] {
            assert_eq!(total(values), Some(7), "{values:?}");
        }
        assert_eq!(total(&["9999999999"]), Some(9_999_999_999));
        for values in [
            &[][..],
            &[""],
            &["abc"],
            &["-1"],
            &["7.0"],
            &["7, 8"],
            &["7", "8"],
            &["99999999999999999999"],
        ] {
            assert_eq!(total(values), None, "{values:?}");
        }
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

    fn declared(content_type: &str, body: &[u8]) -> Response {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Response::new(200, headers, body.to_vec())
    }

    #[test]
    fn a_body_is_read_in_the_encoding_it_declares() {
        for (content_type, body) in [
            ("application/json; charset=ISO-8859-1", &b"\"\xfc\""[..]),
            ("application/json;charset=\"latin1\"", b"\"\xfc\""),
            (
                "application/json; a=b; Charset = 'windows-1252' ",
                b"\"\xfc\"",
            ),
            ("application/json; charset=utf-16le", b"\"\0\xfc\0\"\0"),
            ("application/json; charset=utf-16be", b"\0\"\0\xfc\0\""),
            ("application/json; charset=gb18030", b"\"\xa8\xb9\""),
            ("application/json; charset=utf-8", b"\"\xc3\xbc\""),
            ("application/json; charset=unheard-of", b"\"\xc3\xbc\""),
            ("application/json; charset=", b"\"\xc3\xbc\""),
            ("application/json; charset", b"\"\xc3\xbc\""),
            ("application/json", b"\"\xc3\xbc\""),
            // A byte order mark is more certain than a header.
            ("application/json", b"\xff\xfe\"\0\xfc\0\"\0"),
            (
                "application/json; charset=latin1",
                b"\xfe\xff\0\"\0\xfc\0\"",
            ),
            (
                "application/json; charset=latin1",
                b"\xef\xbb\xbf\"\xc3\xbc\"",
            ),
        ] {
            let response = declared(content_type, body);
            assert_eq!(response.json_text(), Some("\"ü\""), "{content_type}");
        }
        let japanese = declared("text/plain; charset=Shift_JIS", b"\x90\xda\x91\xb1");
        assert_eq!((japanese.json_text(), japanese.text()), (None, "接続"));
        let invalid = declared("application/json; charset=Shift_JIS", b"\"\x90\"");
        assert_eq!(
            (invalid.json_text(), invalid.text()),
            (None, "\"\u{fffd}\"")
        );
    }

    #[test]
    fn a_body_that_was_cut_ends_with_a_whole_character_and_a_note() {
        for (content_type, body) in [
            ("text/plain", &b"a\xc3\xbcb\xc3"[..]),
            ("text/plain; charset=utf-16le", b"a\0\xfc\0b\0c"),
            ("text/plain; charset=latin1", b"a\xfcb"),
            ("text/plain; charset=gb18030", b"a\xa8\xb9b\x81\x30"),
        ] {
            let headers = vec![("content-type".to_owned(), content_type.to_owned())];
            let response = Response::cut(400, headers, body, "cut".to_owned());
            let response = response.masked(&Masks::of([]));
            assert_eq!(response.text(), "aüb\n[cut]", "{content_type}");
        }
        let marked = Response::cut(400, Vec::new(), b"\xff\xfea\0", "cut".to_owned());
        let marked = marked.masked(&Masks::of([]));
        assert_eq!(marked.text(), "\u{feff}a\n[cut]");
    }
}

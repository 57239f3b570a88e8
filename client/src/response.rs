//! The response to a request: status, headers, body; and what the tenant's error bodies say.

mod body;
mod error_body;

use std::fmt;

use crate::secrets::Masks;
use crate::text::{brief, printable};
use error_body::ErrorBody;

pub(crate) use body::Body;
pub(crate) use error_body::Members;

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

impl Response {
    pub(crate) fn new(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Self {
        Self {
            status,
            body: Body::read(body, &headers),
            headers,
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
        let text = body::beginning(&headers, body);
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

    /// What can be shown of a response with more credentials than are looked for: of its headers when to try again
    /// and the ids that support asks for, and of an error no body.
    pub(crate) fn withheld(mut self) -> Self {
        const KEPT: [&str; 4] = ["date", "retry-after", "slpt-request-id", "x-request-id"];
        const LONGEST: usize = 64;
        self.headers
            .retain(|(name, value)| KEPT.contains(&name.as_str()) && value.len() <= LONGEST);
        if self.is_success() {
            return self;
        }
        let why = "the response holds too much that looks like a credential to be shown";
        Self::cut(self.status, self.headers, b"", why.to_owned())
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

#[cfg(test)]
mod tests {
    use super::*;

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
}

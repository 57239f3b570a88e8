//! The record of the received requests.

use std::{collections::VecDeque, time::Instant};

use axum::http::{HeaderMap, request::Parts};
use serde::Serialize;

use crate::{fault::Operation, query};

/// The number of requests that are kept, the latest ones.
const KEPT: usize = 100_000;

/// A request as it was received, without secrets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReceivedRequest {
    /// Number of the request since the sandbox started, from 1.
    pub number: u64,
    /// Milliseconds since the sandbox started.
    pub at: u64,
    /// Number of the connection that carried it, from 1.
    pub connection: u64,
    /// The operation it asks for.
    pub operation: Operation,
    /// HTTP method.
    pub method: String,
    /// Path as received, percent-encoded.
    pub path: String,
    /// Query as received, percent-encoded; `None` without a `?`. A client secret in it is
    /// replaced by `[redacted]`.
    pub query: Option<String>,
    /// Decoded query parameters in order; a client secret among them is replaced by `[redacted]`.
    pub parameters: Vec<(String, String)>,
    /// Headers in order, names in lower case; of `authorization` and `proxy-authorization` only
    /// the scheme is kept: `Bearer [redacted]`.
    pub headers: Vec<(String, String)>,
    /// The token it carried: the n-th that was issued, from 1. `None` without a token, or with one that
    /// this sandbox did not issue.
    pub token: Option<u32>,
    /// The body. Invalid UTF-8 is replaced; a client secret in it is replaced by `[redacted]`.
    pub body: String,
    /// The status of its response; `None` as long as there is no response.
    pub status: Option<u16>,
}

impl ReceivedRequest {
    /// The value of a header, by its lower-case name; the first one if there are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The decoded value of a query parameter; the first one if there are several.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        query::first(&self.parameters, name)
    }
}

/// The recorded requests.
pub(crate) struct Journal {
    started: Instant,
    received: u64,
    requests: VecDeque<ReceivedRequest>,
}

impl Journal {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            received: 0,
            requests: VecDeque::new(),
        }
    }

    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }

    /// Records a request without the given secrets. Returns its number.
    pub(crate) fn add(
        &mut self,
        connection: u64,
        operation: Operation,
        parts: &Parts,
        body: &[u8],
        token: Option<u32>,
        secrets: &[String],
    ) -> u64 {
        self.received += 1;
        if self.requests.len() == KEPT {
            self.requests.pop_front();
        }
        let query = parts.uri.query().map(|text| redact(text, secrets));
        self.requests.push_back(ReceivedRequest {
            number: self.received,
            at: self.started.elapsed().as_millis() as u64,
            connection,
            operation,
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            parameters: query::pairs(query.as_deref()),
            query,
            headers: headers(&parts.headers),
            token,
            body: redact(&String::from_utf8_lossy(body), secrets),
            status: None,
        });
        self.received
    }

    /// Records the status of the response to a request.
    pub(crate) fn responded(&mut self, number: u64, status: u16) {
        if let Ok(index) = self
            .requests
            .binary_search_by_key(&number, |request| request.number)
        {
            self.requests[index].status = Some(status);
        }
    }
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let text = String::from_utf8_lossy(value.as_bytes());
            let text = match name.as_str() {
                "authorization" | "proxy-authorization" => {
                    format!("{} [redacted]", text.split(' ').next().unwrap_or_default())
                }
                _ => text.into_owned(),
            };
            (name.as_str().to_owned(), text)
        })
        .collect()
}

fn redact(text: &str, secrets: &[String]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        text = text
            .replace(secret, "[redacted]")
            .replace(&encoded, "[redacted]");
    }
    text
}

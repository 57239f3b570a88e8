//! The error bodies that the vendor documents.

use axum::{
    Json,
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// The header with the tracking id of every response.
pub(crate) const TRACKING_HEADER: &str = "slpt-request-id";

/// A tracking id: 32 hexadecimal digits.
pub(crate) fn tracking_id() -> String {
    format!("{:032x}", fastrand::u128(..))
}

/// A response that reports an error.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    body: Value,
    tracking_id: String,
    retry_after: Option<u64>,
}

impl ApiError {
    /// An `ErrorResponseDto`. `cause` says what exactly was wrong; empty for none.
    pub(crate) fn new(status: StatusCode, cause: impl Into<String>) -> Self {
        let (code, text) = match status.as_u16() {
            400 => (
                "400.1 Bad Request Content",
                "The request was syntactically correct but its content is semantically invalid.",
            ),
            403 => (
                "403 Forbidden",
                "The server understood the request but refuses to authorize it.",
            ),
            404 => (
                "404 Not found",
                "The server did not find a current representation for the target resource.",
            ),
            405 => (
                "405 Method Not Allowed",
                "The method is not supported for this resource.",
            ),
            413 => ("413 Payload Too Large", "The request body is too large."),
            415 => (
                "415 Unsupported Media Type",
                "The media type of the request body is not supported.",
            ),
            500 => ("500.0 Internal Fault", "An internal fault occurred."),
            502 => (
                "502 Bad Gateway",
                "An upstream service gave an invalid response.",
            ),
            503 => (
                "503 Service Unavailable",
                "The service is temporarily unavailable.",
            ),
            504 => (
                "504 Gateway Timeout",
                "An upstream service did not respond in time.",
            ),
            _ => (
                "",
                status.canonical_reason().unwrap_or("The request failed."),
            ),
        };
        let code = if code.is_empty() {
            status.to_string()
        } else {
            code.to_owned()
        };
        let message =
            |text: &str| json!({"locale": "en-US", "localeOrigin": "DEFAULT", "text": text});
        let cause = cause.into();
        let causes: Vec<Value> = if cause.is_empty() {
            vec![]
        } else {
            vec![message(&cause)]
        };
        let tracking_id = tracking_id();
        let body = json!({
            "detailCode": code,
            "trackingId": tracking_id,
            "messages": [message(text)],
            "causes": causes,
        });
        Self {
            status,
            body,
            tracking_id,
            retry_after: None,
        }
    }

    /// 400 with an `ErrorResponseDto`.
    pub(crate) fn bad_request(cause: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, cause)
    }

    /// An error whose body is not an `ErrorResponseDto`.
    pub(crate) fn plain(status: StatusCode, body: Value) -> Self {
        Self {
            status,
            body,
            tracking_id: tracking_id(),
            retry_after: None,
        }
    }

    /// 401 in the words of the gateway in front of the API.
    pub(crate) fn unauthorized(error: &str) -> Self {
        Self::plain(StatusCode::UNAUTHORIZED, json!({ "error": error }))
    }

    /// 429 with `Retry-After` in whole seconds.
    pub(crate) fn too_many_requests(seconds: u64) -> Self {
        let body = json!({"message": " Rate Limit Exceeded "});
        Self {
            retry_after: Some(seconds),
            ..Self::plain(StatusCode::TOO_MANY_REQUESTS, body)
        }
    }

    /// The documented body for a status, as faults use it.
    pub(crate) fn documented(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::unauthorized("JWT validation failed: JWT is expired"),
            429 => Self {
                retry_after: None,
                ..Self::too_many_requests(0)
            },
            _ => Self::new(status, ""),
        }
    }

    /// Replaces the text of the message where the vendor uses another one.
    pub(crate) fn with_text(mut self, text: &str) -> Self {
        self.body["messages"][0]["text"] = text.into();
        self
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (
            self.status,
            [(TRACKING_HEADER, self.tracking_id)],
            Json(self.body),
        )
            .into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert("retry-after", HeaderValue::from(seconds));
        }
        response
    }
}

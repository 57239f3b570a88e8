//! The path of one request: it is read, recorded, and either hit by a fault or given its response.

use std::{convert::Infallible, time::Duration};

use axum::{
    Json, Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use hyper::{Request, body::Incoming};
use tokio::time::sleep;
use tower::ServiceExt;

use crate::{
    errors::ApiError,
    fault::{Action, Operation},
    shared::Shared,
    token::Grant,
};

/// The largest request body that is accepted.
const LONGEST_BODY: usize = 4 << 20;

/// How a request ends.
pub(crate) enum Outcome {
    /// With a response, sent as HTTP.
    Response(Response),
    /// With these bytes, after which the connection is closed.
    Close(Vec<u8>),
    /// With a reset connection.
    Reset,
}

/// Handles a request.
pub(crate) async fn exchange(
    shared: &Shared,
    tenant: Router,
    control: Router,
    connection: u64,
    request: Request<Incoming>,
) -> Outcome {
    if request.uri().path().starts_with("/sandbox/") {
        return Outcome::Response(settled(control.oneshot(request.map(Body::new)).await));
    }
    let outcome = of_tenant(shared, tenant, connection, request).await;
    if !shared.latency.is_zero() {
        sleep(shared.latency).await;
    }
    outcome
}

async fn of_tenant(
    shared: &Shared,
    tenant: Router,
    connection: u64,
    request: Request<Incoming>,
) -> Outcome {
    let (parts, body) = request.into_parts();
    let operation = Operation::of(&parts.method, parts.uri.path());
    let fault = shared
        .faults
        .lock()
        .strike(operation, parts.uri.path(), &mut shared.chance.lock());
    let (delay, action) = fault.unwrap_or((0, Action::Pass));

    let body = match action {
        Action::DropEarly => Bytes::new(),
        _ => match to_bytes(Body::new(body), LONGEST_BODY).await {
            Ok(body) => body,
            Err(_) => {
                return Outcome::Response(
                    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "").into_response(),
                );
            }
        },
    };
    let number = record(shared, connection, operation, &parts, &body).await;
    if delay > 0 {
        // The timer rounds up: even a sleep of 0 would take a millisecond.
        sleep(Duration::from_millis(delay)).await;
    }

    let head = parts.method == Method::HEAD;
    let usual = async || {
        let response = settled(
            tenant
                .oneshot(Request::from_parts(parts, Body::from(body)))
                .await,
        );
        shared
            .journal
            .lock()
            .responded(number, response.status().as_u16());
        response
    };
    match action {
        Action::Pass => Outcome::Response(usual().await),
        Action::ExpireTokens => {
            shared.tokens.lock().expire();
            Outcome::Response(usual().await)
        }
        Action::Respond {
            status,
            headers,
            body,
        } => {
            let response = custom_response(status, headers, body.map(|body| body.bytes().to_vec()));
            shared
                .journal
                .lock()
                .responded(number, response.status().as_u16());
            Outcome::Response(response)
        }
        Action::SlowBody { bytes, delay } => {
            Outcome::Response(in_pieces(usual().await, bytes.max(1), delay).await)
        }
        // Without a body there is nothing to cut. A connection that closes after a whole response would
        // fail the next request, or not, depending on which of the two the client sees first.
        Action::Truncate if head => Outcome::Response(usual().await),
        Action::Truncate => Outcome::Close(half(usual().await).await),
        Action::Hang => std::future::pending().await,
        Action::Drop | Action::DropEarly => Outcome::Close(Vec::new()),
        Action::Raw(bytes) => Outcome::Close(bytes.bytes().to_vec()),
        Action::Reset => Outcome::Reset,
    }
}

async fn record(
    shared: &Shared,
    connection: u64,
    operation: Operation,
    parts: &Parts,
    body: &Bytes,
) -> u64 {
    let secret = match operation {
        Operation::Token => Grant::read(parts, body.clone()).await.secret(),
        _ => None,
    };
    let token = shared.tokens.lock().number(&parts.headers);
    shared
        .journal
        .lock()
        .add(connection, operation, parts, body, token, secret.as_slice())
}

fn settled(result: Result<Response, Infallible>) -> Response {
    match result {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn custom_response(
    status: u16,
    headers: Option<Vec<(String, String)>>,
    body: Option<Vec<u8>>,
) -> Response {
    let Ok(status) = StatusCode::from_u16(status) else {
        return wrong_fault(&format!("{status} is not an HTTP status"));
    };
    let mut response = match body {
        Some(body) => {
            let mut response = (status, Body::from(body)).into_response();
            // Headers that axum adds by itself are not part of the fault.
            response.headers_mut().clear();
            if headers.is_none() {
                response.headers_mut().insert(
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/json"),
                );
            }
            response
        }
        None => ApiError::documented(status).into_response(),
    };
    for (name, value) in headers.into_iter().flatten() {
        match (HeaderName::try_from(&name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => _ = response.headers_mut().append(name, value),
            _ => return wrong_fault(&format!("the header {name} can't be sent")),
        }
    }
    response
}

/// A fault that can't be carried out is reported, so that a test does not mistake it for a success.
fn wrong_fault(what: &str) -> Response {
    (
        StatusCode::NOT_IMPLEMENTED,
        Json(serde_json::json!({ "sandbox": format!("wrong fault: {what}") })),
    )
        .into_response()
}

async fn in_pieces(response: Response, bytes: usize, delay: u64) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let pieces = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        sleep(Duration::from_millis(delay)).await;
        let piece = rest.split_to(bytes.min(rest.len()));
        Some((Ok::<_, Infallible>(piece), rest))
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

/// The bytes of a response up to the middle of its body.
async fn half(response: Response) -> Vec<u8> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let reason = parts.status.canonical_reason().unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", parts.status.as_u16()).into_bytes();
    for (name, value) in parts
        .headers
        .iter()
        .filter(|(name, _)| *name != header::CONTENT_LENGTH)
    {
        bytes.extend_from_slice(format!("{name}: ").as_bytes());
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(&body[..body.len() / 2]);
    bytes
}

//! Keeps web pages away from the controls: a browser on the same machine can reach them, and what the
//! sandbox has recorded is not for every page that somebody opens.

use std::sync::Arc;

use axum::{
    body::HttpBody,
    extract::{Request, State},
    http::{HeaderName, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::shared::Shared;

/// Lets a request pass that names this machine as its host, comes from no foreign page, and has JSON
/// as its body or no body.
pub(crate) async fn admit(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Result<Response, (StatusCode, String)> {
    let url = &shared.base_url;
    let hosts = texts(&request, header::HOST);
    let named = request
        .uri()
        .authority()
        .map(|authority| authority.as_str());
    // A page of another name that now resolves to this machine (DNS rebinding) still sends its name.
    if hosts.is_empty()
        || !hosts
            .iter()
            .copied()
            .chain(named)
            .all(|host| is_own(url, host))
    {
        let message = "the host must be 127.0.0.1, localhost or [::1] with the sandbox's port";
        return Err((StatusCode::FORBIDDEN, message.into()));
    }
    let scheme = url.split("//").next().unwrap_or_default();
    let mut origins = texts(&request, header::ORIGIN).into_iter();
    if !origins.all(|origin| {
        let host = origin
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix("//"));
        host.is_some_and(|host| is_own(url, host))
    }) {
        let message = "requests of web pages from elsewhere are refused";
        return Err((StatusCode::FORBIDDEN, message.into()));
    }
    // A page may send any other type without asking first.
    let types = texts(&request, header::CONTENT_TYPE);
    let is_json = |kind: &&str| {
        let kind = kind.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("application/json")
    };
    let are_json = !types.is_empty() && types.iter().all(is_json);
    if !request.body().is_end_stream() && !are_json {
        let message = "the body must be application/json";
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, message.into()));
    }
    Ok(next.run(request).await)
}

/// The values of a header. One that is not text is empty.
fn texts(request: &Request, name: HeaderName) -> Vec<&str> {
    let values = request.headers().get_all(name).iter();
    values
        .map(|value| value.to_str().unwrap_or_default())
        .collect()
}

/// Whether a host with its port is that of a URL on this machine.
fn is_own(url: &str, host: &str) -> bool {
    let port = url.rsplit(':').next().unwrap_or_default();
    let host = host.to_ascii_lowercase();
    let names = ["127.0.0.1", "localhost", "[::1]"];
    let mut ports = names.iter().filter_map(|name| host.strip_prefix(name));
    ports.any(|rest| match rest.strip_prefix(':') {
        Some(given) => given == port,
        // The scheme's own port is left out.
        None => {
            rest.is_empty()
                && port
                    == if url.starts_with("https") {
                        "443"
                    } else {
                        "80"
                    }
        }
    })
}

//! The token endpoint and the tokens it has issued.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Multipart, Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::json;

use crate::{
    errors::{ApiError, TRACKING_HEADER, tracking_id},
    options::Rate,
    query,
    shared::Shared,
};

/// All tokens issued so far.
#[derive(Default)]
pub(crate) struct Tokens {
    by_text: HashMap<String, Token>,
}

struct Token {
    number: u32,
    expires: Instant,
    window: Instant,
    used: u32,
}

impl Tokens {
    /// Number of tokens issued so far.
    pub(crate) fn issued(&self) -> usize {
        self.by_text.len()
    }

    /// The number of the token that a request carries.
    pub(crate) fn number(&self, headers: &HeaderMap) -> Option<u32> {
        self.by_text.get(bearer(headers)?).map(|token| token.number)
    }

    /// Marks every token issued so far as expired.
    pub(crate) fn expire(&mut self) {
        let now = Instant::now();
        self.by_text
            .values_mut()
            .for_each(|token| token.expires = now);
    }

    /// Accepts a request if its token is valid and the rate limit allows it.
    pub(crate) fn admit(
        &mut self,
        headers: &HeaderMap,
        rate: Option<Rate>,
    ) -> Result<(), ApiError> {
        let text = bearer(headers).ok_or_else(|| ApiError::unauthorized("JWT is required"))?;
        let now = Instant::now();
        let token = self.by_text.get_mut(text).ok_or_else(|| {
            ApiError::unauthorized("JWT validation failed: JWT signature is not valid")
        })?;
        if token.expires <= now {
            return Err(ApiError::unauthorized(
                "JWT validation failed: JWT is expired",
            ));
        }
        let Some(rate) = rate else { return Ok(()) };
        let window = Duration::from_secs(u64::from(rate.seconds.get()));
        if now >= token.window + window {
            token.window = now;
            token.used = 0;
        }
        if token.used < rate.requests {
            token.used += 1;
            return Ok(());
        }
        let left = token.window + window - now;
        Err(ApiError::too_many_requests(
            left.as_millis().div_ceil(1000) as u64
        ))
    }

    fn issue(&mut self, life: Duration, org: &str) -> String {
        let number = self.by_text.len() as u32 + 1;
        let text = jwt(number, life, org);
        let now = Instant::now();
        // A window that ended long ago, so that the first request opens a new one.
        let window = now
            .checked_sub(Duration::from_secs(u64::from(u32::MAX)))
            .unwrap_or(now);
        self.by_text.insert(
            text.clone(),
            Token {
                number,
                expires: now + life,
                window,
                used: 0,
            },
        );
        text
    }
}

/// The parameters of a token request, from any part of the request.
#[derive(Default)]
pub(crate) struct Grant {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

impl Grant {
    /// Reads the Basic header, the query and the form of a request; later ones take precedence.
    pub(crate) async fn read(parts: &Parts, body: Bytes) -> Self {
        let mut grant = Self::default();
        if let Some((id, secret)) = basic(&parts.headers) {
            grant.client_id = Some(id);
            grant.client_secret = Some(secret);
        }
        for (name, value) in query::pairs(parts.uri.query()) {
            grant.set(&name, value);
        }
        let kind = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if kind.starts_with("application/x-www-form-urlencoded") {
            for (name, value) in form_urlencoded::parse(&body).into_owned() {
                grant.set(&name, value);
            }
        } else if kind.starts_with("multipart/form-data") {
            let request = Request::from_parts(parts.clone(), body.into());
            if let Ok(mut form) = Multipart::from_request(request, &()).await {
                while let Ok(Some(field)) = form.next_field().await {
                    let name = field.name().unwrap_or_default().to_owned();
                    if let Ok(value) = field.text().await {
                        grant.set(&name, value);
                    }
                }
            }
        }
        grant
    }

    fn set(&mut self, name: &str, value: String) {
        match name {
            "grant_type" => self.grant_type = Some(value),
            "client_id" => self.client_id = Some(value),
            "client_secret" => self.client_secret = Some(value),
            _ => {}
        }
    }

    /// The secret, so that it can be kept out of the recorded request.
    pub(crate) fn secret(self) -> Option<String> {
        self.client_secret
    }
}

/// `POST /oauth/token`.
pub(crate) async fn issue(
    State(shared): State<Arc<Shared>>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    let grant = Grant::read(&parts, body).await;
    let refuse = |status, error: &str, description: String| {
        Err(ApiError::plain(
            status,
            json!({"error": error, "error_description": description}),
        ))
    };
    match grant.grant_type.as_deref() {
        Some("client_credentials") => {}
        None => {
            return refuse(
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "Missing grant type".into(),
            );
        }
        Some(other) => {
            let description = format!("Unsupported grant type: {other}");
            return refuse(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                description,
            );
        }
    }
    if grant.client_id.as_ref() != Some(&shared.client_id)
        || grant.client_secret.as_ref() != Some(&shared.client_secret)
    {
        return refuse(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "Bad client credentials".into(),
        );
    }
    let seconds = shared.rules.lock().token_seconds;
    let token = shared
        .tokens
        .lock()
        .issue(Duration::from_secs(seconds), "sandbox");
    let body = json!({
        "access_token": token,
        "token_type": "bearer",
        "expires_in": seconds,
        "scope": "sp:scopes:all",
        "tenant_id": "53616e64-626f-7820-7465-6e616e740000",
        "pod": "sandbox",
        "org": "sandbox",
        "strong_auth_supported": false,
        "strong_auth": true,
        "claims_supported": false,
        "user_name": "sandbox.admin",
        "identity_id": "2c918084660f45d6016617daa9210584",
        "jti": tracking_id(),
    });
    let headers = [
        (TRACKING_HEADER, tracking_id()),
        ("cache-control", "no-store".into()),
    ];
    Ok((headers, Json(body)).into_response())
}

/// A unique text in the form of a JWT, with random bytes instead of a signature.
fn jwt(number: u32, life: Duration, org: &str) -> String {
    let encode = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    let payload = json!({
        "sandbox": "not a real token",
        "number": number,
        "jti": tracking_id(),
        "tenant_id": "53616e64-626f-7820-7465-6e616e740000",
        "pod": org,
        "org": org,
        "identity_id": "2c918084660f45d6016617daa9210584",
        "user_name": "sandbox.admin",
        "strong_auth": true,
        "authorities": ["ORG_ADMIN", "SOURCE_ADMIN"],
        "scope": ["sp:scopes:all"],
        "client_id": tracking_id(),
        "life": life.as_secs(),
    });
    let signature: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..))
        .take(256)
        .collect();
    format!(
        "{}.{}.{}",
        encode(r#"{"alg":"none","typ":"JWT","kid":"sandbox"}"#),
        encode(&payload.to_string()),
        BASE64_URL_SAFE_NO_PAD.encode(signature)
    )
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    credentials(headers, "bearer")
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = BASE64_STANDARD
        .decode(credentials(headers, "basic")?)
        .ok()?;
    let (id, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    // RFC 6749 requires both to be form-encoded before they are joined.
    let plain = |text: &str| match form_urlencoded::parse(text.as_bytes()).next() {
        Some((value, _)) => value.into_owned(),
        None => String::new(),
    };
    Some((plain(id), plain(secret)))
}

fn credentials<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let (scheme, rest) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case(wanted).then_some(rest.trim())
}

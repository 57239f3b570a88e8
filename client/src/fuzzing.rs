//! Opens the parsers of untrusted input to fuzzing, with what must be true of their results.
//!
//! Only built for cargo-fuzz (see `fuzz/`) and for the test that runs the kept inputs.

use std::hash::RandomState;
use std::str::from_utf8;

use reqwest::Method;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, messages};
use crate::host::{CallRequest, json};
use crate::http::{FOREVER, Token, issued, retry_after};
use crate::listing::rows;
use crate::response::Response;
use crate::secrets::{Masks, SecretString};
use crate::settings::{Settings, file, yaml};
use crate::tasks::{ApiVersion, JsonPatch, Operation, TaskStatusListOptions};

/// The JSON of settings.
pub fn settings(data: &[u8]) {
    let Ok(json) = from_utf8(data) else { return };
    match Settings::from_json(json) {
        Ok(settings) => {
            assert!(settings.base_url().starts_with("http"));
            assert!(!settings.base_url().ends_with('/'));
            is_json(&json::settings(&settings));
        }
        Err(error) => {
            assert!(matches!(
                error.kind(),
                ErrorKind::Settings | ErrorKind::InvalidArgument
            ));
            is_short(&error);
            is_json(&json::settings_error(json, &error));
        }
    }
}

/// The bytes of a `config.json`.
pub fn config_json(data: &[u8]) {
    if let Some(text) = file::decode(data) {
        let _ = file::parse_json(&text);
    }
}

/// The bytes of a `config.yaml`.
pub fn config_yaml(data: &[u8]) {
    if let Some(text) = file::decode(data)
        && let Ok(found) = yaml::parse(&text)
    {
        let names = ["BaseUrl", "ClientId", "ClientSecret"];
        assert!(
            found
                .given
                .iter()
                .all(|(name, _)| names.contains(&name.as_str()))
        );
    }
}

/// The body of a response, after a byte that chooses the status: its JSON for hosts, its rows, and
/// its errors.
pub fn response(data: &[u8]) {
    const STATUSES: [u16; 8] = [200, 204, 302, 400, 401, 404, 429, 500];
    let Some((first, body)) = data.split_first() else {
        return;
    };
    let status = STATUSES[usize::from(*first) % STATUSES.len()];
    let text = String::from_utf8_lossy(body).into_owned();
    let headers = ["x-first", "x-second", "x-first"]
        .map(|name| (name.to_owned(), text.chars().take(40).collect()));
    let response = Response::new(status, headers.to_vec(), body.to_vec());
    if let Some(json) = response.json_text() {
        assert!(is_json(&json::result(Ok(response.clone()))).contains(json));
        page(json);
    } else {
        is_json(&json::result(Ok(response.clone())));
    }

    let operation = Operation::GetTaskStatusList(TaskStatusListOptions {
        filters: Some(text),
        ..Default::default()
    });
    let Ok(request) = operation.request(ApiVersion::default()) else {
        return;
    };
    let line = messages::line(&request.method, &request.target);
    let secrets = ["token", "authorization"].map(SecretString::from);
    let masked = response.clone().masked(&Masks::of(&secrets));
    if let Some(json) = masked.json_text() {
        is_json(json);
    }
    assert_eq!(masked.json_text().is_some(), response.json_text().is_some());
    for error in [
        messages::refused(request.subject, &line, response),
        messages::not_json(&line, masked.clone()),
        messages::token_refused("https://tenant.test/oauth/token", masked),
    ] {
        is_short(&error);
        is_json(&json::result(Err(error)));
    }
}

/// A content type, then a line break and a body in the encoding it declares.
pub fn charset(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (content_type, body) = data.split_at(end.unwrap_or(data.len()));
    let content_type = String::from_utf8_lossy(content_type).into_owned();
    let headers = vec![("content-type".to_owned(), content_type)];
    let body = body.get(1..).unwrap_or_default();
    let response = Response::new(400, headers.clone(), body.to_vec());
    if let Some(json) = response.json_text() {
        assert!(is_json(&json::result(Ok(response.clone()))).contains(json));
    }
    let cut = Response::cut(400, headers, body, "cut".to_owned()).masked(&Masks::of([]));
    assert!(cut.json_text().is_none() && cut.text().ends_with("\n[cut]"));
    for response in [response, cut] {
        is_short(&messages::token_refused(
            "https://tenant.test/oauth/token",
            response,
        ));
    }
}

/// Leaves out every second row of a page.
fn page(json: &str) {
    let texts = |json| {
        let rows: Vec<&RawValue> = serde_json::from_str(json).ok()?;
        Some(rows.into_iter().map(RawValue::get).collect::<Vec<_>>())
    };
    let half = rows::rows(json, &RandomState::new()).map(|rows| {
        let half: Vec<_> = rows.into_iter().step_by(2).collect();
        rows::only(&half, json.to_owned())
    });
    let expected = texts(json).map(|rows| rows.into_iter().step_by(2).collect());
    assert_eq!(half.as_deref().and_then(texts), expected);
}

/// The body of a response of the token endpoint.
pub fn token(data: &[u8]) {
    let response = Response::new(200, Vec::new(), data.to_vec());
    // Whatever it finds, masking it keeps JSON valid.
    if let Ok(issued) = issued(&response)
        && let Some(json) = response.clone().masked(&Masks::of(&issued)).json_text()
    {
        is_json(json);
    }
    if let Err(error) = Token::read(&response, 1) {
        assert_eq!(error.kind(), ErrorKind::Authentication);
        assert!(
            error
                .response()
                .is_some_and(|response| response.text().is_empty())
        );
    }
}

/// `Retry-After`, then `Date` on the next line.
pub fn retry_after_header(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let (header, date) = text.split_once('\n').unwrap_or((text, ""));
    let headers = [("retry-after", header), ("date", date)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let response = Response::new(429, headers.to_vec(), Vec::new());
    assert!(retry_after(&response).is_none_or(|wait| wait <= FOREVER));
}

/// The text of a JSON Patch.
pub fn json_patch(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    match JsonPatch::parse(text) {
        Ok(patch) => {
            assert!(is_json(patch.as_str()).starts_with('['));
            let again = JsonPatch::parse(patch.as_str());
            assert!(again.is_ok_and(|again| again == patch));
            let id = "x".to_owned();
            let operation = Operation::UpdateTaskStatus { id, patch };
            let request = operation.request(ApiVersion::default());
            assert!(request.is_ok_and(|request| request.method == Method::PATCH));
        }
        Err(error) => is_short(&error),
    }
}

/// The request JSON of a call.
pub fn call_request(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    if let Err(error) = CallRequest::parse(text) {
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        is_short(&error);
    }
}

fn is_json(text: &str) -> &str {
    assert!(serde_json::from_str::<IgnoredAny>(text).is_ok(), "{text}");
    assert!(!text.contains('\0'));
    text
}

/// Checks that a message stays short, also when it quotes input.
fn is_short(error: &Error) {
    assert!(error.message().chars().count() <= 1001);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs every kept input of a target.
    fn run(name: &str, target: impl Fn(&[u8])) {
        let folder = format!("{}/../fuzz/seeds/{name}", env!("CARGO_MANIFEST_DIR"));
        let mut count = 0;
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder}: {error}"))
        {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            target(&std::fs::read(path).unwrap());
            count += 1;
        }
        assert!(count > 0, "{folder} is empty");
    }

    #[test]
    fn kept_inputs() {
        run("settings", settings);
        run("config_json", config_json);
        run("config_yaml", config_yaml);
        run("response", response);
        run("charset", charset);
        run("token", token);
        run("retry_after", retry_after_header);
        run("json_patch", json_patch);
        run("call_request", call_request);
        run("filter", |data| {
            if let Ok(text) = from_utf8(data) {
                v2024_sandbox::is_filter(text);
            }
        });
    }
}

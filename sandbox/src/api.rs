//! The API in every version: token, lists, one task.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, RawQuery, Request, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use json_patch::Patch;
use serde_json::Value;

use crate::{
    errors::{ApiError, TRACKING_HEADER, tracking_id},
    filter::Filter,
    options::Rules,
    query::{self, Page},
    shared::Shared,
    task::{Task, date},
    tenant::ListQuery,
    token,
};

/// Path of the list in each version, and how that version gives the pending tasks.
const VERSIONS: [(&str, Pending); 6] = [
    ("/v2024/task-status", Pending::Listed),
    ("/v2025/task-status", Pending::Deprecated),
    ("/beta/task-status", Pending::Deprecated),
    ("/v2026/task-status", Pending::Absent),
    ("/latest/task-status", Pending::Absent),
    ("/task-status/v1", Pending::Absent),
];

#[derive(Clone, Copy)]
enum Pending {
    Listed,
    /// Listed, with a response header that announces its removal.
    Deprecated,
    /// Only available through the filter `completionStatus isnull`.
    Absent,
}

/// Every route of the tenant.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let mut tasks = Router::new();
    for (path, pending) in VERSIONS {
        tasks = tasks
            .route(path, get(list))
            .route(&format!("{path}/{{id}}"), get(one).patch(update));
        let pending_path = format!("{path}/pending-tasks");
        tasks = match pending {
            Pending::Listed => tasks.route(&pending_path, get(pending_list)),
            Pending::Deprecated => tasks.route(
                &pending_path,
                get(pending_list).layer(middleware::map_response(deprecated)),
            ),
            Pending::Absent => tasks,
        };
    }
    tasks
        .method_not_allowed_fallback(not_allowed)
        .route_layer(middleware::from_fn_with_state(shared.clone(), admit))
        .route("/oauth/token", post(token::issue))
        .method_not_allowed_fallback(not_allowed)
        .fallback(async || ApiError::new(StatusCode::NOT_FOUND, ""))
        .with_state(shared)
}

async fn not_allowed() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "")
}

async fn admit(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let rate = shared.rules.lock().rate;
    shared.tokens.lock().admit(request.headers(), rate)?;
    Ok(next.run(request).await)
}

async fn deprecated(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert("x-deprecated", HeaderValue::from_static("true"));
    response
}

/// All tasks, including the pending ones, as on real tenants.
async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, ApiError> {
    let pairs = query::pairs(raw.as_deref());
    let page = Page::new(&pairs)?;
    let filter = Filter::parse(query::first(&pairs, "filters").unwrap_or_default())?;
    let rules = shared.rules.lock().clone();
    let ascending = match query::first(&pairs, "sorters").unwrap_or_default() {
        "" => false,
        _ if rules.sorter_error => {
            return Err(ApiError::bad_request("Sorting is not supported."));
        }
        "created" => true,
        "-created" => false,
        other => {
            return Err(ApiError::bad_request(format!(
                "Sorting is supported by created only, not by \"{other}\"."
            )));
        }
    };
    page_of_tasks(&shared, &rules, &page, filter, ascending, false)
}

async fn pending_list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, ApiError> {
    let page = Page::new(&query::pairs(raw.as_deref()))?;
    let rules = shared.rules.lock().clone();
    page_of_tasks(&shared, &rules, &page, Filter::default(), false, true)
}

fn page_of_tasks(
    shared: &Shared,
    rules: &Rules,
    page: &Page,
    filter: Filter,
    ascending: bool,
    pending: bool,
) -> Result<Response, ApiError> {
    let query = ListQuery {
        filter,
        ascending,
        pending,
        offset: page.offset,
        limit: page.limit,
    };
    let found = shared.listed(rules, query);
    if rules.offset_error && page.offset > 0 && page.offset >= found.total {
        return Err(ApiError::bad_request("").with_text("Specified offset is invalid."));
    }
    let mut response = if rules.no_content && pending && found.total == 0 {
        (StatusCode::NO_CONTENT, [(TRACKING_HEADER, tracking_id())]).into_response()
    } else {
        json(array(&found.tasks))
    };
    if page.count && !rules.no_total {
        response
            .headers_mut()
            .insert("x-total-count", HeaderValue::from(found.total));
    }
    Ok(response)
}

async fn one(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let id = task_id(id)?;
    let task = shared
        .present(|state| state.tenant.get(&id).cloned())
        .ok_or_else(|| not_found(&id))?;
    Ok(json(task.raw.clone()))
}

async fn update(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let id = task_id(id)?;
    if body.is_empty() {
        return Err(ApiError::bad_request("The body is missing."));
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json-patch+json") {
        let cause = format!("Send application/json-patch+json, not \"{kind}\".");
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, cause));
    }
    let patch: Patch = serde_json::from_slice(&body).map_err(|error| {
        ApiError::bad_request(format!(
            "The body is not an array of JSON Patch operations: {error}."
        ))
    })?;
    let task = shared.present(|state| {
        let task = state.tenant.get(&id).ok_or_else(|| not_found(&id))?;
        let changed = patched(task, &patch, state.now)?;
        Ok::<_, ApiError>(state.tenant.put(changed))
    })?;
    Ok(json(task.raw.clone()))
}

/// The JSON of a task after a patch. Keeps values as sent and checks only their JSON types.
fn patched(task: &Task, patch: &Patch, now: i64) -> Result<Bytes, ApiError> {
    let wrong = |error: &dyn std::fmt::Display| {
        ApiError::bad_request(format!("The patch can't be applied: {error}."))
    };
    let before = task.value().map_err(|error| wrong(&error))?;
    let mut after = before.clone();
    json_patch::patch(&mut after, patch).map_err(|error| wrong(&error))?;
    if !after.is_object() || after["id"] != before["id"] {
        return Err(wrong(&"a task is an object, and its id can't be changed"));
    }
    for (name, fits) in MEMBERS {
        if after[name] != before[name] && !fits(&after[name]) {
            return Err(wrong(&format!("the type of {name} is wrong")));
        }
    }
    after["modified"] = date(now).into();
    Ok(after.to_string().into())
}

type Fits = fn(&Value) -> bool;

/// The JSON type of each member of a task.
const MEMBERS: [(&str, Fits); 17] = [
    ("type", Value::is_string),
    ("uniqueName", Value::is_string),
    ("description", Value::is_string),
    ("parentName", text_or_null),
    ("launcher", Value::is_string),
    ("target", object_or_null),
    ("created", Value::is_string),
    ("modified", text_or_null),
    ("launched", text_or_null),
    ("completed", text_or_null),
    ("completionStatus", text_or_null),
    ("messages", Value::is_array),
    ("returns", Value::is_array),
    ("attributes", Value::is_object),
    ("progress", text_or_null),
    ("percentComplete", |value| value.is_i64() || value.is_u64()),
    ("taskDefinitionSummary", object_or_null),
];

fn text_or_null(value: &Value) -> bool {
    value.is_string() || value.is_null()
}

fn object_or_null(value: &Value) -> bool {
    value.is_object() || value.is_null()
}

fn task_id(id: Result<Path<String>, PathRejection>) -> Result<String, ApiError> {
    id.map(|Path(id)| id)
        .map_err(|error| ApiError::bad_request(error.body_text()))
}

fn not_found(id: &str) -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        format!("There is no task with the id \"{id}\"."),
    )
}

/// The tasks as a JSON array, joined from their stored bytes.
pub(crate) fn array(tasks: &[Arc<Task>]) -> Bytes {
    let mut page =
        Vec::with_capacity(2 + tasks.iter().map(|task| task.raw.len() + 1).sum::<usize>());
    page.push(b'[');
    for (index, task) in tasks.iter().enumerate() {
        if index > 0 {
            page.push(b',');
        }
        page.extend_from_slice(&task.raw);
    }
    page.push(b']');
    page.into()
}

fn json(body: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE.as_str(), "application/json".to_owned()),
        (TRACKING_HEADER, tracking_id()),
    ];
    (headers, Body::from(body)).into_response()
}

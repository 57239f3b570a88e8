//! `/sandbox/*`: the controls for tests in other languages. These requests are never recorded, limited
//! or hit by faults.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{api, fault::Fault, guard, options::Rules, shared::Shared};

type Tenant = State<Arc<Shared>>;
type ControlResult = Result<Response, (StatusCode, String)>;

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/sandbox/info", get(info))
        .route("/sandbox/requests", get(requests).delete(clear_requests))
        .route("/sandbox/faults", post(add_faults).delete(clear_faults))
        .route("/sandbox/tasks", get(tasks).put(set_tasks).post(add_tasks))
        .route("/sandbox/tasks/{id}", delete(remove_task))
        .route("/sandbox/rules", get(rules).patch(change_rules))
        .route("/sandbox/expire-tokens", post(expire_tokens))
        .route("/sandbox/reset", post(reset))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(shared.clone(), guard::admit))
        .with_state(shared)
}

async fn info(State(shared): Tenant) -> Json<Value> {
    let (tasks, pending) = shared.present(|state| state.tenant.len());
    Json(json!({
        "base_url": shared.base_url,
        "client_id": shared.client_id,
        "tasks": tasks,
        "pending": pending,
        "tokens": shared.tokens.lock().issued(),
        "requests": shared.journal.lock().requests().len(),
    }))
}

async fn requests(State(shared): Tenant) -> Response {
    Json(shared.journal.lock().requests()).into_response()
}

async fn clear_requests(State(shared): Tenant) -> StatusCode {
    shared.journal.lock().clear();
    StatusCode::NO_CONTENT
}

async fn add_faults(State(shared): Tenant, body: String) -> ControlResult {
    let value: Value = parse(&body)?;
    let faults = if value.is_array() {
        from_value::<Vec<Fault>>(value)?
    } else {
        vec![from_value(value)?]
    };
    let mut set = shared.faults.lock();
    faults.into_iter().for_each(|fault| set.add(fault));
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn clear_faults(State(shared): Tenant) -> StatusCode {
    shared.faults.lock().clear();
    StatusCode::NO_CONTENT
}

async fn tasks(State(shared): Tenant) -> Response {
    let tasks: Vec<_> = shared.present(|state| state.tenant.iter().cloned().collect());
    (
        [(header::CONTENT_TYPE, "application/json")],
        api::array(&tasks),
    )
        .into_response()
}

async fn set_tasks(State(shared): Tenant, body: String) -> ControlResult {
    shared.set_tasks(&body).map_err(wrong)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn add_tasks(State(shared): Tenant, body: String) -> ControlResult {
    shared.add_tasks(&body).map_err(wrong)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn remove_task(State(shared): Tenant, Path(id): Path<String>) -> StatusCode {
    match shared.state.lock().tenant.remove(&id) {
        Some(_) => StatusCode::NO_CONTENT,
        None => StatusCode::NOT_FOUND,
    }
}

async fn rules(State(shared): Tenant) -> Json<Rules> {
    Json(shared.rules.lock().clone())
}

/// Changes the given rules and returns all of them.
async fn change_rules(State(shared): Tenant, body: String) -> ControlResult {
    let change: Value = parse(&body)?;
    let mut rules = shared.rules.lock();
    let mut merged = serde_json::to_value(&*rules).map_err(wrong)?;
    for (name, value) in change.as_object().into_iter().flatten() {
        merged[name] = value.clone();
    }
    *rules = from_value(merged)?;
    Ok(Json(&*rules).into_response())
}

async fn expire_tokens(State(shared): Tenant) -> StatusCode {
    shared.tokens.lock().expire();
    StatusCode::NO_CONTENT
}

async fn reset(State(shared): Tenant) -> StatusCode {
    shared.reset();
    StatusCode::NO_CONTENT
}

fn parse(body: &str) -> Result<Value, (StatusCode, String)> {
    serde_json::from_str(body).map_err(wrong)
}

fn from_value<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, (StatusCode, String)> {
    serde_json::from_value(value).map_err(wrong)
}

fn wrong(error: serde_json::Error) -> (StatusCode, String) {
    (StatusCode::BAD_REQUEST, error.to_string())
}

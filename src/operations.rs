//! The five operations as functions that block until the result is there.

use std::ffi::c_char;

use v2024_task_management::{
    Error, JsonPatch, Operation, PendingTasksOptions, Response, TaskStatusListOptions,
};

use crate::blocking;
use crate::boundary;
use crate::client::{self, v2024_client};

fn run(handle: *const v2024_client, operation: Operation) -> Result<Response, Error> {
    let client = client::get(handle)?;
    blocking::run(async move { client.run(&operation, &()).await })?
}

/// Retrieves the headers of the list of pending tasks (HEAD /task-status/pending-tasks).
///
/// `offset` (from 0, tenant's default 0), `limit` (0 to 250, tenant's default 250) and `count`
/// (whether the header x-total-count is wanted, tenant's default false) are not sent if they are
/// NULL.
///
/// Blocks until there is a response or an error, at most the setting TimeoutSeconds (100).
/// The result is {"status":200,"headers":{"x-total-count":"12",...}}; `*status` becomes the HTTP
/// status, or a V2024_ERR number if there is no response. An error adds
/// "error":{"code":...,"message":...,"hint":...,"trackingId":...}. `status` may be NULL.
///
/// Never returns NULL. The caller frees the result with v2024_string_free.
///
/// # Safety
/// Every pointer but `client` must be NULL or point to what its type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v2024_get_pending_task_headers(
    client: *const v2024_client,
    offset: *const i32,
    limit: *const i32,
    count: *const bool,
    status: *mut i32,
) -> *mut c_char {
    // SAFETY: the pointers are as the contract says.
    unsafe {
        boundary::respond(status, || {
            let options = pending_tasks_options(offset, limit, count);
            run(client, Operation::GetPendingTaskHeaders(options))
        })
    }
}

/// Retrieves a page of the pending tasks (GET /task-status/pending-tasks).
///
/// Arguments, errors and ownership as v2024_get_pending_task_headers. The result has the tenant's
/// JSON array as "body"; there is none if the tenant responds with 204 because no task is pending.
///
/// # Safety
/// As v2024_get_pending_task_headers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v2024_get_pending_tasks(
    client: *const v2024_client,
    offset: *const i32,
    limit: *const i32,
    count: *const bool,
    status: *mut i32,
) -> *mut c_char {
    // SAFETY: the pointers are as the contract says.
    unsafe {
        boundary::respond(status, || {
            let options = pending_tasks_options(offset, limit, count);
            run(client, Operation::GetPendingTasks(options))
        })
    }
}

/// Retrieves one task status by its id (GET /task-status/{id}).
///
/// `id` may have any characters; it is sent as one percent-encoded segment. NULL, blank, "." and ".."
/// are V2024_ERR_INVALID_ARGUMENT. A task that does not exist gives the status 404. The result has
/// the tenant's JSON object as "body". `status` may be NULL.
///
/// Never returns NULL. The caller frees the result with v2024_string_free.
///
/// # Safety
/// `id` must be NULL or a NUL-terminated string, `status` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v2024_get_task_status(
    client: *const v2024_client,
    id: *const c_char,
    status: *mut i32,
) -> *mut c_char {
    // SAFETY: the pointers are as the contract says.
    unsafe {
        boundary::respond(status, || {
            let id = boundary::text("id", id)?.to_owned();
            run(client, Operation::GetTaskStatus { id })
        })
    }
}

/// Retrieves a page of the task statuses (GET /task-status).
///
/// `limit`, `offset` and `count` as in v2024_get_pending_task_headers. `filters`, such as
/// completionStatus eq "ERROR", and `sorters`, created or -created, are sent as they are.
/// Arguments that are NULL are not sent. The result has the tenant's JSON array as "body". `status` may
/// be NULL.
///
/// Never returns NULL. The caller frees the result with v2024_string_free.
///
/// # Safety
/// `filters` and `sorters` must be NULL or NUL-terminated strings, every other pointer but
/// `client` NULL or pointing to what its type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v2024_get_task_status_list(
    client: *const v2024_client,
    limit: *const i32,
    offset: *const i32,
    count: *const bool,
    filters: *const c_char,
    sorters: *const c_char,
    status: *mut i32,
) -> *mut c_char {
    // SAFETY: the pointers are as the contract says.
    unsafe {
        boundary::respond(status, || {
            let options = TaskStatusListOptions {
                limit: boundary::optional_number(limit),
                offset: boundary::optional_number(offset),
                count: boundary::optional_flag(count),
                filters: boundary::optional_text("filters", filters)?.map(str::to_owned),
                sorters: boundary::optional_text("sorters", sorters)?.map(str::to_owned),
            };
            run(client, Operation::GetTaskStatusList(options))
        })
    }
}

/// Updates a task status by a JSON Patch (PATCH /task-status/{id}) and retrieves it.
///
/// `id` as in v2024_get_task_status. `json_patch` is a JSON array of operations such as
/// [{"op":"replace","path":"/completionStatus","value":"ERROR"}], or a single operation; NULL or
/// anything else is V2024_ERR_INVALID_ARGUMENT. Values are sent as they are written.
///
/// The request is sent once, and again only after a 429 or if it certainly did not arrive. After
/// V2024_ERR_TIMEOUT, V2024_ERR_CONNECT or V2024_ERR_INVALID_RESPONSE the update may have been
/// made: get the task status before you try again. `status` may be NULL.
///
/// Never returns NULL. The caller frees the result with v2024_string_free.
///
/// # Safety
/// `id` and `json_patch` must be NULL or NUL-terminated strings, `status` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v2024_update_task_status(
    client: *const v2024_client,
    id: *const c_char,
    json_patch: *const c_char,
    status: *mut i32,
) -> *mut c_char {
    // SAFETY: the pointers are as the contract says.
    unsafe {
        boundary::respond(status, || {
            let id = boundary::text("id", id)?.to_owned();
            let patch = JsonPatch::parse(boundary::text("json_patch", json_patch)?)?;
            run(client, Operation::UpdateTaskStatus { id, patch })
        })
    }
}

/// # Safety
/// Each pointer must be NULL or point to what its type says.
unsafe fn pending_tasks_options(
    offset: *const i32,
    limit: *const i32,
    count: *const bool,
) -> PendingTasksOptions {
    // SAFETY: the pointers are as this function asks.
    unsafe {
        PendingTasksOptions {
            offset: boundary::optional_number(offset),
            limit: boundary::optional_number(limit),
            count: boundary::optional_flag(count),
        }
    }
}

//! Calls: operations, listings and waits that run in the background and send their results and events as
//! messages.

use std::ffi::c_char;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use v2024_task_management::events::{
    CertificateCheckEvent, Observer, ProgressEvent, RequestEvent, RetryEvent,
};
use v2024_task_management::host::{CallRequest, Job, messages};
use v2024_task_management::{
    Client, Error, ErrorKind, Finish, JsonPatch, Listing, Response, TaskResult, TaskResults,
};

use crate::boundary;
use crate::client::{self, v2024_client};
use crate::handles::Handles;
use crate::mailbox::{Mailbox, Received, Sender, mailbox};
use crate::status::{V2024_CALL_MESSAGE, V2024_CALL_OVER, V2024_CALL_RUNNING};
use crate::worker;

/// One running call: a stream of messages.
pub struct v2024_call(());

static CALLS: Handles<Call> = Handles::starting_at(0x1008);

struct Call {
    messages: Mailbox<Message>,
    control: Arc<Control>,
}

/// How the caller controls a running call.
struct Control {
    cancelled: Notify,
    /// Says to send nothing more.
    finish: Finish,
    /// One page, or one task's result, waits for the caller: each that is taken adds a permit. What else is
    /// requested ahead, the client decides.
    results_wanted: Semaphore,
}

struct Message {
    json: String,
    is_result: bool,
}

/// Sends the events of a call as messages.
struct Messenger {
    sender: Sender<Message>,
    events: bool,
}

/// Starts an operation without waiting for it.
///
/// `request_json` is a JSON object: "operation" is the name of the C function without v2024_, its
/// parameters are members, for example
/// {"operation":"get_task_status_list","limit":100,"sorters":"-created","all":true,"first":150}.
/// "all":true lists every page ("limit" is the page size, 250 by default), each task once even
/// if tasks are added or removed meanwhile. It reads ahead of the caller: one page at first, later as
/// many as the setting PagesAhead says; "first":N ends it after N tasks. "json_patch" is a JSON value.
/// "events":true adds a message for every request sent. "experimental":true sends the header
/// X-SailPoint-Experimental. "check_only":true sends nothing: the call has no message, or the error for
/// an argument that would be refused.
///
/// {"operation":"get_task_status","ids":[...],"at_once":4} reads several tasks, and
/// {"operation":"update_task_status","ids":[...],"json_patch":[...],"at_once":1} updates them. "at_once"
/// (1 to 100; 4 for reading and 1 for updates if it is left out) is how many requests are on their way
/// at once. A response with the member "id" comes for each task, in the order of the ids; an error of
/// one task does not stop the others. Requests are sent as responses are taken.
///
/// {"operation":"wait_task_status","ids":[...],"timeout_seconds":3600,"polling_interval_seconds":2}
/// waits until each task has both completed and completionStatus; without timeout_seconds it waits
/// forever. For each task that ends a response with the member "id" comes: the finished task, or an
/// error with status 404 (it never existed), the code "gone" (it was deleted meanwhile) or "timeout".
///
/// Never returns NULL: if the operation cannot be started, the call's only message is the error. The
/// caller frees the call with v2024_call_free. The client may be freed first.
///
/// # Safety
/// `request_json` must be NULL or a NUL-terminated string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v2024_call_start(
    client: *const v2024_client,
    request_json: *const c_char,
) -> *mut v2024_call {
    let (sender, messages) = mailbox();
    let control = Arc::new(Control {
        cancelled: Notify::new(),
        finish: Finish::default(),
        results_wanted: Semaphore::new(1),
    });
    let started = boundary::caught(|| {
        let client = client::get(client)?;
        // SAFETY: `request_json` is NULL or a string, as the contract says.
        let request = CallRequest::parse(unsafe { boundary::text("request_json", request_json) }?)?;
        let client = if request.experimental {
            client.experimental()
        } else {
            Client::clone(&client)
        };
        let messenger = Messenger {
            sender: sender.clone(),
            events: request.events,
        };
        if request.check_only {
            return check(&client, request.job);
        }
        worker::runtime()?.spawn(perform(client, request, messenger, Arc::clone(&control)));
        Ok(())
    });
    if let Err(error) = started {
        respond(&sender, None, Err(error));
    }
    CALLS.add(Call { messages, control })
}

/// Waits for the call's next message, at most `timeout_ms` milliseconds; negative means forever.
///
/// Returns a message and sets `*state` to V2024_CALL_MESSAGE, or returns NULL and sets it to
/// V2024_CALL_RUNNING when nothing came in time, or to V2024_CALL_OVER when the call is over,
/// is NULL or was freed. `state` may be NULL. The caller frees a message with v2024_string_free.
///
/// Messages are {"kind":"retry","attempt":2,"delay_ms":2000,"status":429,"reason":...} before a
/// wait, {"kind":"request","method":...,"url":...,"status":...,"bytes":...,"duration_ms":...}
/// for each request if "events" is true, {"kind":"certificate_check","host":...} when the operating
/// system takes long to check a server's certificate,
/// {"kind":"progress","id":...,"uniqueName":...,"percentComplete":...} each time a task that is
/// waited for was read, and {"kind":"response",...} with the members of an operation's result, once,
/// once per page, or once per task. A failed or cancelled call ends with a response that has "error".
/// Of a call that reads or updates several "ids", every message has the member "id". A page of "all" has
/// "gapless":true if every task that was there throughout and lies before its end has come, as far as the
/// total shows. Then who needs no later task may stop, in an order in which tasks do not move, such as by
/// created.
///
/// # Safety
/// `state` must be NULL or point to an `int32_t` that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v2024_call_next(
    call: *mut v2024_call,
    timeout_ms: i32,
    state: *mut i32,
) -> *mut c_char {
    let (number, message) = boundary::caught_or((V2024_CALL_OVER, None), || {
        CALLS
            .get(call)
            .map_or((V2024_CALL_OVER, None), |call| call.next(timeout_ms))
    });
    // SAFETY: `state` is NULL or writable, as the contract says.
    unsafe { boundary::write(state, number) };
    message.map_or(std::ptr::null_mut(), boundary::string)
}

/// Ends a call at once, from any thread. Its last message is an error with the code "cancelled",
/// unless its result had already come. The tenant may still have made an update that is cancelled.
/// NULL or a freed call is fine.
#[unsafe(no_mangle)]
pub extern "C" fn v2024_call_cancel(call: *mut v2024_call) {
    boundary::caught_or((), || {
        if let Some(call) = CALLS.get(call) {
            call.control.cancelled.notify_one();
        }
    });
}

/// Lets a call send nothing more, from any thread. Requests that are on their way get their responses, and
/// so an update is not left open, as v2024_call_cancel would; no request is tried again. Take the messages
/// until the call is over.
///
/// The error of a request that would have been tried again says that it was not. A task of several "ids"
/// whose request was not sent gets an error with the code "cancelled", as does a call that sent none. A
/// listing or a wait ends at once, as with v2024_call_cancel. NULL or a freed call is fine.
#[unsafe(no_mangle)]
pub extern "C" fn v2024_call_finish(call: *mut v2024_call) {
    boundary::caught_or((), || {
        if let Some(call) = CALLS.get(call) {
            call.control.finish.finish();
        }
    });
}

/// Frees a call, and cancels it if it still runs. NULL or a freed call is fine.
#[unsafe(no_mangle)]
pub extern "C" fn v2024_call_free(call: *mut v2024_call) {
    boundary::caught_or((), || {
        if let Some(call) = CALLS.remove(call) {
            call.control.cancelled.notify_one();
        }
    });
}

impl Call {
    fn next(&self, timeout_ms: i32) -> (i32, Option<String>) {
        let timeout = u64::try_from(timeout_ms).ok().map(Duration::from_millis);
        match self.messages.next(timeout) {
            Received::Message(message) => {
                if message.is_result {
                    self.control.results_wanted.add_permits(1);
                }
                (V2024_CALL_MESSAGE, Some(message.json))
            }
            Received::Nothing => (V2024_CALL_RUNNING, None),
            Received::Over => (V2024_CALL_OVER, None),
        }
    }
}

/// Checks the arguments as a call does before it sends anything.
fn check(client: &Client, job: Job) -> Result<(), Error> {
    match job {
        Job::Single(operation) => client.check(&operation),
        Job::All { operation, first } => client.list(operation, first).map(drop),
        Job::Several {
            ids,
            patch,
            at_once,
        } => begin(client, ids, patch, at_once).map(drop),
        Job::Wait { ids, options } => client.wait_for_task_statuses(ids, &options).map(drop),
    }
}

/// Runs a call to its end, or until it is cancelled. The call is over when its senders are gone.
async fn perform(
    client: Client,
    request: CallRequest,
    messenger: Messenger,
    control: Arc<Control>,
) {
    let sender = messenger.sender.clone();
    let only_reads = matches!(request.job, Job::All { .. } | Job::Wait { .. });
    let is_stopped = async || {
        tokio::select! {
            () = control.cancelled.notified() => {}
            () = control.finish.finished(), if only_reads => {}
        }
    };
    let mut work = tokio::spawn(run(client, request, messenger, Arc::clone(&control)));
    let ended = tokio::select! {
        biased;
        ended = &mut work => ended,
        () = is_stopped() => {
            work.abort();
            work.await
        }
    };
    match ended {
        Ok(()) => {}
        Err(error) if error.is_cancelled() => respond(&sender, None, Err(cancelled())),
        Err(_) => respond(&sender, None, Err(boundary::panicked())),
    }
}

async fn run(client: Client, request: CallRequest, messenger: Messenger, control: Arc<Control>) {
    let sender = &messenger.sender;
    match request.job {
        Job::Single(operation) => {
            let result = client
                .run_with(&operation, &messenger, &control.finish)
                .await;
            respond(sender, None, result);
        }
        Job::All { operation, first } => match client.list(operation, first) {
            Ok(listing) => list(listing, &messenger, &control).await,
            Err(error) => respond(sender, None, Err(error)),
        },
        Job::Several {
            ids,
            patch,
            at_once,
        } => match begin(&client, ids, patch, at_once) {
            Ok(results) => {
                several(results.finished_by(&control.finish), &messenger, &control).await
            }
            Err(error) => respond(sender, None, Err(error)),
        },
        Job::Wait { ids, options } => match client.wait_for_task_statuses(ids, &options) {
            Ok(mut waiting) => {
                while let Some(result) = waiting.next_observed(&messenger).await {
                    respond(sender, Some(&result.id), result.result);
                }
            }
            Err(error) => respond(sender, None, Err(error)),
        },
    }
}

/// Sends every page. Each is fetched when the caller has taken the one before.
async fn list(mut listing: Listing, messenger: &Messenger, control: &Control) {
    while let Ok(permit) = control.results_wanted.acquire().await {
        permit.forget();
        match listing.next_page_observed(messenger).await {
            Some(result) => {
                let page = messages::page(listing.is_gapless(), result);
                hand_over(&messenger.sender, page);
            }
            None => return,
        }
    }
}

/// Reads several tasks or, with a patch, updates them.
fn begin(
    client: &Client,
    ids: Vec<String>,
    patch: Option<JsonPatch>,
    at_once: usize,
) -> Result<TaskResults, Error> {
    match patch {
        None => client.get_task_statuses(ids, at_once),
        Some(patch) => client.update_task_statuses(ids, patch, at_once),
    }
}

/// Sends every result, each when the caller has taken the one before.
async fn several(mut results: TaskResults, messenger: &Messenger, control: &Control) {
    while let Ok(permit) = control.results_wanted.acquire().await {
        permit.forget();
        match results.next_observed(messenger).await {
            Some(TaskResult { id, result }) => respond(&messenger.sender, Some(&id), result),
            None => return,
        }
    }
}

/// Sends a result. If the call was freed, the message is dropped.
fn respond(sender: &Sender<Message>, id: Option<&str>, result: Result<Response, Error>) {
    hand_over(sender, messages::response(id, result));
}

fn hand_over(sender: &Sender<Message>, json: String) {
    sender.send(Message {
        json,
        is_result: true,
    });
}

fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "the call was cancelled")
}

impl Messenger {
    fn send(&self, json: String) {
        self.sender.send(Message {
            json,
            is_result: false,
        });
    }
}

impl Observer for Messenger {
    fn request(&self, event: &RequestEvent<'_>) {
        if self.events {
            self.send(messages::request(event));
        }
    }

    fn retry(&self, event: &RetryEvent<'_>) {
        self.send(messages::retry(event));
    }

    fn certificate_check(&self, event: &CertificateCheckEvent<'_>) {
        self.send(messages::certificate_check(event));
    }

    fn progress(&self, event: &ProgressEvent<'_>) {
        self.send(messages::progress(event));
    }
}

//! The client: the functions that a Rust program calls.

use std::fmt;

use crate::call::Core;
use crate::error::Error;
use crate::events::Observer;
use crate::finish::Finish;
use crate::listing::Listing;
use crate::response::Response;
use crate::settings::Settings;
use crate::several::TaskResults;
use crate::tasks::{JsonPatch, Operation, PendingTasksOptions, TaskStatusListOptions};
use crate::waiting::{WaitOptions, Waiting};

/// A client for one tenant. It is cheap to clone; share one among all async tasks and threads.
///
/// Clients with the same settings share one token for the life of the process, and share
/// connections with the clients on the same tokio runtime.
#[derive(Clone)]
pub struct Client(Core);

impl Client {
    /// Makes a client for these settings. Sends no request yet.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`](crate::ErrorKind::Settings) or [`ErrorKind::Tls`](crate::ErrorKind::Tls)
    /// when the proxy or certificate settings cannot be used.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Core::new(settings).map(Self)
    }

    /// Makes a client from the environment variables and settings files that [`Settings`] describes.
    ///
    /// # Errors
    /// The errors of [`Settings::from_environment`] and [`Client::new`].
    pub fn from_environment() -> Result<Self, Error> {
        Self::new(Settings::from_environment()?)
    }

    /// The settings of this client.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Retrieves the headers of the pending task list, with its total when `count` is true.
    ///
    /// # Examples
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/sandbox.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # on_sandbox(async |client, _| {
    /// use v2024_task_management::PendingTasksOptions;
    ///
    /// let options = PendingTasksOptions { count: Some(true), ..Default::default() };
    /// let headers = client.get_pending_task_headers(options).await?;
    /// assert_eq!(headers.total_count(), Some(3));
    /// # Ok(()) }) }
    /// ```
    ///
    /// # Errors
    /// Any [`ErrorKind`](crate::ErrorKind) except `Gone`, `Incomplete`, `Cancelled` and `Panic`. This
    /// holds for all five operations.
    pub async fn get_pending_task_headers(
        &self,
        options: PendingTasksOptions,
    ) -> Result<Response, Error> {
        self.run(&Operation::GetPendingTaskHeaders(options), &())
            .await
    }

    /// Retrieves one page of the pending tasks.
    ///
    /// A tenant without pending tasks may respond with status 204 and no body.
    ///
    /// # Examples
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/sandbox.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # on_sandbox(async |client, _| {
    /// use v2024_task_management::{PendingTasksOptions, TaskStatus};
    ///
    /// let options = PendingTasksOptions { limit: Some(2), ..Default::default() };
    /// let response = client.get_pending_tasks(options).await?;
    /// let tasks = response.json::<Vec<TaskStatus>>()?;
    /// assert_eq!(tasks.len(), 2);
    /// # Ok(()) }) }
    /// ```
    ///
    /// # Errors
    /// As [`Client::get_pending_task_headers`].
    pub async fn get_pending_tasks(&self, options: PendingTasksOptions) -> Result<Response, Error> {
        self.run(&Operation::GetPendingTasks(options), &()).await
    }

    /// Retrieves one task status by its id. It may contain any characters; they are percent-encoded.
    ///
    /// # Examples
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/sandbox.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # on_sandbox(async |client, id| {
    /// use v2024_task_management::{ErrorKind, TaskStatus};
    ///
    /// let response = client.get_task_status(id).await?;
    /// let task = response.json::<TaskStatus>()?;
    /// assert!(task.completion_status.is_null());
    ///
    /// let error = client.get_task_status("no such task").await.unwrap_err();
    /// assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(404)));
    /// # Ok(()) }) }
    /// ```
    ///
    /// # Errors
    /// As [`Client::get_pending_task_headers`]; `Http` with status 404 when there is no such task.
    pub async fn get_task_status(&self, id: &str) -> Result<Response, Error> {
        self.run(&Operation::GetTaskStatus { id: id.into() }, &())
            .await
    }

    /// Retrieves one page of the task statuses.
    ///
    /// # Examples
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/sandbox.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # on_sandbox(async |client, _| {
    /// use v2024_task_management::{TaskStatus, TaskStatusListOptions, model::CompletionStatus};
    ///
    /// let options = TaskStatusListOptions {
    ///     filters: Some(r#"completionStatus eq "ERROR""#.into()),
    ///     sorters: Some("-created".into()),
    ///     limit: Some(1),
    ///     ..Default::default()
    /// };
    /// let response = client.get_task_status_list(options).await?;
    /// let failed = response.json::<Vec<TaskStatus>>()?;
    /// assert_eq!(failed[0].completion_status.value(), Some(&CompletionStatus::Error));
    /// # Ok(()) }) }
    /// ```
    ///
    /// # Errors
    /// As [`Client::get_pending_task_headers`].
    pub async fn get_task_status_list(
        &self,
        options: TaskStatusListOptions,
    ) -> Result<Response, Error> {
        self.run(&Operation::GetTaskStatusList(options), &()).await
    }

    /// Updates a task status with a JSON Patch. The response has the updated task status, or no body.
    ///
    /// # Examples
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/sandbox.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # on_sandbox(async |client, id| {
    /// use v2024_task_management::{JsonPatch, TaskStatus, model::CompletionStatus};
    ///
    /// let patch = r#"[{"op":"replace","path":"/completionStatus","value":"TERMINATED"}]"#;
    /// let response = client.update_task_status(id, JsonPatch::parse(patch)?).await?;
    /// let task = response.json::<TaskStatus>()?;
    /// assert_eq!(task.completion_status.value(), Some(&CompletionStatus::Terminated));
    /// # Ok(()) }) }
    /// ```
    ///
    /// # Errors
    /// As [`Client::get_pending_task_headers`]. After `Timeout`, `Connect` or `InvalidResponse`,
    /// the tenant may have made the update: get the task status before you try again.
    pub async fn update_task_status(&self, id: &str, patch: JsonPatch) -> Result<Response, Error> {
        let id = id.into();
        self.run(&Operation::UpdateTaskStatus { id, patch }, &())
            .await
    }

    /// Retrieves several task statuses by their ids, `at_once` of them at a time (from 1 to 100). Nothing is
    /// sent before the first result is asked for.
    ///
    /// # Examples
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/sandbox.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # on_sandbox(async |client, id| {
    /// let ids = vec![id.to_owned(), "no such task".to_owned()];
    /// let mut results = client.get_task_statuses(ids, 4)?;
    /// while let Some(task) = results.next().await {
    ///     match task.result {
    ///         Ok(response) => println!("{}: {}", task.id, response.text()),
    ///         Err(error) => println!("{}: {error}", task.id),
    ///     }
    /// }
    /// # Ok(()) }) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for an id that
    /// [`Client::get_task_status`] refuses, and for `at_once` out of range.
    pub fn get_task_statuses(
        &self,
        ids: Vec<String>,
        at_once: usize,
    ) -> Result<TaskResults, Error> {
        TaskResults::new(self.0.clone(), ids, None, at_once)
    }

    /// Updates several task statuses with the same JSON Patch, `at_once` of them at a time (from 1 to
    /// 100). A failure of one task does not stop the others: drop the [`TaskResults`] to stop.
    ///
    /// # Errors
    /// As [`Client::get_task_statuses`].
    pub fn update_task_statuses(
        &self,
        ids: Vec<String>,
        patch: JsonPatch,
        at_once: usize,
    ) -> Result<TaskResults, Error> {
        TaskResults::new(self.0.clone(), ids, Some(patch), at_once)
    }

    /// Returns a [`Listing`] of every pending task, each once even while tasks come and go: of pages, or
    /// of single typed tasks. Nothing is sent before its first page is asked for.
    ///
    /// `limit` is the page size (250 by default). `first` is the most tasks to list.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a limit or offset out of range.
    pub fn all_pending_tasks(
        &self,
        options: PendingTasksOptions,
        first: Option<u64>,
    ) -> Result<Listing, Error> {
        self.list(Operation::GetPendingTasks(options), first)
    }

    /// Returns a [`Listing`] of every task status, as [`Client::all_pending_tasks`] does of the pending
    /// tasks.
    ///
    /// # Examples
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/sandbox.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # on_sandbox(async |client, _| {
    /// use v2024_task_management::{TaskStatus, TaskStatusListOptions};
    ///
    /// let pages_of_seven = TaskStatusListOptions { limit: Some(7), ..Default::default() };
    /// let mut listing = client.all_task_statuses(pages_of_seven, None)?;
    /// let mut count = 0;
    /// while let Some(page) = listing.next_page().await {
    ///     count += page?.json::<Vec<TaskStatus>>()?.len();
    /// }
    /// assert_eq!(count, 20);
    /// # Ok(()) }) }
    /// ```
    ///
    /// # Errors
    /// As [`Client::all_pending_tasks`].
    pub fn all_task_statuses(
        &self,
        options: TaskStatusListOptions,
        first: Option<u64>,
    ) -> Result<Listing, Error> {
        self.list(Operation::GetTaskStatusList(options), first)
    }

    /// Waits until each of these tasks has both `completed` and `completionStatus`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for an empty,
    /// overlong, `.` or `..` id.
    pub fn wait_for_task_statuses(
        &self,
        ids: Vec<String>,
        options: &WaitOptions,
    ) -> Result<Waiting, Error> {
        Waiting::new(self.0.clone(), ids, options)
    }

    /// A copy of this client that also sends the header `X-SailPoint-Experimental`.
    #[must_use]
    pub fn experimental(&self) -> Self {
        Self(self.0.clone().experimental())
    }

    /// Runs an operation, with an observer for its events.
    ///
    /// # Errors
    /// The errors of the operation's own function.
    pub async fn run(
        &self,
        operation: &Operation,
        observer: &dyn Observer,
    ) -> Result<Response, Error> {
        self.0.run(operation, observer, None).await
    }

    /// As [`Client::run`], until `finish` says to send nothing more.
    ///
    /// # Errors
    /// Those of the operation's own function. A request that is not tried again because of `finish` has the
    /// error of its last try; one that was not sent has [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
    pub async fn run_with(
        &self,
        operation: &Operation,
        observer: &dyn Observer,
        finish: &Finish,
    ) -> Result<Response, Error> {
        self.0.run(operation, observer, Some(finish)).await
    }

    /// Checks the arguments of an operation as [`Client::run`] does, and sends nothing.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a limit or offset out of range,
    /// an invalid id, and filters and sorters that are too long.
    pub fn check(&self, operation: &Operation) -> Result<(), Error> {
        operation.request(self.0.settings.api_version).map(drop)
    }

    /// Lists every page of an operation, as [`Client::all_pending_tasks`] does for pending tasks.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for an operation that does not
    /// list tasks, and for a limit or offset out of range.
    pub fn list(&self, operation: Operation, first: Option<u64>) -> Result<Listing, Error> {
        Listing::new(self.0.clone(), operation, first)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("settings", self.settings())
            .finish()
    }
}

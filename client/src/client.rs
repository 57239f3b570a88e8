//! The client: the functions that a Rust program calls.

use std::fmt;

use crate::call::Core;
use crate::error::Error;
use crate::events::Observer;
use crate::listing::Listing;
use crate::response::Response;
use crate::settings::Settings;
use crate::tasks::{JsonPatch, Operation, PendingTasksOptions, TaskStatusListOptions};
use crate::waiting::{WaitOptions, Waiting};

/// A client for one tenant. It is cheap to clone; share one among all tasks and threads.
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
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let sandbox = v2024_sandbox::Sandbox::start(v2024_sandbox::Options { tasks: 20, pending: 3, ..Default::default() }).await?;
    /// # let settings = v2024_task_management::Settings::from_json(&sandbox.settings().to_string())?;
    /// # let client = v2024_task_management::Client::new(settings)?;
    /// use v2024_task_management::PendingTasksOptions;
    ///
    /// let options = PendingTasksOptions { count: Some(true), ..Default::default() };
    /// let headers = client.get_pending_task_headers(options).await?;
    /// assert_eq!(headers.total_count(), Some(3));
    /// # Ok(())
    /// # })
    /// # }
    /// ```
    ///
    /// # Errors
    /// Any [`ErrorKind`](crate::ErrorKind) except `Settings`, `Gone`, `Cancelled` and `Panic`. This
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
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let sandbox = v2024_sandbox::Sandbox::start(v2024_sandbox::Options { tasks: 20, pending: 3, ..Default::default() }).await?;
    /// # let settings = v2024_task_management::Settings::from_json(&sandbox.settings().to_string())?;
    /// # let client = v2024_task_management::Client::new(settings)?;
    /// use v2024_task_management::PendingTasksOptions;
    ///
    /// let options = PendingTasksOptions { limit: Some(2), ..Default::default() };
    /// let tasks: Vec<serde_json::Value> = client.get_pending_tasks(options).await?.json()?;
    /// assert_eq!(tasks.len(), 2);
    /// # Ok(())
    /// # })
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::get_pending_task_headers`].
    pub async fn get_pending_tasks(&self, options: PendingTasksOptions) -> Result<Response, Error> {
        self.run(&Operation::GetPendingTasks(options), &()).await
    }

    /// Retrieves one task status by its id. The id may have any characters: they are encoded.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let sandbox = v2024_sandbox::Sandbox::start(v2024_sandbox::Options { tasks: 20, pending: 3, ..Default::default() }).await?;
    /// # let settings = v2024_task_management::Settings::from_json(&sandbox.settings().to_string())?;
    /// # let client = v2024_task_management::Client::new(settings)?;
    /// # let pending = client.get_pending_tasks(Default::default()).await?.json::<Vec<serde_json::Value>>()?;
    /// # let id = pending[0]["id"].as_str().unwrap();
    /// use v2024_task_management::ErrorKind;
    ///
    /// let task: serde_json::Value = client.get_task_status(id).await?.json()?;
    /// assert_eq!(task["completionStatus"], serde_json::Value::Null);
    ///
    /// let error = client.get_task_status("no such task").await.unwrap_err();
    /// assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(404)));
    /// # Ok(())
    /// # })
    /// # }
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
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let sandbox = v2024_sandbox::Sandbox::start(v2024_sandbox::Options { tasks: 20, pending: 3, ..Default::default() }).await?;
    /// # let settings = v2024_task_management::Settings::from_json(&sandbox.settings().to_string())?;
    /// # let client = v2024_task_management::Client::new(settings)?;
    /// use v2024_task_management::TaskStatusListOptions;
    ///
    /// let options = TaskStatusListOptions {
    ///     filters: Some(r#"completionStatus eq "ERROR""#.into()),
    ///     sorters: Some("-created".into()),
    ///     limit: Some(1),
    ///     ..Default::default()
    /// };
    /// let failed: Vec<serde_json::Value> = client.get_task_status_list(options).await?.json()?;
    /// assert_eq!(failed[0]["completionStatus"], "ERROR");
    /// # Ok(())
    /// # })
    /// # }
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

    /// Updates a task status with a JSON Patch. The response has the updated task status.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let sandbox = v2024_sandbox::Sandbox::start(v2024_sandbox::Options { tasks: 20, pending: 3, ..Default::default() }).await?;
    /// # let settings = v2024_task_management::Settings::from_json(&sandbox.settings().to_string())?;
    /// # let client = v2024_task_management::Client::new(settings)?;
    /// # let pending = client.get_pending_tasks(Default::default()).await?.json::<Vec<serde_json::Value>>()?;
    /// # let id = pending[0]["id"].as_str().unwrap();
    /// use v2024_task_management::JsonPatch;
    ///
    /// let patch = JsonPatch::parse(r#"[{"op":"replace","path":"/completionStatus","value":"TERMINATED"}]"#)?;
    /// let task: serde_json::Value = client.update_task_status(id, patch).await?.json()?;
    /// assert_eq!(task["completionStatus"], "TERMINATED");
    /// # Ok(())
    /// # })
    /// # }
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

    /// Lists every pending task, page after page, each once even while tasks come and go.
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

    /// Lists every task status, as [`Client::all_pending_tasks`] does for pending tasks.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let sandbox = v2024_sandbox::Sandbox::start(v2024_sandbox::Options { tasks: 20, pending: 3, ..Default::default() }).await?;
    /// # let settings = v2024_task_management::Settings::from_json(&sandbox.settings().to_string())?;
    /// # let client = v2024_task_management::Client::new(settings)?;
    /// use v2024_task_management::TaskStatusListOptions;
    ///
    /// let pages_of_seven = TaskStatusListOptions { limit: Some(7), ..Default::default() };
    /// let mut listing = client.all_task_statuses(pages_of_seven, None)?;
    /// let mut count = 0;
    /// while let Some(page) = listing.next_page().await {
    ///     count += page?.json::<Vec<serde_json::Value>>()?.len();
    /// }
    /// assert_eq!(count, 20);
    /// # Ok(())
    /// # })
    /// # }
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

    /// The same client, which also sends the header `X-SailPoint-Experimental`.
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
        self.0.run(operation, observer).await
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

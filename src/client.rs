//! The story of a request: settings, token, pace, send, retry or not, answer.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout_at};

use crate::answer::{Answer, Body};
use crate::error::Error;
use crate::explain;
use crate::listing::Listing;
use crate::pace::Pace;
use crate::registry::{Fingerprint, Registry};
use crate::retry::{Outcome, Pause, Retries};
use crate::settings::Settings;
use crate::tasks::{JsonPatch, Operation, PendingTasksOptions, Request, TaskStatusListOptions};
use crate::token::{Token, TokenSource};
use crate::transport::{Failure, Outgoing, Transport};
use crate::waiting::{WaitOptions, Waiting};
use crate::watch::{Exchange, Retry, Watch};

/// A client of one tenant. Cheap to clone; share one among all tasks and threads.
///
/// Clients with the same settings share their token for the life of the process, and their
/// connections with all that run on the same runtime.
#[derive(Clone)]
pub struct Client {
    settings: Arc<Settings>,
    tenant: Arc<Tenant>,
    transport: Arc<Transport>,
    experimental: bool,
}

/// What all clients with the same credentials at the same tenant share.
struct Tenant {
    tokens: TokenSource,
    pace: Pace,
}

/// One call under way: when it must end, how often it may still try, who is told.
struct Call<'a> {
    deadline: Instant,
    retries: Retries,
    watch: &'a dyn Watch,
}

impl Client {
    /// A client for these settings. Sends nothing yet.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`](crate::ErrorKind::Settings) or [`ErrorKind::Tls`](crate::ErrorKind::Tls) when the proxy or certificate settings cannot be used.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        static TENANTS: LazyLock<Registry<Tenant>> = LazyLock::new(Registry::default);
        let transport = Transport::shared(&settings)?;
        let key = Fingerprint::of(settings.token_key());
        let tenant = TENANTS.get_or_make(&key, || {
            Ok(Tenant {
                tokens: TokenSource::new(&settings.credentials),
                pace: Pace::default(),
            })
        })?;
        Ok(Self {
            experimental: settings.experimental,
            settings: Arc::new(settings),
            tenant,
            transport,
        })
    }

    /// A client for the settings in the environment and the settings files.
    ///
    /// # Errors
    /// As [`Settings::from_environment`] and [`Client::new`].
    pub fn from_environment() -> Result<Self, Error> {
        Self::new(Settings::from_environment()?)
    }

    /// The settings this client was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Retrieves the headers of the pending task list: its total, when `count` is asked for.
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
    /// Any [`ErrorKind`](crate::ErrorKind) but `Settings`, `Cancelled` and `Panic`, as for all five operations.
    pub async fn get_pending_task_headers(
        &self,
        options: PendingTasksOptions,
    ) -> Result<Answer, Error> {
        self.run(&Operation::GetPendingTaskHeaders(options), &())
            .await
    }

    /// Retrieves one page of the pending tasks. A tenant without any may answer 204.
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
    pub async fn get_pending_tasks(&self, options: PendingTasksOptions) -> Result<Answer, Error> {
        self.run(&Operation::GetPendingTasks(options), &()).await
    }

    /// Retrieves one task status by its id, whatever characters that has.
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
    pub async fn get_task_status(&self, id: &str) -> Result<Answer, Error> {
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
    ) -> Result<Answer, Error> {
        self.run(&Operation::GetTaskStatusList(options), &()).await
    }

    /// Updates a task status by a JSON Patch and retrieves the updated one.
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
    /// As [`Client::get_pending_task_headers`]. After `Timeout`, `Connect` or `InvalidResponse`
    /// the update may have been made all the same: look before trying again.
    pub async fn update_task_status(&self, id: &str, patch: JsonPatch) -> Result<Answer, Error> {
        let id = id.into();
        self.run(&Operation::UpdateTaskStatus { id, patch }, &())
            .await
    }

    /// Every pending task, page after page, each once though tasks come and go meanwhile.
    ///
    /// `limit` is the page size (250 by default), `first` bounds how many tasks are given.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a limit or offset out of bounds.
    pub fn all_pending_tasks(
        &self,
        options: PendingTasksOptions,
        first: Option<u64>,
    ) -> Result<Listing, Error> {
        Listing::new(self.clone(), Operation::GetPendingTasks(options), first)
    }

    /// Every task status, as [`Client::all_pending_tasks`].
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
        Listing::new(self.clone(), Operation::GetTaskStatusList(options), first)
    }

    /// Waits until each of these tasks has both `completed` and `completionStatus`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for an id that cannot be meant.
    pub fn wait_for_task_statuses(
        &self,
        ids: Vec<String>,
        options: &WaitOptions,
    ) -> Result<Waiting, Error> {
        Waiting::new(self.clone(), ids, options)
    }

    /// The same client, sending the `X-SailPoint-Experimental` header.
    pub(crate) fn experimental(&self) -> Self {
        Self {
            experimental: true,
            ..self.clone()
        }
    }

    /// Runs one operation to its answer, telling `watch` of what happens on the way.
    pub(crate) async fn run(
        &self,
        operation: &Operation,
        watch: &dyn Watch,
    ) -> Result<Answer, Error> {
        let request = operation.request(self.settings.api_version)?;
        let mut call = Call {
            deadline: Instant::now() + self.settings.timeout,
            retries: Retries::new(&self.settings),
            watch,
        };
        let answer = self.authorized(&request, &mut call).await?;
        if !answer.is_success() {
            return Err(explain::refused(operation, &request, answer));
        }
        match answer.body() {
            Body::Json(_) => Ok(answer),
            Body::Empty if request.body_optional => Ok(answer),
            _ => Err(explain::not_json(&request, answer)),
        }
    }

    /// Sends with a token, and once more with a new one when the tenant does not take it.
    async fn authorized(&self, request: &Request, call: &mut Call<'_>) -> Result<Answer, Error> {
        let token = self.token(None, call).await?;
        let answer = self.persist(request, &token, call).await?;
        if answer.status() != 401 {
            return Ok(answer);
        }
        if self.settings.credentials.client.is_none() {
            return Ok(answer);
        }
        self.tenant.tokens.forget(token.serial);
        if !call.retries.take(false) {
            return Ok(answer);
        }
        call.watch.retry(&Retry {
            attempt: call.retries.made + 1,
            delay: Duration::ZERO,
            status: Some(401),
            reason: "the tenant did not take the token, so it is renewed",
        });
        let token = self.token(Some(token.serial), call).await?;
        self.persist(request, &token, call).await
    }

    async fn persist(
        &self,
        request: &Request,
        token: &Token,
        call: &mut Call<'_>,
    ) -> Result<Answer, Error> {
        let url = self.settings.address(&request.target)?;
        let body = request
            .body
            .as_ref()
            .map(|body| ("application/json-patch+json", body.clone()));
        let outgoing = || Outgoing {
            method: request.method.clone(),
            url: &url,
            bearer: Some(&token.secret),
            body: body.clone(),
            experimental: self.experimental,
            user_agent: &self.settings.user_agent,
        };
        self.send(&outgoing, &mut call.retries, call.deadline, call.watch)
            .await
            .map(|answer| {
                if answer.is_success() {
                    answer
                } else {
                    answer.without(&forms(token.secret.expose_secret()))
                }
            })
    }

    /// The current token, or a new one from the token endpoint.
    async fn token(&self, rejected: Option<u64>, call: &Call<'_>) -> Result<Token, Error> {
        let fetch = async || self.fetch_token(call).await;
        let fetched = self.tenant.tokens.get(rejected, fetch);
        timeout_at(call.deadline, fetched)
            .await
            .unwrap_or_else(|_| {
                Err(explain::timed_out(
                    "waiting for a token",
                    self.settings.timeout,
                    None,
                ))
            })
    }

    async fn fetch_token(&self, call: &Call<'_>) -> Result<Answer, Error> {
        let Some((id, secret)) = &self.settings.credentials.client else {
            return Err(explain::no_credentials());
        };
        let url = &self.settings.token_url;
        let form = SecretString::from(format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            utf8_percent_encode(id, NON_ALPHANUMERIC),
            utf8_percent_encode(secret.expose_secret(), NON_ALPHANUMERIC),
        ));
        let outgoing = || Outgoing {
            method: Method::POST,
            url,
            bearer: None,
            body: Some((
                "application/x-www-form-urlencoded",
                form.expose_secret().to_owned(),
            )),
            experimental: false,
            user_agent: &self.settings.user_agent,
        };
        let mut retries = Retries::new(&self.settings);
        let answer = self
            .send(&outgoing, &mut retries, call.deadline, call.watch)
            .await?;
        if answer.is_success() {
            Ok(answer)
        } else {
            Err(explain::token_refused(
                url.as_str(),
                answer.without(&forms(secret.expose_secret())),
            ))
        }
    }

    /// Sends until there is an answer that another try would not change.
    async fn send<'a>(
        &self,
        outgoing: &(dyn Fn() -> Outgoing<'a> + Sync),
        retries: &mut Retries,
        deadline: Instant,
        watch: &dyn Watch,
    ) -> Result<Answer, Error> {
        let mut last_status = None;
        loop {
            self.wait_for_pace(retries, deadline, watch).await?;

            let request = outgoing();
            let (method, url) = (request.method.clone(), request.url.as_str());
            let started = Instant::now();
            let result = timeout_at(deadline, self.transport.exchange(request))
                .await
                .unwrap_or_else(|_| {
                    let what = format!("waiting for the answer to {}", explain::line(&method, url));
                    let error = explain::timed_out(&what, self.settings.timeout, last_status);
                    Err(Failure::last(explain::perhaps_changed(&method, error)))
                });
            watch.exchange(&Exchange {
                method: &method,
                url,
                attempt: retries.made + 1,
                duration: started.elapsed(),
                result: result.as_ref().map_err(|failure| &failure.error),
            });

            let outcome = match &result {
                Ok(answer) => Outcome::Answered(answer),
                Err(failure) => failure.outcome(),
            };
            let pause = retries.after(&method, &outcome);
            let too_late = |wait| Instant::now() + wait >= deadline;
            let (wait, everyone) = match pause {
                Some(Pause::Everyone(wait)) => (wait, true),
                Some(Pause::ThisCall(wait)) => (wait, false),
                None => return finish(result, &method, retries),
            };
            if everyone {
                self.tenant.pace.hold(wait);
            }
            if too_late(wait) {
                retries.give_back();
                return finish(result, &method, retries);
            }
            last_status = result.as_ref().ok().map(Answer::status);
            watch.retry(&Retry {
                attempt: retries.made + 1,
                delay: wait,
                status: last_status,
                reason: &explain::reason(&result),
            });
            tokio::time::sleep(wait).await;
        }
    }

    /// Waits while the tenant's rate limit holds this client's requests back.
    async fn wait_for_pace(
        &self,
        retries: &Retries,
        deadline: Instant,
        watch: &dyn Watch,
    ) -> Result<(), Error> {
        while let Some(until) = self.tenant.pace.held_until() {
            let wait = until.saturating_duration_since(Instant::now());
            if until >= deadline {
                return Err(explain::held_back(wait, self.settings.timeout));
            }
            watch.retry(&Retry {
                attempt: retries.made + 1,
                delay: wait,
                status: Some(429),
                reason: "held back by the tenant's rate limit",
            });
            tokio::time::sleep_until(until).await;
        }
        Ok(())
    }
}

/// A secret in every form in which an answer may repeat it: plain, of a form, of JSON.
fn forms(secret: &str) -> [String; 3] {
    let quoted = serde_json::Value::from(secret).to_string();
    [
        secret.to_owned(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        quoted.trim_matches('"').to_owned(),
    ]
}

/// The last answer or error, with how often it was tried.
fn finish(
    result: Result<Answer, Failure>,
    method: &Method,
    retries: &Retries,
) -> Result<Answer, Error> {
    result.map_err(|failure| {
        let error = match failure.outcome() {
            Outcome::Broken => explain::perhaps_changed(method, failure.error),
            _ => failure.error,
        };
        match retries.made {
            0 => error,
            made => error.amend(&format!("; tried {} times", made + 1)),
        }
    })
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("settings", &self.settings)
            .finish()
    }
}

//! One call of an operation: gets a token, waits for the pace, sends, retries, returns the response.

use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use tokio::time::{Instant, timeout_at};

use crate::error::{Error, ErrorKind, messages};
use crate::events::{Observer, RequestEvent, RetryEvent};
use crate::finish::Finish;
use crate::http::{
    Cause, Failure, Hold, LONGEST_HOLD, NoToken, Outgoing, Pace, Pass, Pause, Registry, Retries,
    Token, TokenSource, Transport, issued, retry_after,
};
use crate::response::{Body, Response};
use crate::secrets::{ExposeSecret, Masks, SecretString, TooMany};
use crate::settings::Settings;
use crate::tasks::{Operation, Request};

/// The largest token response that is read: 1 MiB. A token has a few thousand characters.
const LARGEST_TOKEN: usize = 1 << 20;

/// The largest body of any other success that is read: 64 MiB. A page of 250 tasks has 0.5 MB.
const LARGEST_BODY: usize = 64 << 20;

/// The parts of a client, and what runs its operations. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Core {
    pub settings: Arc<Settings>,
    shared: Arc<SharedState>,
    transport: Arc<Transport>,
    /// The secrets of the settings, which responses may repeat.
    secrets: Arc<[SecretString]>,
    experimental: bool,
}

/// What all clients with the same credentials at the same tenant share.
struct SharedState {
    tokens: TokenSource,
    pace: Pace,
}

/// One running call: when it must end, its remaining retries, and who receives its events.
struct Call<'a> {
    core: &'a Core,
    deadline: Instant,
    retries: Retries,
    /// Whether the deadline ended the retries; a call with more time might have gone on.
    ran_out_of_time: bool,
    observer: &'a dyn Observer,
    /// Says when to send nothing more.
    finish: Option<&'a Finish>,
    /// Whether it would have sent another request.
    was_finished: bool,
}

impl Core {
    /// Sends nothing yet.
    ///
    /// # Errors
    /// Proxy or certificate settings are unusable.
    pub(crate) fn new(mut settings: Settings) -> Result<Self, Error> {
        static SHARED: LazyLock<Registry<SharedState>> = LazyLock::new(Registry::default);
        let transport = Transport::shared(&settings.network)?;
        transport.check_routes(settings.addresses())?;
        settings.note_unused_proxy(|url| transport.exemption(url));
        let shared = SHARED.get_or_make(settings.tenant_fingerprint(), || {
            Ok(SharedState {
                tokens: TokenSource::new(&settings.credentials),
                pace: Pace::default(),
            })
        })?;
        Ok(Self {
            experimental: settings.experimental,
            secrets: settings.secrets().into(),
            settings: Arc::new(settings),
            shared,
            transport,
        })
    }

    /// The same core, sending the header `X-SailPoint-Experimental`.
    pub(crate) fn experimental(self) -> Self {
        Self {
            experimental: true,
            ..self
        }
    }

    /// Runs one operation until its response, and reports the events on the way. `finish` may tell it to
    /// send nothing more.
    ///
    /// Returns a pointer, so that a call is compiled once, in this crate, and not again in each that awaits one.
    pub(crate) fn run<'a>(
        &'a self,
        operation: &'a Operation,
        observer: &'a dyn Observer,
        finish: Option<&'a Finish>,
    ) -> Pin<Box<dyn Future<Output = Result<Response, Error>> + Send + 'a>> {
        Box::pin(self.run_in_place(operation, observer, finish))
    }

    async fn run_in_place(
        &self,
        operation: &Operation,
        observer: &dyn Observer,
        finish: Option<&Finish>,
    ) -> Result<Response, Error> {
        let request = operation.request(self.settings.api_version)?;
        let mut call = Call {
            core: self,
            deadline: Instant::now() + self.settings.timeout,
            retries: Retries::new(&self.settings),
            ran_out_of_time: false,
            observer,
            finish,
            was_finished: false,
        };
        let result = call.send_authorized(&request).await;
        let result = result.and_then(|response| call.checked(&request, response));
        match call.was_finished {
            true => result.map_err(messages::not_again),
            false => result,
        }
    }
}

impl<'a> Call<'a> {
    /// Sends with a token, and once more with a new one if the tenant refuses the first.
    async fn send_authorized(&mut self, request: &Request) -> Result<Response, Error> {
        let finish = self.finish;
        let token = tokio::select! {
            biased;
            () = finished(finish) => return Err(messages::not_sent()),
            token = self.token(None) => token?,
        };
        let response = self.send_with(&token, request).await?;
        let can_renew = self.core.settings.credentials.client.is_some();
        if response.status() != 401 || !can_renew {
            return Ok(response);
        }
        self.core.shared.tokens.forget(token.serial);
        if !self.retries.take(false) {
            return Ok(response);
        }
        if finish.is_some_and(Finish::is_finished) {
            self.was_finished = true;
            return Ok(response);
        }
        self.observer.retry(&RetryEvent {
            id: None,
            attempt: self.retries.made + 1,
            delay: Duration::ZERO,
            status: Some(401),
            reason: "the tenant rejected the token, so a new one is fetched",
        });
        let token = tokio::select! {
            biased;
            () = finished(finish) => {
                self.was_finished = true;
                return Ok(response);
            }
            token = self.token(Some(token.serial)) => token?,
        };
        self.send_with(&token, request).await
    }

    /// The response, if it is a success and has what was asked for.
    fn checked(&self, request: &Request, response: Response) -> Result<Response, Error> {
        let line = || messages::line(&request.method, &request.target);
        if !response.is_success() {
            let status = response.status();
            let error = self.with_wait(messages::refused(request.subject, &line(), response));
            return Err(if status == 401 {
                self.core.settings.credentials.not_replaced(error)
            } else {
                error
            });
        }
        let error = match response.body() {
            Body::Json(json) => match request.content.mismatch(json) {
                None => return Ok(response),
                Some(found) => messages::other_content(&line(), &found, response),
            },
            Body::Empty if request.body_optional => return Ok(response),
            _ => messages::not_json(&line(), response),
        };
        Err(if request.retry_safe {
            error
        } else {
            messages::perhaps_changed(error)
        })
    }

    async fn send_with(&mut self, token: &Token, request: &Request) -> Result<Response, Error> {
        let Core {
            settings,
            experimental,
            ..
        } = self.core;
        let url = settings.address(&request.target)?;
        let body = request
            .body
            .as_ref()
            .map(|body| ("application/json-patch+json", body.clone()));
        let make_outgoing = || Outgoing {
            method: request.method.clone(),
            url: &url,
            bearer: Some(&token.secret),
            body: body.clone(),
            experimental: *experimental,
            user_agent: &settings.user_agent,
            retry_safe: request.retry_safe,
            largest_body: LARGEST_BODY,
        };
        self.send_until_settled(&make_outgoing).await
    }

    /// The current token, or a new one from the token endpoint.
    async fn token(&self, rejected: Option<u64>) -> Result<Token, Error> {
        let Core {
            settings, shared, ..
        } = self.core;
        let fetch = async || self.fetch_token().await;
        let token = shared.tokens.get(rejected, fetch);
        timeout_at(self.deadline, token).await.unwrap_or_else(|_| {
            Err(messages::timed_out(
                "waiting for a token",
                settings.timeout,
                None,
            ))
        })
    }

    async fn fetch_token(&self) -> Result<Response, NoToken> {
        let settings = &self.core.settings;
        let Some((id, secret)) = &settings.credentials.client else {
            return Err(NoToken {
                error: settings
                    .credentials
                    .not_replaced(messages::no_credentials()),
                is_shared: true,
            });
        };
        let url = &settings.token_url;
        let form = SecretString::from(format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            utf8_percent_encode(id, NON_ALPHANUMERIC),
            utf8_percent_encode(secret.expose_secret(), NON_ALPHANUMERIC),
        ));
        let make_outgoing = || Outgoing {
            method: Method::POST,
            url,
            bearer: None,
            body: Some((
                "application/x-www-form-urlencoded",
                form.expose_secret().to_owned(),
            )),
            experimental: false,
            user_agent: &settings.user_agent,
            // Fetching a token changes nothing at the tenant.
            retry_safe: true,
            largest_body: LARGEST_TOKEN,
        };
        // With retries of its own: the token is for every call that waits for it, not for this one alone.
        let mut call = Call {
            retries: Retries::new(settings),
            ran_out_of_time: false,
            finish: None,
            ..*self
        };
        match call.send_until_settled(&make_outgoing).await {
            Ok(response) if response.is_success() => Ok(response),
            Ok(response) => Err(call.with_wait(messages::token_refused(url.as_str(), response))),
            Err(error) => Err(error),
        }
        .map_err(|error| NoToken {
            is_shared: !call.ran_out_of_time && error.kind() != ErrorKind::Timeout,
            error,
        })
    }

    /// Sends until a response is final, or retries or time run out. Secrets are masked in the response.
    async fn send_until_settled<'b>(
        &mut self,
        make_outgoing: &(dyn Fn() -> Outgoing<'b> + Sync),
    ) -> Result<Response, Error> {
        let mut last: Option<Result<Response, Failure>> = None;
        let finish = self.finish;
        loop {
            let outgoing = make_outgoing();
            // The tenant counts the requests of a token.
            let is_counted = outgoing.bearer.is_some();
            let pass = tokio::select! {
                biased;
                () = finished(finish) => {
                    return match last {
                        Some(result) => self.settle_finished(result, outgoing.retry_safe),
                        None => Err(messages::not_sent()),
                    };
                }
                pass = self.wait_for_pace(is_counted) => pass?,
            };
            let last_status = status_of(last.as_ref());
            let (method, url) = (outgoing.method.clone(), outgoing.url);
            let retry_safe = outgoing.retry_safe;
            let result = self.try_once(outgoing, last_status).await;

            if let (Some(pass), Ok(response)) = (pass, &result)
                && response.status() == 429
            {
                pass.refused(retry_after(response));
            }

            let was_reached = self.core.transport.has_reached(url);
            let wait = match self.retries.after(retry_safe, was_reached, &result) {
                Some(Pause::Everyone(wait)) => {
                    if let Ok(response) = &result {
                        self.core.shared.pace.hold(wait, || Cause {
                            request: messages::line(&method, url.path()),
                            response: response.clone(),
                        });
                    }
                    wait
                }
                Some(Pause::ThisCall(wait)) => wait,
                None => return self.settle(result, retry_safe),
            };
            if Instant::now() + wait >= self.deadline {
                self.retries.give_back();
                self.ran_out_of_time = true;
                return self.settle(result, retry_safe);
            }
            if finish.is_some_and(Finish::is_finished) {
                return self.settle_finished(result, retry_safe);
            }
            self.observer.retry(&RetryEvent {
                id: None,
                attempt: self.retries.made + 1,
                delay: wait,
                status: status_of(Some(&result)),
                reason: &reason(&result),
            });
            // Whether it is told to send nothing more is looked at again before it sends.
            tokio::select! {
                () = finished(finish) => {}
                () = tokio::time::sleep(wait) => {}
            }
            last = Some(result);
        }
    }

    /// Says how long the tenant asks to wait, if that is longer than the call may take or others are held.
    fn with_wait(&self, error: Error) -> Error {
        match asked_wait(&error) {
            Some(asked) if asked <= LONGEST_HOLD && self.ran_out_of_time => {
                messages::asks_too_long(error, asked, self.core.settings.timeout)
            }
            _ => with_hold(error),
        }
    }

    /// One try, up to the deadline. Secrets are masked in the response, but for the token in a response
    /// that brings one, whose body the observer does not see.
    async fn try_once(
        &self,
        outgoing: Outgoing<'_>,
        last_status: Option<u16>,
    ) -> Result<Response, Failure> {
        let (method, url) = (outgoing.method.clone(), outgoing.url.as_str());
        let (retry_safe, bearer) = (outgoing.retry_safe, outgoing.bearer);
        let started = Instant::now();
        let settings = &self.core.settings;
        // A change waits for its response until the deadline: it cannot be sent a second time.
        let patience = (retry_safe && self.retries.is_first_of_several())
            .then_some(settings.attempt_timeout)
            .filter(|patience| started + *patience < self.deadline);
        let sent = self.core.transport.send(outgoing, patience, self.observer);
        let result = timeout_at(self.deadline, sent).await.unwrap_or_else(|_| {
            let what = format!(
                "waiting for the response to {}",
                messages::line(&method, url)
            );
            let error = messages::timed_out(&what, settings.timeout, last_status);
            Err(Failure::Final(if retry_safe {
                error
            } else {
                messages::perhaps_changed(error)
            }))
        });
        let fetched = self.core.shared.tokens.fetched();
        let (result, issued) = match result {
            Ok(response) if bearer.is_none() => match issued(&response) {
                Ok(issued) => (Ok(response), issued),
                Err(TooMany) => (Ok(response.withheld()), Vec::new()),
            },
            result => (result, Vec::new()),
        };
        let secrets = self.core.secrets.iter().chain(bearer);
        let masks = Masks::of(secrets.chain(&fetched).chain(&issued));
        let (result, shown) = match result {
            Ok(response) if bearer.is_none() && response.is_success() => {
                let response = response.with_masked_headers(&masks);
                let shown = response.without_body();
                (Ok(response), Some(shown))
            }
            Ok(response) => (Ok(response.masked(&masks)), None),
            Err(failure) => (Err(failure.masked(&masks)), None),
        };
        self.observer.request(&RequestEvent {
            id: None,
            method: method.as_str(),
            url,
            attempt: self.retries.made + 1,
            duration: started.elapsed(),
            result: match &shown {
                Some(response) => Ok(response),
                None => result.as_ref().map_err(Failure::error),
            },
        });
        result
    }

    /// As [`Call::settle`], in place of the retry that was taken.
    fn settle_finished(
        &mut self,
        result: Result<Response, Failure>,
        retry_safe: bool,
    ) -> Result<Response, Error> {
        self.retries.give_back();
        self.was_finished = true;
        self.settle(result, retry_safe)
    }

    /// The last response or error. An error without a response says how many times the request was tried.
    fn settle(
        &self,
        result: Result<Response, Failure>,
        retry_safe: bool,
    ) -> Result<Response, Error> {
        result.map_err(|failure| {
            let error = match failure {
                Failure::Broken(error) | Failure::Unreadable(error) if !retry_safe => {
                    messages::perhaps_changed(error)
                }
                // The response to the change came, but cannot be used.
                Failure::Final(error)
                    if !retry_safe && error.kind() == ErrorKind::InvalidResponse =>
                {
                    messages::perhaps_changed(error)
                }
                Failure::NotSent(error)
                | Failure::Broken(error)
                | Failure::Final(error)
                | Failure::Silent(error)
                | Failure::Unreadable(error) => error,
            };
            match self.retries.made {
                0 => error,
                made => error.amend(&format!("; tried {} times", made + 1)),
            }
        })
    }

    /// Waits until the tenant's rate limit no longer holds requests back and, if it is known, has room for
    /// another one.
    async fn wait_for_pace(&mut self, is_counted: bool) -> Result<Option<Pass<'a>>, Error> {
        while let Some(Hold { until, cause }) = self.core.shared.pace.current() {
            let wait = until.saturating_duration_since(Instant::now());
            if until >= self.deadline {
                self.ran_out_of_time = true;
                let Cause { request, response } = &*cause;
                let timeout = self.core.settings.timeout;
                let error = messages::held_back(wait, timeout, request, response.clone());
                return Err(with_hold(error));
            }
            self.tell_of_pace(wait);
            tokio::time::sleep_until(until).await;
        }
        if !is_counted {
            return Ok(None);
        }
        let core = self.core;
        let room = core.shared.pace.enter(|wait| self.tell_of_pace(wait));
        match timeout_at(self.deadline, room).await {
            Ok(pass) => Ok(Some(pass)),
            Err(_) => {
                self.ran_out_of_time = true;
                let what = "waiting until the tenant's rate limit has room";
                Err(messages::timed_out(what, core.settings.timeout, Some(429)))
            }
        }
    }

    fn tell_of_pace(&self, wait: Duration) {
        self.observer.retry(&RetryEvent {
            id: None,
            attempt: self.retries.made + 1,
            delay: wait,
            status: Some(429),
            reason: "held back by the tenant's rate limit",
        });
    }
}

/// Waits until the call is told to send nothing more.
async fn finished(finish: Option<&Finish>) {
    match finish {
        Some(finish) => finish.finished().await,
        None => std::future::pending().await,
    }
}

fn status_of(result: Option<&Result<Response, Failure>>) -> Option<u16> {
    Some(result?.as_ref().ok()?.status())
}

/// The time in the `Retry-After` of a 429.
fn asked_wait(error: &Error) -> Option<Duration> {
    error
        .response()
        .filter(|response| response.status() == 429)
        .and_then(retry_after)
}

/// Adds how long other requests are held back if the tenant asks to wait longer than that.
fn with_hold(error: Error) -> Error {
    match asked_wait(&error) {
        Some(asked) if asked > LONGEST_HOLD => messages::also_holds(error, asked, LONGEST_HOLD),
        _ => error,
    }
}

/// Why a request is retried.
fn reason(result: &Result<Response, Failure>) -> String {
    match result {
        Ok(response) => messages::status_text(response.status()),
        Err(failure) => failure.error().message().to_owned(),
    }
}

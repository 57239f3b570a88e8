//! One call of an operation: gets a token, waits for the pace, sends, retries, returns the response.
//!
//! The steps stand here in their order; the files in `call/` say how some of them are done.

mod attempt;
mod outcome;
mod pace;
mod token;

use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, ErrorKind, messages};
use crate::events::{Observer, RetryEvent};
use crate::finish::Finish;
use crate::http::{
    Cause, Failure, Outgoing, Pace, Pause, Registry, Retries, Token, TokenSource, Transport,
    retry_after,
};
use crate::response::Response;
use crate::secrets::SecretString;
use crate::settings::Settings;
use crate::tasks::{Operation, Request};

/// The largest body of a success that is read: 64 MiB. A page of 250 tasks has 0.5 MB.
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
        let response = self.send_with(&token, request, None).await?;
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
        self.send_with(&token, request, Some(response)).await
    }

    /// Sends with a token. `before` is the response to an earlier one, if there was one.
    async fn send_with(
        &mut self,
        token: &Token,
        request: &Request,
        before: Option<Response>,
    ) -> Result<Response, Error> {
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
        self.send_until_settled(&make_outgoing, before.map(Ok))
            .await
    }

    /// Sends until a response is final, or retries or time run out. Secrets are masked in the response.
    /// `last` is what came before, if this is a retry already.
    async fn send_until_settled<'b>(
        &mut self,
        make_outgoing: &(dyn Fn() -> Outgoing<'b> + Sync),
        mut last: Option<Result<Response, Failure>>,
    ) -> Result<Response, Error> {
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

/// Why a request is retried.
fn reason(result: &Result<Response, Failure>) -> String {
    match result {
        Ok(response) => messages::status_text(response.status()),
        Err(failure) => failure.error().message().to_owned(),
    }
}

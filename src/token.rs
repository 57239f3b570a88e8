//! The access token: fetched once however many callers wait for it, renewed before it ends.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::error::{Error, ErrorKind};
use crate::settings::Credentials;

/// A token is renewed this long before its end, or at nine tenths of a short life.
const EARLY: Duration = Duration::from_secs(60);

/// The token of one tenant and client.
pub(crate) struct TokenSource {
    state: Mutex<State>,
    /// Counts fetches that ended, so that a waiting caller knows one ended while it waited.
    fetches: AtomicU64,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failure: Option<Error>,
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub secret: SecretString,
    /// Tells one token from the next.
    pub serial: u64,
    renew_at: Option<Instant>,
    ends_at: Option<Instant>,
}

/// What a token endpoint gives.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    #[serde(default)]
    expires_in: Option<f64>,
}

impl TokenSource {
    /// Starts with the token that was given, if one was.
    pub(crate) fn new(credentials: &Credentials) -> Self {
        let given = credentials.token.clone().map(|secret| {
            let life = credentials
                .token_expires
                .map(|end| end.duration_since(SystemTime::now()).unwrap_or_default());
            Token::new(secret, 0, life)
        });
        Self {
            state: Mutex::new(State {
                token: given,
                failure: None,
            }),
            fetches: AtomicU64::new(0),
        }
    }

    /// A token that is valid and not the `rejected` one; fetched if there is none.
    ///
    /// Callers that come while a fetch is under way wait for it and take its result, good or bad.
    pub(crate) async fn get(
        &self,
        rejected: Option<u64>,
        fetch: impl AsyncFnOnce() -> Result<Answer, Error>,
    ) -> Result<Token, Error> {
        let fetches_before = self.fetches.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let now = Instant::now();
        let usable = state
            .token
            .clone()
            .filter(|token| Some(token.serial) != rejected && !is_past(token.ends_at, now));
        if let Some(token) = usable.clone().filter(|token| !is_past(token.renew_at, now)) {
            return Ok(token);
        }
        let fetches = self.fetches.load(Ordering::Acquire);
        if fetches != fetches_before
            && let Some(failure) = &state.failure
        {
            return usable.ok_or_else(|| failure.clone());
        }

        let fetched = match fetch().await {
            Ok(answer) => Token::read(&answer, fetches + 1),
            Err(error) => Err(error),
        };
        self.fetches.store(fetches + 1, Ordering::Release);
        match fetched {
            Ok(token) => {
                *state = State {
                    token: Some(token.clone()),
                    failure: None,
                };
                Ok(token)
            }
            Err(error) => {
                state.failure = Some(error.clone());
                // Too early a renewal that failed costs nothing while the old token still holds.
                usable.ok_or(error)
            }
        }
    }

    /// Forgets a token that the tenant did not take, so that the next call gets another.
    pub(crate) async fn forget(&self, serial: u64) {
        let mut state = self.state.lock().await;
        state
            .token
            .take_if(|token| token.serial == serial && serial != 0);
    }
}

impl Token {
    fn new(secret: SecretString, serial: u64, life: Option<Duration>) -> Self {
        let now = Instant::now();
        Self {
            secret,
            serial,
            renew_at: life.map(|life| now + life - EARLY.min(life / 10)),
            ends_at: life.map(|life| now + life),
        }
    }

    pub(crate) fn read(answer: &Answer, serial: u64) -> Result<Self, Error> {
        let unusable = || {
            Error::new(
                ErrorKind::Authentication,
                "the token endpoint answered without an access token",
            )
            .with_hint(
                "check that BaseUrl is the API's address, https://TENANT.api.identitynow.com",
            )
            .with_answer(answer.without_body())
        };
        let fields: TokenAnswer = serde_json::from_str(answer.text()).map_err(|_| unusable())?;
        if fields.access_token.is_empty() {
            return Err(unusable());
        }
        const LONGEST: f64 = 31_536_000.0;
        let life = fields
            .expires_in
            .filter(|seconds| *seconds > 0.0)
            .map(|seconds| Duration::from_secs_f64(seconds.min(LONGEST)));
        Ok(Self::new(
            SecretString::from(fields.access_token),
            serial,
            life,
        ))
    }
}

fn is_past(moment: Option<Instant>, now: Instant) -> bool {
    moment.is_some_and(|moment| moment <= now)
}

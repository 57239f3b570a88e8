//! The access token: fetched once for all callers that wait for it, and renewed before it expires.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, timeout};

use crate::error::{Error, ErrorKind, messages};
use crate::locks::lock;
use crate::response::{Members, Response};
use crate::secrets::{ExposeSecret, SecretString, TooMany, credentials, credentials_in_header};
use crate::settings::Credentials;

/// A token is renewed this long before it expires, or after nine tenths of a short lifetime.
const EARLY: Duration = Duration::from_secs(60);

/// A renewal ahead of time may take this long; after that the old token is used.
const BRIEF: Duration = Duration::from_secs(5);

/// The pause between a failed renewal and the next one while the old token is still valid.
const PAUSE: Duration = Duration::from_secs(10);

/// How many fetched tokens are remembered, so that they stay masked once they are replaced. Tokens live for
/// about 12 minutes, so those that are forgotten have long expired.
const REMEMBERED: usize = 16;

/// The token of one tenant and client.
pub(crate) struct TokenSource {
    state: Mutex<State>,
    /// Held while a token is fetched, so that only one caller fetches it.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// The latest tokens that were fetched, the current one too.
    fetched: VecDeque<SecretString>,
    /// How many fetches have ended: a waiting caller sees by it that one ended meanwhile.
    fetches: u64,
    /// Why the last fetch failed, if the reason holds for other callers too.
    refusal: Option<Error>,
}

impl State {
    /// A token endpoint may give the same token again.
    fn remember(&mut self, token: &SecretString) {
        let text = token.expose_secret();
        self.fetched.retain(|other| other.expose_secret() != text);
        if self.fetched.len() == REMEMBERED {
            self.fetched.pop_front();
        }
        self.fetched.push_back(token.clone());
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub secret: SecretString,
    /// Distinguishes one token from the next.
    pub serial: u64,
    renew_at: Option<Instant>,
    ends_at: Option<Instant>,
}

/// Why a fetch gave no token.
#[derive(Debug)]
pub(crate) struct NoToken {
    pub error: Error,
    /// Whether callers that wait for the same token fail too; false if only this caller ran out of
    /// time.
    pub is_shared: bool,
}

impl TokenSource {
    /// Starts with the token of the settings, if there is one.
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
                ..State::default()
            }),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// A valid token other than the `rejected` one; fetched if there is none.
    ///
    /// Callers that arrive while one is fetched wait for it, and share a refusal too.
    pub(crate) async fn get(
        &self,
        rejected: Option<u64>,
        fetch: impl AsyncFnOnce() -> Result<Response, NoToken>,
    ) -> Result<Token, Error> {
        let fetches_before = lock(&self.state).fetches;
        match self.valid(rejected) {
            Some(token) if is_past(token.renew_at, Instant::now()) => {
                Ok(self.renew_early(token, fetch).await)
            }
            Some(token) => Ok(token),
            None => {
                let _turn = self.turn.lock().await;
                if let Some(token) = self.valid(rejected) {
                    return Ok(token);
                }
                if let Some(refusal) = self.refusal_since(fetches_before) {
                    return Err(refusal);
                }
                let fetched = fetch().await;
                self.take(fetched)
            }
        }
    }

    /// Drops a token that the tenant refused, so that the next call fetches another.
    pub(crate) fn forget(&self, serial: u64) {
        lock(&self.state)
            .token
            .take_if(|token| token.serial == serial);
    }

    /// The tokens that were fetched, which a response may repeat.
    pub(crate) fn fetched(&self) -> Vec<SecretString> {
        lock(&self.state).fetched.iter().cloned().collect()
    }

    /// A new token if one can be fetched quickly, else the old one, which is still valid.
    async fn renew_early(
        &self,
        old: Token,
        fetch: impl AsyncFnOnce() -> Result<Response, NoToken>,
    ) -> Token {
        let Ok(_turn) = self.turn.try_lock() else {
            return old;
        };
        if let Ok(fetched) = timeout(BRIEF, fetch()).await
            && let Ok(token) = self.take(fetched)
        {
            return token;
        }
        if let Some(token) = &mut lock(&self.state).token {
            token.renew_at = Some(Instant::now() + PAUSE);
        }
        old
    }

    fn valid(&self, rejected: Option<u64>) -> Option<Token> {
        let now = Instant::now();
        lock(&self.state)
            .token
            .clone()
            .filter(|token| Some(token.serial) != rejected && !is_past(token.ends_at, now))
    }

    fn refusal_since(&self, fetches_before: u64) -> Option<Error> {
        let state = lock(&self.state);
        state
            .refusal
            .clone()
            .filter(|_| state.fetches != fetches_before)
    }

    /// Stores the result of a fetch.
    fn take(&self, fetched: Result<Response, NoToken>) -> Result<Token, Error> {
        let mut state = lock(&self.state);
        state.fetches += 1;
        let serial = state.fetches;
        let result = fetched.and_then(|response| {
            Token::read(&response, serial).map_err(|error| NoToken {
                error,
                is_shared: true,
            })
        });
        match &result {
            Ok(token) => {
                state.token = Some(token.clone());
                state.refusal = None;
                state.remember(&token.secret);
            }
            Err(NoToken { error, is_shared }) => {
                state.refusal = is_shared.then(|| error.clone());
            }
        }
        result.map_err(|refused| refused.error)
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

    pub(crate) fn read(response: &Response, serial: u64) -> Result<Self, Error> {
        let unusable = || {
            Error::new(
                ErrorKind::Authentication,
                "the token endpoint's response has no access token",
            )
            .with_hint(messages::API_HOST)
            .with_response(response.without_body())
        };
        let members = Members::read(response.text()).ok_or_else(unusable)?;
        let token = members
            .text("access_token")
            .filter(|token| !token.is_empty())
            .ok_or_else(unusable)?;
        let life = members.json("expires_in").and_then(lifetime);
        Ok(Self::new(SecretString::from(token), serial, life))
    }
}

/// All that looks like a credential in a response of the token endpoint, which may repeat one in its headers,
/// give one with an error, or name it as nobody expects.
///
/// # Errors
/// The body has so many that no part of it can be shown.
pub(crate) fn issued(response: &Response) -> Result<Vec<SecretString>, TooMany> {
    let members = Members::read(response.text());
    let names = ["access_token", "refresh_token", "id_token"];
    // These are credentials whatever they consist of.
    let tokens = names.iter().filter_map(|name| members.as_ref()?.text(name));
    let mut found: Vec<_> = tokens.collect();
    found.extend(credentials(response.text())?);
    for (name, value) in response.headers() {
        found.extend(credentials_in_header(name, value)?);
    }
    Ok(found.into_iter().map(SecretString::from).collect())
}

/// The lifetime in an `expires_in`, a number or a text; `None` for what is not a time to come.
fn lifetime(expires_in: &str) -> Option<Duration> {
    const LONGEST: f64 = 31_536_000.0;
    let seconds: f64 = expires_in.trim_matches(['"', ' ']).parse().ok()?;
    (seconds > 0.0).then(|| Duration::from_secs_f64(seconds.min(LONGEST)))
}

fn is_past(moment: Option<Instant>, now: Instant) -> bool {
    moment.is_some_and(|moment| moment <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token endpoint's response with a token that expires after 100 s.
    fn granted(token: &str) -> Response {
        let body = format!(r#"{{"access_token":"{token}","expires_in":100}}"#);
        Response::new(200, Vec::new(), body.into_bytes())
    }

    #[test]
    fn c47_a_lifetime_in_any_form_or_none() {
        for (expires_in, seconds) in [
            ("749", Some(749.0)),
            (r#""749""#, Some(749.0)),
            (r#"" 749 ""#, Some(749.0)),
            ("749.5", Some(749.5)),
            (r#""7.49e2""#, Some(749.0)),
            ("1e999", Some(31_536_000.0)),
            (r#""""#, None),
            ("0", None),
            (r#""0""#, None),
            ("-1", None),
            (r#""-1""#, None),
            ("null", None),
            ("true", None),
            (r#""soon""#, None),
            (r#""nan""#, None),
            ("[749]", None),
            (r#"{"seconds":749}"#, None),
        ] {
            let body = format!(
                r#"{{"expires_in":{expires_in},"access_token":"a","expires_in":{expires_in}}}"#
            );
            let response = Response::new(200, Vec::new(), body.into_bytes());
            let before = Instant::now();
            let token = Token::read(&response, 1).unwrap();
            assert_eq!(token.secret.expose_secret(), "a");
            let life = token
                .ends_at
                .map(|end| end.duration_since(before).as_secs_f64());
            assert_eq!(
                life.map(f64::round),
                seconds.map(f64::round),
                "{expires_in}"
            );
        }
    }

    async fn hangs() -> Result<Response, NoToken> {
        std::future::pending().await
    }

    #[tokio::test(start_paused = true)]
    async fn a_renewal_that_hangs_delays_no_caller_while_the_token_is_valid() {
        let source = TokenSource::new(&Credentials::default());
        let first = source.get(None, async || Ok(granted("a"))).await.unwrap();
        tokio::time::advance(Duration::from_secs(91)).await;
        let started = Instant::now();
        // The first one tries to renew for a short while; the other one proceeds at once.
        let (renewing, other) = tokio::join!(source.get(None, hangs), source.get(None, hangs));
        assert_eq!(
            (renewing.unwrap().serial, other.unwrap().serial),
            (first.serial, first.serial)
        );
        assert_eq!(started.elapsed(), BRIEF);
        // The next renewal is postponed.
        assert_eq!(source.get(None, hangs).await.unwrap().serial, first.serial);
        assert_eq!(started.elapsed(), BRIEF);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_early_and_once() {
        let source = TokenSource::new(&Credentials::default());
        let first = source.get(None, async || Ok(granted("a"))).await.unwrap();
        tokio::time::advance(Duration::from_secs(89)).await;
        assert_eq!(source.get(None, hangs).await.unwrap().serial, first.serial);
        tokio::time::advance(Duration::from_secs(2)).await;
        let second = source.get(None, async || Ok(granted("b"))).await.unwrap();
        assert_eq!(second.serial, first.serial + 1);
        assert_eq!(source.get(None, hangs).await.unwrap().serial, second.serial);
    }
}

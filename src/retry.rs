//! When a request is tried again, and after how long.

use std::time::{Duration, SystemTime};

use reqwest::Method;

use crate::answer::Answer;
use crate::settings::Settings;

/// The longest wait that is chosen here; a tenant's `Retry-After` may be longer.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Retries of what seldom passes by itself: a 500, a connection that is refused.
const FEW: u32 = 3;

/// A wait that no deadline reaches, for a `Retry-After` beyond reason.
pub(crate) const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// What became of one try.
pub(crate) enum Outcome<'a> {
    Answered(&'a Answer),
    /// No connection was made: the request certainly did not arrive.
    NotSent,
    /// The connection ended before the whole answer was there.
    Broken,
    /// Nothing that another try would change: a certificate, a deadline.
    Final,
}

/// The retries of one call: how many are left and how long the next wait is.
pub(crate) struct Retries {
    left: u32,
    few_left: u32,
    wait: Duration,
    pub made: u32,
}

/// Why a call waits before its next try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pause {
    /// The tenant limits the rate: the client's other requests wait too.
    Everyone(Duration),
    ThisCall(Duration),
}

impl Retries {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            left: settings.maximum_retry_count,
            few_left: FEW,
            wait: settings.retry_interval,
            made: 0,
        }
    }

    /// Whether and when to try again after this outcome. Uses up a retry if so.
    pub(crate) fn after(&mut self, method: &Method, outcome: &Outcome<'_>) -> Option<Pause> {
        // A token request changes nothing, so a POST is as repeatable as a GET.
        let repeatable = *method != Method::PATCH;
        let few = match outcome {
            Outcome::Answered(answer) => match answer.status() {
                429 => {
                    return self.take(false).then(|| {
                        let wait = retry_after(answer).unwrap_or_else(|| self.next_wait());
                        Pause::Everyone(wait)
                    });
                }
                502..=504 if repeatable => false,
                500 if repeatable => true,
                _ => return None,
            },
            Outcome::NotSent => true,
            Outcome::Broken if repeatable => false,
            Outcome::Broken | Outcome::Final => return None,
        };
        self.take(few).then(|| Pause::ThisCall(self.next_wait()))
    }

    /// Uses up a retry, if there is one.
    pub(crate) fn take(&mut self, few: bool) -> bool {
        if self.left == 0 || (few && self.few_left == 0) {
            return false;
        }
        self.left -= 1;
        self.few_left -= u32::from(few);
        self.made += 1;
        true
    }

    /// Takes back a retry for which there is no time any more.
    pub(crate) fn give_back(&mut self) {
        self.left += 1;
        self.made -= 1;
    }

    /// Half to all of a wait that doubles, so that clients that failed together part.
    fn next_wait(&mut self) -> Duration {
        let wait = self.wait;
        self.wait = (wait * 2).min(LONGEST_WAIT.max(wait));
        wait.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

/// The wait the tenant asks for, in seconds or until a date; `None` for anything else.
pub(crate) fn retry_after(answer: &Answer) -> Option<Duration> {
    let text = answer.header("retry-after")?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(FOR_EVER));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    // Measured on the tenant's clock where it tells the time: ours may be wrong.
    let now = answer
        .header("date")
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(SystemTime::now);
    Some(until.duration_since(now).unwrap_or_default().min(FOR_EVER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retries(settings: &str) -> Retries {
        let all =
            format!(r#"{{"BaseUrl":"https://t.test","Token":"t","Environment":{{}},{settings}}}"#);
        Retries::new(&Settings::from_json(&all).unwrap())
    }

    fn answer(status: u16, headers: &[(&str, &str)]) -> Answer {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Answer::new(status, headers, Vec::new())
    }

    fn tries(method: Method, status: u16) -> u32 {
        let mut retries = retries(r#""MaximumRetryCount":5,"RetryIntervalSeconds":0"#);
        let answer = answer(status, &[]);
        while retries
            .after(&method, &Outcome::Answered(&answer))
            .is_some()
        {}
        retries.made + 1
    }

    #[test]
    fn the_table() {
        for (method, status, expected) in [
            (Method::GET, 429, 6),
            (Method::HEAD, 429, 6),
            (Method::PATCH, 429, 6),
            (Method::POST, 429, 6),
            (Method::GET, 502, 6),
            (Method::HEAD, 503, 6),
            (Method::GET, 504, 6),
            (Method::GET, 500, 4),
            (Method::PATCH, 500, 1),
            (Method::PATCH, 502, 1),
            (Method::PATCH, 503, 1),
            (Method::GET, 501, 1),
            (Method::GET, 400, 1),
            (Method::GET, 404, 1),
            (Method::GET, 408, 1),
        ] {
            assert_eq!(tries(method.clone(), status), expected, "{method} {status}");
        }
    }

    #[test]
    fn a_patch_is_repeated_only_when_it_did_not_arrive() {
        let mut retries = retries(r#""RetryIntervalSeconds":0"#);
        assert!(retries.after(&Method::PATCH, &Outcome::Broken).is_none());
        assert!(retries.after(&Method::PATCH, &Outcome::NotSent).is_some());
        assert!(retries.after(&Method::GET, &Outcome::Broken).is_some());
        assert!(retries.after(&Method::GET, &Outcome::Final).is_none());
    }

    #[test]
    fn retry_after_in_every_form() {
        let date = "Tue, 24 Nov 2026 10:00:00 GMT";
        let at =
            |header: &str| retry_after(&answer(429, &[("retry-after", header), ("date", date)]));
        let seconds = |count| Some(Duration::from_secs(count));
        assert_eq!(at("2"), seconds(2));
        assert_eq!(at(" 0 "), seconds(0));
        assert_eq!(at("Tue, 24 Nov 2026 10:00:07 GMT"), seconds(7));
        assert_eq!(at("Tue, 24 Nov 2026 09:00:00 GMT"), seconds(0));
        assert_eq!(at("99999999999999999999999"), Some(FOR_EVER));
        for nonsense in ["", "soon", "-1", "1.5", "Tue, 99 Nov 2026 10:00:00 GMT"] {
            assert_eq!(at(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn waits_grow_with_jitter_to_a_limit() {
        let mut retries = retries(r#""MaximumRetryCount":9,"RetryIntervalSeconds":2"#);
        for full in [2.0, 4.0, 8.0, 16.0, 30.0, 30.0] {
            let outcome = answer(503, &[]);
            let Some(Pause::ThisCall(wait)) =
                retries.after(&Method::GET, &Outcome::Answered(&outcome))
            else {
                panic!("no retry");
            };
            assert!(
                (full / 2.0..=full).contains(&wait.as_secs_f64()),
                "{wait:?} of {full}"
            );
        }
    }

    #[test]
    fn no_retries_means_one_request() {
        let mut retries = retries(r#""MaximumRetryCount":0"#);
        let outcome = answer(429, &[("retry-after", "1")]);
        assert_eq!(
            retries.after(&Method::GET, &Outcome::Answered(&outcome)),
            None
        );
        assert!(!retries.take(false));
    }
}

//! Whether a request is retried, and after which wait.

use std::time::{Duration, SystemTime};

use super::failure::Failure;
use crate::response::Response;
use crate::settings::Settings;

/// The longest growing wait; a tenant's `Retry-After` may be longer.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Retries after a failure that seldom goes away by itself: a 500, a refused connection, a server
/// that does not speak HTTP.
const FEW: u32 = 3;

/// The longest `Retry-After` that is taken as it is: longer than any call may run.
pub(crate) const FOREVER: Duration = Duration::from_secs(365 * 24 * 3600);

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

    /// The wait before the next try, or `None` if this result is final. Uses up a retry.
    ///
    /// A request that is not retry-safe is repeated only where it certainly changed nothing. As long
    /// as nothing was ever reached at the address, a refused connection or an unknown name means
    /// that the address is wrong; later it means an outage, which passes.
    pub(crate) fn after(
        &mut self,
        retry_safe: bool,
        was_reached: bool,
        result: &Result<Response, Failure>,
    ) -> Option<Pause> {
        let few = match result {
            Ok(response) => match response.status() {
                429 => {
                    return self
                        .take(false)
                        .then(|| Pause::Everyone(self.next_wait_for(response)));
                }
                503 if retry_safe => {
                    return self
                        .take(false)
                        .then(|| Pause::ThisCall(self.next_wait_for(response)));
                }
                status if retry_safe && is_transient(status) => status == 500,
                _ => return None,
            },
            Err(Failure::NotSent(_)) => !was_reached,
            Err(Failure::Silent(_)) => {
                return self.take(false).then_some(Pause::ThisCall(Duration::ZERO));
            }
            Err(Failure::Broken(_)) if retry_safe => false,
            Err(Failure::Unreadable(_)) if retry_safe => true,
            Err(Failure::Broken(_) | Failure::Unreadable(_) | Failure::Final(_)) => return None,
        };
        self.take(few).then(|| Pause::ThisCall(self.next_wait()))
    }

    /// Whether the next try is the first one and another may follow.
    pub(crate) fn is_first_of_several(&self) -> bool {
        self.made == 0 && self.left > 0
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

    /// Returns a retry that there was no time left to make.
    pub(crate) fn give_back(&mut self) {
        self.left += 1;
        self.made -= 1;
    }

    /// The wait that the tenant asks for, but at least the growing one: some ask for 0 s again and
    /// again.
    fn next_wait_for(&mut self, response: &Response) -> Duration {
        self.next_wait()
            .max(retry_after(response).unwrap_or_default())
    }

    /// The wait doubles each time. A random part of it, half to all, keeps clients that failed at the
    /// same moment from retrying at the same moment.
    fn next_wait(&mut self) -> Duration {
        let wait = self.wait;
        self.wait = (wait * 2).min(LONGEST_WAIT.max(wait));
        wait.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

/// Whether the same request may succeed later after this status. Gateways that cannot reach the
/// tenant send 520 to 524.
pub(crate) fn is_transient(status: u16) -> bool {
    matches!(status, 429 | 500 | 502..=504 | 520..=524)
}

/// The wait that `Retry-After` asks for, in seconds or until a date; `None` for anything else.
pub(crate) fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.header("retry-after")?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(FOREVER));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    // Measured by the tenant's clock if it sent its time: this machine's may be wrong.
    let now = response
        .header("date")
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(SystemTime::now);
    Some(until.duration_since(now).unwrap_or_default().min(FOREVER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn retries(settings: &str) -> Retries {
        let all =
            format!(r#"{{"BaseUrl":"https://t.test","Token":"t","Environment":{{}},{settings}}}"#);
        Retries::new(&Settings::from_json(&all).unwrap())
    }

    fn response(status: u16, headers: &[(&str, &str)]) -> Response {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Response::new(status, headers, Vec::new())
    }

    fn tries(retry_safe: bool, status: u16) -> u32 {
        let mut retries = retries(r#""MaximumRetryCount":5,"RetryIntervalSeconds":0"#);
        let result = Ok(response(status, &[]));
        while retries.after(retry_safe, true, &result).is_some() {}
        retries.made + 1
    }

    #[test]
    fn the_table() {
        for (retry_safe, status, expected) in [
            (true, 429, 6),
            (false, 429, 6),
            (true, 502, 6),
            (true, 503, 6),
            (true, 504, 6),
            (true, 522, 6),
            (true, 500, 4),
            (false, 500, 1),
            (false, 502, 1),
            (false, 503, 1),
            (true, 501, 1),
            (true, 400, 1),
            (true, 404, 1),
            (true, 408, 1),
        ] {
            assert_eq!(
                tries(retry_safe, status),
                expected,
                "{status}, retry-safe: {retry_safe}"
            );
        }
    }

    #[test]
    fn a_change_is_retried_only_when_it_was_not_sent() {
        let mut retries = retries(r#""RetryIntervalSeconds":0"#);
        let error = || Error::settings("a failure");
        let mut is_repeated =
            |retry_safe, failure| retries.after(retry_safe, true, &Err(failure)).is_some();
        assert!(!is_repeated(false, Failure::Broken(error())));
        assert!(is_repeated(false, Failure::NotSent(error())));
        assert!(is_repeated(true, Failure::Broken(error())));
        assert!(!is_repeated(true, Failure::Final(error())));
    }

    #[test]
    fn an_address_that_was_never_reached_gets_few_tries() {
        for (was_reached, made) in [(false, FEW), (true, 9)] {
            for retry_safe in [false, true] {
                let mut retries = retries(r#""MaximumRetryCount":9,"RetryIntervalSeconds":0"#);
                let refused = || Err(Failure::NotSent(Error::settings("refused")));
                while retries.after(retry_safe, was_reached, &refused()).is_some() {}
                assert_eq!(retries.made, made, "{was_reached} {retry_safe}");
            }
        }
    }

    #[test]
    fn a_wait_asked_for_is_at_least_the_growing_wait() {
        let date = ("date", "Tue, 24 Nov 2026 10:00:00 GMT");
        for status in [429, 503] {
            for (asked, seconds) in [
                ("0", 0),
                ("Tue, 24 Nov 2026 10:00:00 GMT", 0),
                ("Tue, 24 Nov 2026 09:00:00 GMT", 0),
                ("20", 20),
                ("Tue, 24 Nov 2026 10:00:20 GMT", 20),
            ] {
                let mut retries = retries(r#""MaximumRetryCount":9,"RetryIntervalSeconds":2"#);
                let result = Ok(response(status, &[("retry-after", asked), date]));
                for full in [2, 4, 8, 16, 30] {
                    let (Pause::Everyone(wait) | Pause::ThisCall(wait)) =
                        retries.after(true, true, &result).unwrap();
                    let least = Duration::from_secs(seconds.max(full / 2));
                    let most = Duration::from_secs(seconds.max(full));
                    assert!((least..=most).contains(&wait), "{status} {asked}: {wait:?}");
                }
            }
        }
    }

    #[test]
    fn retry_after_in_every_form() {
        let date = "Tue, 24 Nov 2026 10:00:00 GMT";
        let at =
            |header: &str| retry_after(&response(429, &[("retry-after", header), ("date", date)]));
        let seconds = |count| Some(Duration::from_secs(count));
        assert_eq!(at("2"), seconds(2));
        assert_eq!(at(" 0 "), seconds(0));
        assert_eq!(at("Tue, 24 Nov 2026 10:00:07 GMT"), seconds(7));
        assert_eq!(at("Tue, 24 Nov 2026 09:00:00 GMT"), seconds(0));
        assert_eq!(at("99999999999999999999999"), Some(FOREVER));
        for nonsense in ["", "soon", "-1", "1.5", "Tue, 99 Nov 2026 10:00:00 GMT"] {
            assert_eq!(at(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn waits_grow_with_jitter_to_a_limit() {
        let mut retries = retries(r#""MaximumRetryCount":9,"RetryIntervalSeconds":2"#);
        for full in [2.0, 4.0, 8.0, 16.0, 30.0, 30.0] {
            let Some(Pause::ThisCall(wait)) = retries.after(true, true, &Ok(response(503, &[])))
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
        let limited = Ok(response(429, &[("retry-after", "1")]));
        assert_eq!(retries.after(true, true, &limited), None);
        assert!(!retries.take(false));
    }
}

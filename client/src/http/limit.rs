//! A tenant's rate limit, as far as its refusals tell: so many requests in a window of so many seconds.
//!
//! A *cycle* is what is sent between two holds: it begins with an empty window. Its first refusal says how
//! many requests the window takes and, with `Retry-After`, how long it is. A single refusal may have
//! other reasons, so two cycles in a row must say the same, unless it is what SailPoint documents.

use std::time::Duration;

use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// SailPoint's limit, as documented.
const DOCUMENTED: Limit = Limit {
    requests: 100,
    window: Duration::from_secs(10),
};

/// A limit of fewer requests is not learned. Few refusals of an overloaded gateway look like one too
/// easily, and a wrong one would slow a tenant that has none.
const FEWEST: usize = 20;

/// The longest window of a limit that is learned.
const LONGEST: Duration = Duration::from_secs(60);

/// So many requests are accepted in any window of this length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limit {
    pub requests: usize,
    pub window: Duration,
}

/// What one cycle said, or two that agree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observation {
    requests: usize,
    /// The window is longer than this,
    longer_than: Duration,
    /// and at most this long.
    at_most: Duration,
}

/// The requests since the latest hold.
#[derive(Debug, Default)]
pub(super) struct Cycle {
    first_sent: Option<Instant>,
    first_accepted: Option<Instant>,
    accepted: usize,
    refusal: Option<(Duration, Duration)>,
}

impl Cycle {
    pub(super) fn sent(&mut self, now: Instant) {
        self.first_sent.get_or_insert(now);
    }

    pub(super) fn accepted(&mut self, now: Instant) {
        self.first_accepted.get_or_insert(now);
        self.accepted += 1;
    }

    /// The tenant refused a request that was sent then, and asks to wait. `Retry-After` has whole seconds,
    /// so the window may end up to a second earlier.
    pub(super) fn refused(&mut self, sent: Instant, now: Instant, wait: Duration) {
        let (Some(first_sent), Some(first_accepted)) = (self.first_sent, self.first_accepted)
        else {
            return;
        };
        // The tenant counted the first request, and refused this one, between sending and the response.
        let least = sent.saturating_duration_since(first_accepted) + wait;
        let most = now.saturating_duration_since(first_sent) + wait;
        self.refusal
            .get_or_insert((least.saturating_sub(SECOND), most));
    }

    pub(super) fn observation(&self) -> Option<Observation> {
        let (longer_than, at_most) = self.refusal?;
        Some(Observation {
            requests: self.accepted,
            longer_than,
            at_most,
        })
    }
}

impl Observation {
    /// What both say, if they agree.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        let few = self.requests.min(other.requests);
        let longer_than = self.longer_than.max(other.longer_than);
        let at_most = self.at_most.min(other.at_most);
        let agree = self.requests.abs_diff(other.requests) <= few / 10 && longer_than < at_most;
        agree.then_some(Self {
            requests: few,
            longer_than,
            at_most,
        })
    }

    pub(super) fn is_as_documented(&self) -> bool {
        let Limit { requests, window } = DOCUMENTED;
        (requests - requests / 20..=requests).contains(&self.requests)
            && self.limit().is_some_and(|limit| limit.window == window)
    }

    /// The window turned out to be longer.
    pub(super) fn but_longer(self, than: Duration) -> Self {
        Self {
            longer_than: self.longer_than.max(than),
            ..self
        }
    }

    /// The limit that fits. Windows have whole seconds; the shortest one delays nobody.
    pub(super) fn limit(&self) -> Option<Limit> {
        let fits = |window: &Duration| *window > self.longer_than && *window <= self.at_most;
        let shortest = Duration::from_secs(self.longer_than.as_secs() + 1);
        let window = [DOCUMENTED.window, shortest].into_iter().find(fits)?;
        (self.requests >= FEWEST && window <= LONGEST).then_some(Limit {
            requests: self.requests,
            window,
        })
    }
}

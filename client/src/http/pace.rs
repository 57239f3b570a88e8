//! The rate limit of a tenant: holds requests back while it lasts.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::locks::lock;
use crate::response::Response;

/// The longest hold: one odd `Retry-After` must not stop the whole process.
pub(crate) const LONGEST_HOLD: Duration = Duration::from_secs(300);

/// Until when requests wait; shared by all clients with the same credentials.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    hold: Mutex<Option<Hold>>,
}

/// Requests wait until this moment.
#[derive(Debug, Clone)]
pub(crate) struct Hold {
    pub until: Instant,
    pub cause: Arc<Cause>,
}

/// The response that limits the rate, its secrets masked.
#[derive(Debug)]
pub(crate) struct Cause {
    /// Method and address.
    pub request: String,
    pub response: Response,
}

impl Pace {
    /// Holds every request back for this long, unless a longer hold is in force.
    pub(crate) fn hold(&self, wait: Duration, cause: impl FnOnce() -> Cause) {
        let until = Instant::now() + wait.min(LONGEST_HOLD);
        let mut hold = lock(&self.hold);
        if hold.as_ref().is_none_or(|hold| hold.until < until) {
            let cause = Arc::new(cause());
            *hold = Some(Hold { until, cause });
        }
    }

    /// The current hold, if there is one.
    pub(crate) fn current(&self) -> Option<Hold> {
        let mut hold = lock(&self.hold);
        hold.take_if(|hold| hold.until <= Instant::now());
        hold.clone()
    }
}

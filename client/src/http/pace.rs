//! The rate limit of a tenant: holds requests back while it lasts.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use crate::locks::lock;

/// The longest hold: one odd `Retry-After` must not stop the whole process.
const LONGEST_HOLD: Duration = Duration::from_secs(300);

/// Until when requests wait; shared by all clients with the same credentials.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    held_until: Mutex<Option<Instant>>,
}

impl Pace {
    /// Holds every request back for this long, unless a longer hold is in force.
    pub(crate) fn hold(&self, wait: Duration) {
        let until = Instant::now() + wait.min(LONGEST_HOLD);
        let mut held = lock(&self.held_until);
        *held = (*held).max(Some(until));
    }

    /// When the current hold ends, if there is one.
    pub(crate) fn held_until(&self) -> Option<Instant> {
        lock(&self.held_until).filter(|until| *until > Instant::now())
    }
}

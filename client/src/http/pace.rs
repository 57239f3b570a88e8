//! Holds a client's requests back while the tenant limits its rate.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use crate::locks::lock;

/// The longest hold: one odd `Retry-After` must not end the work of the whole process.
const LONGEST_HOLD: Duration = Duration::from_secs(300);

/// Until when requests wait; shared by all that use the same credentials.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    held_until: Mutex<Option<Instant>>,
}

impl Pace {
    /// Holds every request back for this long; a longer hold already in force stays.
    pub(crate) fn hold(&self, wait: Duration) {
        let until = Instant::now() + wait.min(LONGEST_HOLD);
        let mut held = lock(&self.held_until);
        *held = (*held).max(Some(until));
    }

    /// When requests may go on, if they are held back now.
    pub(crate) fn held_until(&self) -> Option<Instant> {
        lock(&self.held_until).filter(|until| *until > Instant::now())
    }
}

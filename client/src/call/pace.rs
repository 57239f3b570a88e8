//! Waits for the tenant's rate limit.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::Call;
use super::outcome::with_hold;
use crate::error::{Error, messages};
use crate::events::RetryEvent;
use crate::http::{Cause, Hold, Pass};

impl<'a> Call<'a> {
    /// Waits until the tenant's rate limit no longer holds requests back and, if it is known, has room for
    /// another one.
    pub(super) async fn wait_for_pace(
        &mut self,
        is_counted: bool,
    ) -> Result<Option<Pass<'a>>, Error> {
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

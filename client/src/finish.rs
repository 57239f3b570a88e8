//! Lets calls end what they have sent, and send nothing more.

use std::sync::Arc;

use tokio::sync::watch;

/// Tells calls to send nothing more: a request that is on its way gets its response, but is not tried
/// again. Clones tell the same calls.
///
/// With it a program ends changes without leaving open whether they were made, as dropping their futures
/// would. Give it to [`Client::run_with`](crate::Client::run_with) or
/// [`TaskResults::finished_by`](crate::TaskResults::finished_by).
#[derive(Debug, Clone, Default)]
pub struct Finish(Arc<watch::Sender<bool>>);

impl Finish {
    /// Tells the calls, from any thread and for good.
    pub fn finish(&self) {
        self.0.send_replace(true);
    }

    /// Whether the calls were told.
    pub fn is_finished(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the calls are told.
    pub async fn finished(&self) {
        // The sender is in `self`, so the wait has no error.
        _ = self
            .0
            .subscribe()
            .wait_for(|is_finished| *is_finished)
            .await;
    }
}

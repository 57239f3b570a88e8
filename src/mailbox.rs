//! The messages of a call, from the worker that runs it to the thread that waits for them.
//!
//! The reader waits without a runtime, so that a message wakes the reader alone.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use v2024_task_management::host::lock;

/// The end that receives.
pub(crate) struct Mailbox<T>(Arc<Shared<T>>);

/// An end that sends. When all of them are dropped, no more messages come.
pub(crate) struct Sender<T>(Arc<Shared<T>>);

struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    messages: VecDeque<T>,
    senders: usize,
}

/// What [`Mailbox::next`] found.
pub(crate) enum Received<T> {
    Message(T),
    /// Nothing came in time.
    Nothing,
    /// No more messages will come.
    Over,
}

/// A mailbox and its first sender.
pub(crate) fn mailbox<T>() -> (Sender<T>, Mailbox<T>) {
    let shared = Arc::new(Shared {
        state: Mutex::new(State {
            messages: VecDeque::new(),
            senders: 1,
        }),
        changed: Condvar::new(),
    });
    (Sender(Arc::clone(&shared)), Mailbox(shared))
}

impl<T> Mailbox<T> {
    /// The next message. Waits at most this long; `None` means forever.
    pub(crate) fn next(&self, timeout: Option<Duration>) -> Received<T> {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = lock(&self.0.state);
        loop {
            if let Some(message) = state.messages.pop_front() {
                return Received::Message(message);
            }
            if state.senders == 0 {
                return Received::Over;
            }
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Received::Nothing;
            }
            // Without a deadline it wakes up once an hour, which is harmless.
            let left = left.unwrap_or(Duration::from_secs(3600));
            let waited = self.0.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl<T> Sender<T> {
    pub(crate) fn send(&self, message: T) {
        lock(&self.0.state).messages.push_back(message);
        self.0.changed.notify_one();
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        lock(&self.0.state).senders += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.senders -= 1;
        if state.senders == 0 {
            drop(state);
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_in_order_until_the_last_sender_is_gone() {
        let (first, mailbox) = mailbox();
        let second = first.clone();
        assert!(matches!(
            mailbox.next(Some(Duration::ZERO)),
            Received::Nothing
        ));
        first.send(1);
        drop(first);
        let sending = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            second.send(2);
        });
        assert!(matches!(mailbox.next(None), Received::Message(1)));
        assert!(matches!(mailbox.next(None), Received::Message(2)));
        assert!(matches!(mailbox.next(None), Received::Over));
        sending.join().unwrap();
    }
}

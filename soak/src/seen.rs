//! Counts what went wrong with single requests, most of which is retried and so hidden from the call.

use std::sync::Mutex;

use anyhow::{Result, bail};
use v2024_task_management::events::{Observer, RequestEvent};
use v2024_task_management::{Error, ErrorKind};

use crate::heads;
use crate::ledger::{Ledger, lock};

/// The requests of one call.
pub struct Seen<'a> {
    ledger: &'a Ledger,
    wrong: Mutex<Option<anyhow::Error>>,
}

impl<'a> Seen<'a> {
    pub fn new(ledger: &'a Ledger) -> Self {
        Self {
            ledger,
            wrong: Mutex::default(),
        }
    }

    /// Fails if the client read a response wrong, or a request failed in a way that this tenant cannot
    /// cause.
    pub fn check(self) -> Result<()> {
        lock(&self.wrong).take().map_or(Ok(()), Err)
    }

    fn count(&self, event: &RequestEvent<'_>) -> Result<()> {
        match event.result {
            Ok(response) => {
                if let Some(odd) = heads::check(response)? {
                    self.ledger.seen(odd);
                }
                if response.status() != 200 {
                    self.ledger.seen(&format!("status {}", response.status()));
                }
            }
            Err(error) => self.ledger.seen(failure(error)?),
        }
        Ok(())
    }
}

impl Observer for Seen<'_> {
    fn request(&self, event: &RequestEvent<'_>) {
        if let Err(error) = self.count(event) {
            lock(&self.wrong).get_or_insert(error);
        }
    }
}

/// How a request failed without a whole response. The kinds of errors are too coarse for this.
fn failure(error: &Error) -> Result<&'static str> {
    let says = |words| error.message().contains(words);
    Ok(match error.kind() {
        ErrorKind::Timeout if says("(AttemptTimeoutSeconds)") => "dead connection",
        ErrorKind::Timeout => "deadline",
        ErrorKind::InvalidResponse if says("was cut off") => "cut off",
        ErrorKind::Connect if says("is not HTTP") => "not HTTP",
        ErrorKind::Connect if says("cannot connect") => "not connected",
        ErrorKind::Connect if says("reset") => "reset",
        ErrorKind::Connect if says("ended before a response came") => "closed",
        // A head that cannot be read is among these: every head that this tenant sends can be.
        _ => bail!("this failure of a request is unexpected: {error}"),
    })
}

//! HTTP: one try, its retries, the rate limit, the token. Nothing here depends on the API's operations.

mod failure;
mod pace;
mod proxy;
mod registry;
mod retry;
mod tls;
mod token;
mod transport;

pub(crate) use failure::Failure;
pub(crate) use pace::Pace;
pub(crate) use registry::Registry;
pub(crate) use retry::{Pause, Retries, is_transient};
pub(crate) use token::{Token, TokenSource};
pub(crate) use transport::{Outgoing, Transport};

#[cfg(any(fuzzing, test))]
pub(crate) use retry::{FOREVER, retry_after};

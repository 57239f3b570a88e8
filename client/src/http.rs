//! HTTP: one try, its retries, the rate limit, the token. Nothing here depends on the API's operations.

mod failure;
mod limit;
mod pace;
mod proxy;
mod registry;
mod retry;
mod schemes;
mod tls;
mod token;
mod transport;

pub(crate) use failure::Failure;
pub(crate) use pace::{Cause, Hold, LONGEST_HOLD, Pace, Pass};
pub(crate) use registry::Registry;
pub(crate) use retry::{Pause, Retries, is_about_content, is_transient, retry_after};
pub(crate) use token::{NoToken, Token, TokenSource, issued};
pub(crate) use transport::{Outgoing, Transport};

#[cfg(any(fuzzing, test))]
pub(crate) use retry::FOREVER;

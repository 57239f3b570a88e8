//! How secrets are kept, found, masked, compared, hashed and sealed. No other module does any of this. Which settings
//! are secret is in `settings/table.rs`.

mod credentials;
mod escapes;
mod fingerprint;
mod json;
mod logins;
mod masks;
mod needles;
pub(crate) mod sealed;
mod string;

pub(crate) use credentials::{TooMany, credentials, credentials_in_header};
pub(crate) use fingerprint::{Fingerprint, Fingerprinter};
pub(crate) use masks::Masks;
pub(crate) use string::{ExposeSecret, MASK, SecretString, basic};

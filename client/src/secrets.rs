//! How secrets are kept, masked, compared and hashed. No other module does any of this. Which settings are
//! secret is in `settings/table.rs`.

mod escapes;
mod fingerprint;
mod json;
mod masks;
mod needles;
mod string;

pub(crate) use fingerprint::{Fingerprint, Fingerprinter};
pub(crate) use masks::Masks;
pub(crate) use string::{ExposeSecret, MASK, SecretString, basic};

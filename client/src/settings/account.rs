//! The account of the `sail` command line that its settings file names.

/// The active environment: the keyring has its secrets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Account {
    /// In lower case, as `sail` uses it.
    pub environment: String,
    /// Whether `sail` logs in through a browser, and so has an access token and no client.
    pub uses_oauth: bool,
}

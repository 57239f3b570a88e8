//! The kinds of errors.

/// The kind of an [`Error`](crate::Error). New kinds may be added.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// An argument was refused before any request was sent: an invalid limit, offset, id, filter or
    /// JSON Patch. Lasts until the argument is corrected.
    InvalidArgument,
    /// A setting is missing or unusable. Making [`Settings`](crate::Settings) or a
    /// [`Client`](crate::Client) gives this before any request, until the setting is corrected.
    Settings,
    /// The token endpoint refused the client id or secret, or gave no usable token; or the given
    /// `Token` has expired. Correct `ClientId` and `ClientSecret`, or give a new `Token`.
    Authentication,
    /// The tenant, or the proxy before it, could not be reached, or closed the connection before a
    /// response arrived. Reading operations are retried first, up to `MaximumRetryCount` times;
    /// `ConnectTimeoutSeconds` is how long one connection may take.
    Connect,
    /// TLS failed, most often because a certificate is not trusted. `CertificateAuthority` names a
    /// file of further certificates to trust.
    Tls,
    /// The call did not end within `TimeoutSeconds`, or a task did not finish within
    /// [`WaitOptions::timeout`](crate::WaitOptions). Raise that limit.
    Timeout,
    /// The caller cancelled the call. In Rust, dropping the future cancels a call, so only the C
    /// library gives this error, and [`TaskResults`](crate::TaskResults) when the tokio runtime ended
    /// on which they were requested.
    Cancelled,
    /// The response cannot be used: it was cut off, is too large, or is not JSON. Most often
    /// `BaseUrl` is not the API's address.
    InvalidResponse,
    /// The tenant responded with a status that is not a success; [`Error::status`](crate::Error)
    /// gives it. Reading operations are retried first: after 429, 502 to 504 and 520 to 524 up to
    /// `MaximumRetryCount` times, after a 500 up to three times. Updates are retried after a 429 alone.
    Http,
    /// A task disappeared during the wait for it. Only [`Waiting`](crate::Waiting) gives this, for a
    /// task that it had found before.
    Gone,
    /// The process or the system ran out of something the library needs: file descriptors, threads
    /// or memory. Close what the program holds open, or raise the limit (`ulimit -n`); the next call
    /// tries again.
    Resources,
    /// A listing ended before it could make sure that every task was delivered. What came before is
    /// correct. List again, with a filter that matches fewer tasks.
    Incomplete,
    /// A defect of this library; please report it. Only the C library gives this error, in which it
    /// reports a panic.
    Panic,
}

impl ErrorKind {
    /// Every kind. `Panic` stays the last variant, since the length of this array depends on it.
    pub const ALL: [Self; Self::Panic as usize + 1] = [
        Self::InvalidArgument,
        Self::Settings,
        Self::Authentication,
        Self::Connect,
        Self::Tls,
        Self::Timeout,
        Self::Cancelled,
        Self::InvalidResponse,
        Self::Http,
        Self::Gone,
        Self::Resources,
        Self::Incomplete,
        Self::Panic,
    ];

    /// The name of the kind in JSON: `error.code`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::Settings => "settings",
            Self::Authentication => "authentication",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Cancelled => "cancelled",
            Self::InvalidResponse => "invalid_response",
            Self::Http => "http",
            Self::Gone => "gone",
            Self::Resources => "resources",
            Self::Incomplete => "incomplete",
            Self::Panic => "panic",
        }
    }
}

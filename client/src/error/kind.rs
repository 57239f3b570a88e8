//! The kinds of errors.

/// The kind of an [`Error`](crate::Error). New kinds may be added.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// An argument was refused before any request was sent: a limit, offset, id, filter or JSON
    /// Patch out of bounds. Comes until the argument is corrected.
    InvalidArgument,
    /// A setting is missing or cannot be used. Comes from making [`Settings`](crate::Settings) or a
    /// [`Client`](crate::Client), before any request, until the setting is corrected.
    Settings,
    /// The token endpoint refused the client id or secret, or gave no usable token; or the given
    /// `Token` has expired. Correct `ClientId` and `ClientSecret`, or give a new `Token`.
    Authentication,
    /// The tenant, or the proxy before it, could not be reached, or closed the connection before a
    /// response came. Reading operations are tried again first, up to `MaximumRetryCount` times;
    /// `ConnectTimeoutSeconds` is how long one connection may take.
    Connect,
    /// TLS failed, most often because a certificate is not trusted. `CertificateAuthority` names a
    /// file of certificates to trust as well.
    Tls,
    /// The call did not end within `TimeoutSeconds`; or a task that was waited for did not end
    /// within [`WaitOptions::timeout`](crate::WaitOptions). Raise that limit.
    Timeout,
    /// The call was cancelled by its caller. In Rust a call is cancelled by dropping its future, so
    /// this comes from the C library alone.
    Cancelled,
    /// The response cannot be used: it was cut off, is too large, or is not JSON. Most often
    /// `BaseUrl` is not the API's address.
    InvalidResponse,
    /// The tenant responded with a status that is not a success; [`Error::status`](crate::Error)
    /// has it. 429 and 5xx come only after all retries (`MaximumRetryCount`).
    Http,
    /// A task that was waited for no longer exists. Comes from
    /// [`Waiting`](crate::Waiting) for a task that had been seen before.
    Gone,
    /// The process or the system ran out of something the library needs: file descriptors, threads
    /// or memory. Close what the program holds open, or raise the limit (`ulimit -n`); the next call
    /// tries again.
    Resources,
    /// A listing ended before it could make sure that every task was delivered. What came before is
    /// right. List again, with a filter that matches fewer tasks.
    Incomplete,
    /// A defect of this library; please report it. Comes from the C library alone, which turns a
    /// panic into this error.
    Panic,
}

impl ErrorKind {
    /// Every kind there is. `Panic` stays the last one, so that none can be forgotten here.
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

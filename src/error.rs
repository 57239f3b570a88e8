//! What can go wrong, in one type: a kind to branch on, a message to read, a hint to act on.

use std::fmt;

use crate::answer::Answer;

/// The kind of an [`Error`]; new kinds may be added.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// An argument was refused before any request was sent.
    InvalidArgument,
    /// A setting is missing or cannot be used.
    Settings,
    /// The token endpoint refused the client id or secret, or gave no usable token.
    Authentication,
    /// The tenant (or the proxy before it) could not be reached, or closed the connection
    /// before it answered.
    Connect,
    /// TLS failed: most often a certificate that is not trusted.
    Tls,
    /// The call did not end within `TimeoutSeconds`.
    Timeout,
    /// The call was cancelled.
    Cancelled,
    /// The answer cannot be used: cut off, or not JSON.
    InvalidResponse,
    /// The tenant answered with a status that is not a success.
    Http,
    /// A task that was waited for is not there any more.
    Gone,
    /// A defect of this library; please report it.
    Panic,
}

impl ErrorKind {
    /// The name that stands as `error.code` in an envelope.
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
            Self::Panic => "panic",
        }
    }
}

/// Why an operation has no result. Never holds a secret.
#[derive(Debug, Clone)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    answer: Option<Box<Answer>>,
}

/// The longest message, in characters: it may quote what the caller or the tenant wrote.
const LONGEST_MESSAGE: usize = 1000;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: brief(&message.into(), LONGEST_MESSAGE),
            hint: None,
            answer: None,
        }
    }

    pub(crate) fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidArgument, message)
    }

    pub(crate) fn settings(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Settings, message)
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn with_answer(mut self, answer: Answer) -> Self {
        self.answer = Some(Box::new(answer));
        self
    }

    /// Adds what came before, for example how often the request was tried.
    pub(crate) fn amend(mut self, addition: &str) -> Self {
        self.message.push_str(addition);
        self
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What happened, in the tenant's words where it gave some.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it, where a usual cause is known.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// What the tenant or its token endpoint answered, where it did.
    pub fn answer(&self) -> Option<&Answer> {
        self.answer.as_deref()
    }

    /// The HTTP status, where there was an answer.
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().map(|answer| answer.status())
    }

    /// The tenant's tracking id, for a support ticket.
    pub fn tracking_id(&self) -> Option<String> {
        self.answer.as_ref()?.tracking_id()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// A text of at most so many characters, and a mark where it was cut.
pub(crate) fn brief(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

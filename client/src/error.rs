//! The one error type: a kind to branch on, a message to read, a hint to act on.

mod kind;
pub(crate) mod messages;
mod source;

use std::fmt;

use crate::response::Response;
use crate::secrets::Masks;
use crate::text::{brief, printable};

pub use kind::ErrorKind;
use source::Source;

/// Why an operation has no result. Never holds a secret.
///
/// Branch on [`Error::kind`]. [`std::error::Error::source`] gives the causes one by one, as texts
/// only: the types behind them are not part of this crate's interface.
#[derive(Debug, Clone)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    // Boxed: errors are rare, and every `Result` is as large as they are.
    response: Option<Box<Response>>,
    source: Option<Box<Source>>,
}

/// The longest message, in characters. A message may quote the caller or the tenant at length.
const LONGEST_MESSAGE: usize = 1000;

impl Error {
    /// An error of a kind, for programs that report their own errors in the same form.
    ///
    /// The message is cut after 1,000 characters. Control characters in messages and hints are
    /// replaced by visible ones.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: brief(&message.into(), LONGEST_MESSAGE),
            hint: None,
            response: None,
            source: None,
        }
    }

    /// An error of the kind [`ErrorKind::InvalidArgument`].
    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidArgument, message)
    }

    pub(crate) fn settings(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Settings, message)
    }

    /// The same error with advice on what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(printable(&hint.into()).into_owned());
        self
    }

    pub(crate) fn with_response(mut self, response: Response) -> Self {
        self.response = Some(Box::new(response));
        self
    }

    /// Keeps the texts of another error's causes. Its own text is left out: it may contain an
    /// address with a password.
    pub(crate) fn with_source(mut self, error: &dyn std::error::Error) -> Self {
        self.source = error.source().map(|cause| Box::new(Source::of(cause)));
        self
    }

    /// Appends to the message, for example how many times the request was tried.
    pub(crate) fn amend(mut self, addition: &str) -> Self {
        // The tenant's words before it may be a sentence.
        if addition.starts_with(';') && self.message.ends_with('.') {
            self.message.pop();
        }
        self.message.push_str(&printable(addition));
        self
    }

    /// Masks the secrets that the words repeat. The response is masked already.
    pub(crate) fn mask(&mut self, masks: &Masks<'_>) {
        masks.words(&mut self.message);
        if let Some(hint) = &mut self.hint {
            masks.words(hint);
        }
        if let Some(source) = &mut self.source {
            source.mask(masks);
        }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What happened, with the tenant's own words if it sent any.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it, if the error has a usual cause.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The response of the tenant or of its token endpoint, if one arrived.
    pub fn response(&self) -> Option<&Response> {
        self.response.as_deref()
    }

    /// The HTTP status, if a response arrived.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status())
    }

    /// The tenant's tracking id, for a support ticket.
    pub fn tracking_id(&self) -> Option<String> {
        self.response.as_ref()?.tracking_id()
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

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

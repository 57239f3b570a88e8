//! The body of a response that reports an error.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Maybe;
use super::open_enum::open_enum;

/// The body of a response with an error status, `ErrorResponseDto` in the specification.
///
/// Tenants also send other objects, whose members are in `unknown`: `error` with status 401, `message` with 429, and
/// `detailMessage` with some 400s. A gateway in front of the tenant may send a body that is not JSON at all.
#[doc(alias = "ErrorResponseDto")]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[non_exhaustive]
pub struct ErrorResponse {
    /// The code of the error, finer than the HTTP status, such as `400.1 Bad Request Content`.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub detail_code: Maybe<String>,
    /// The id under which the vendor's support finds the error.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub tracking_id: Maybe<String>,
    /// The error in words, once for each language.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub messages: Maybe<Vec<ErrorMessage>>,
    /// More detail on the reasons.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub causes: Maybe<Vec<ErrorMessage>>,
    /// Members that the specification does not list, as received.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// An error in words, in one language; `ErrorMessageDto` in the specification.
#[doc(alias = "ErrorMessageDto")]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[non_exhaustive]
pub struct ErrorMessage {
    /// The language, such as `en-US`. The specification allows null.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub locale: Maybe<String>,
    /// Why it is in this language. The specification allows null.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub locale_origin: Maybe<LocaleOrigin>,
    /// The text.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub text: Maybe<String>,
    /// Members that the specification does not list, as received.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

open_enum! {
    /// How the tenant chose the language of an [`ErrorMessage`].
    LocaleOrigin {
        /// It is the tenant's default.
        Default = "DEFAULT",
        /// The request asked for it.
        Request = "REQUEST",
    }
}

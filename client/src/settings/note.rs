//! Notes: what a user should know about their settings although it is no error.

use serde::Serialize;

use crate::text;

/// The longest note, in characters: it may quote a path or a name from a file.
const LONGEST_NOTE: usize = 1000;

/// Something that was skipped or decided for the user when a client was made.
///
/// It is not an error: the client works. Show a warning to the user, the rest on request.
/// [`Settings::notes`](crate::Settings::notes) gives them. Never contains a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    code: NoteCode,
    message: String,
    #[serde(rename = "warning")]
    is_warning: bool,
}

/// What a [`Note`] is about. New codes may be added.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteCode {
    /// `file_skipped`: a settings file could not be read or parsed.
    FileSkipped,
    /// `setting_ignored`: a setting in a file is of the wrong type, has control characters, or is there twice.
    SettingIgnored,
    /// `unknown_name`: a name in a file is not a setting, but close to one.
    UnknownName,
    /// `certificates_skipped`: certificates that the environment names could not be read.
    CertificatesSkipped,
    /// `plain_http`: a file, not the user, allows plain http to another machine. A warning.
    PlainHttp,
    /// `folder_not_trusted`: `config.json` in the current folder leads secrets that are not its own, so an
    /// address, a proxy, certificates or `AllowHttp` in it are not used. A warning.
    FolderNotTrusted,
    /// `variable_ignored`: an environment variable cannot be used.
    VariableIgnored,
    /// `proxy_unused`: the setting `Proxy` is not used for an address.
    ProxyUnused,
    /// `keyring`: the client and its secret, or the token, come from the keyring.
    Keyring,
    /// `system_proxy`: the proxy comes from the settings of the operating system.
    SystemProxy,
}

impl Note {
    pub(crate) fn new(code: NoteCode, message: impl AsRef<str>) -> Self {
        Self {
            code,
            message: text::brief(message.as_ref(), LONGEST_NOTE),
            is_warning: false,
        }
    }

    /// A note that is about safety.
    pub(crate) fn warning(code: NoteCode, message: impl AsRef<str>) -> Self {
        Self {
            is_warning: true,
            ..Self::new(code, message)
        }
    }

    /// What the note is about.
    pub fn code(&self) -> NoteCode {
        self.code
    }

    /// What was skipped or decided, for a person to read.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether the note is about safety.
    pub fn is_warning(&self) -> bool {
        self.is_warning
    }
}

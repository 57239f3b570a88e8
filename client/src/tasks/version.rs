//! The versions of the API: their paths and what each supports.

use crate::error::Error;

/// A version of the API; the setting `ApiVersion`. The default is `v2024`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApiVersion {
    /// `/v2024/task-status`
    #[default]
    V2024,
    /// `/v2025/task-status`
    V2025,
    /// `/v2026/task-status`; no pending-tasks, so the task statuses are filtered
    V2026,
    /// `/beta/task-status`
    Beta,
    /// `/latest/task-status`; no pending-tasks, so the task statuses are filtered
    Latest,
    /// `/task-status/v1`; no pending-tasks, so the task statuses are filtered
    V1,
}

impl ApiVersion {
    const ALL: [Self; 6] = [
        Self::V2024,
        Self::V2025,
        Self::V2026,
        Self::Beta,
        Self::Latest,
        Self::V1,
    ];

    /// Reads the name of a version, in upper or lower case.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`](crate::ErrorKind::Settings), naming the versions that exist.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| Error::settings(format!("ApiVersion is not one of {}", Self::names())))
    }

    /// The names of all versions, for a message.
    pub(crate) fn names() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }

    /// The name as it appears in a path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2024 => "v2024",
            Self::V2025 => "v2025",
            Self::V2026 => "v2026",
            Self::Beta => "beta",
            Self::Latest => "latest",
            Self::V1 => "v1",
        }
    }

    /// The path of the task status list.
    pub(super) fn collection(self) -> String {
        match self {
            Self::V1 => "/task-status/v1".to_owned(),
            annual => format!("/{}/task-status", annual.as_str()),
        }
    }

    /// Whether the version has `pending-tasks`. For the others, the client filters the task status list.
    pub(super) fn has_pending_tasks(self) -> bool {
        matches!(self, Self::V2024 | Self::V2025 | Self::Beta)
    }
}

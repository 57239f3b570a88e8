//! The versions of the API and what each of them has.

use crate::error::Error;

/// A version of the API, `v2024` by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApiVersion {
    /// `/v2024/task-status`
    #[default]
    V2024,
    /// `/v2025/task-status`
    V2025,
    /// `/v2026/task-status`, without pending-tasks
    V2026,
    /// `/beta/task-status`
    Beta,
    /// `/latest/task-status`, without pending-tasks
    Latest,
    /// `/task-status/v1`, without pending-tasks
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

    /// Reads a version's name, without regard to case.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`](crate::ErrorKind::Settings), naming the versions there are.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| {
                let names = Self::ALL.map(Self::as_str).join(", ");
                Error::settings(format!("ApiVersion is not one of {names}"))
            })
    }

    /// The name as it stands in a path.
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

    /// The path of the task statuses.
    pub(super) fn collection(self) -> String {
        match self {
            Self::V1 => "/task-status/v1".to_owned(),
            annual => format!("/{}/task-status", annual.as_str()),
        }
    }

    /// Whether there is `pending-tasks`; elsewhere the list is filtered instead.
    pub(super) fn has_pending_tasks(self) -> bool {
        matches!(self, Self::V2024 | Self::V2025 | Self::Beta)
    }
}

//! What is computed from the runs of a row, and what it should be.

/// A figure that is taken from the runs.
pub struct Figure {
    pub title: &'static str,
    pub measure: Measure,
    /// Figures that were measured elsewhere.
    pub known: Vec<(&'static str, f64)>,
    /// The contender that the others are compared with.
    pub reference: Option<&'static str>,
    /// Contenders and the goal of each.
    pub goal: Vec<(&'static str, Goal)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// `count` divided by the seconds that the contender measured.
    PerSecond,
    /// Those seconds.
    Seconds,
    /// Seconds from the start of the process to its end.
    Wall,
    /// The same, minus those of the contender [`BARE`](super::rows::BARE).
    WallAboveBare,
    /// The most memory, or the size of a file, in MB.
    Megabytes,
    /// The same, minus that of that contender.
    MegabytesAboveBare,
    /// Requests that the tenant refused because of its rate limit.
    Refused,
}

#[derive(Clone, Copy)]
pub enum Goal {
    /// At least this many times as good as the reference.
    Times(f64),
    /// At most this share of the time or memory of another contender.
    Share(f64, &'static str),
    AtMost(f64),
    AtLeast(f64),
}

impl Measure {
    pub fn unit(self) -> &'static str {
        match self {
            Self::PerSecond => "/s",
            Self::Seconds | Self::Wall | Self::WallAboveBare => "s",
            Self::Megabytes | Self::MegabytesAboveBare => "MB",
            Self::Refused => "",
        }
    }

    pub fn more_is_better(self) -> bool {
        self == Self::PerSecond
    }

    pub fn is_above_bare(self) -> bool {
        matches!(self, Self::WallAboveBare | Self::MegabytesAboveBare)
    }
}

impl Goal {
    /// `times`: how many times as good as the reference the median is; `of`: the median of a contender.
    pub fn is_met(self, median: f64, times: Option<f64>, of: impl Fn(&str) -> Option<f64>) -> bool {
        match self {
            Self::Times(least) => times.is_some_and(|times| times >= least),
            Self::Share(most, other) => of(other).is_some_and(|other| median <= most * other),
            Self::AtMost(most) => median <= most,
            Self::AtLeast(least) => median >= least,
        }
    }
}

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Times(least) => write!(f, "{least} times"),
            Self::Share(most, other) => write!(f, "at most {most} of {other}"),
            Self::AtMost(most) => write!(f, "at most {most}"),
            Self::AtLeast(least) => write!(f, "at least {least}"),
        }
    }
}

//! The rows of the benchmark: their work, their contenders, and the goal of each figure.

use super::contenders::Program;

/// Some work, done by several contenders in turn against one tenant.
pub struct Row {
    pub name: &'static str,
    /// Tasks in the tenant.
    pub tasks: usize,
    /// The tenant's rate limit.
    pub rate: Option<&'static str>,
    pub job: &'static str,
    /// Number of times the work is done in a run.
    pub count: usize,
    pub threads: usize,
    /// Runs of each contender.
    pub rounds: usize,
    pub contenders: Vec<Contender>,
    pub figures: Vec<Figure>,
}

/// A program that does the work.
pub struct Contender {
    pub name: &'static str,
    pub program: Program,
    /// Its own job, if that differs from the row's.
    pub job: Option<&'static str>,
    /// The row's count is divided by this number, because the contender is slow.
    pub part: usize,
}

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
    /// The same, minus those of the contender [`BARE`].
    WallAboveBare,
    /// The most memory, or the size of a file, in MB.
    Megabytes,
    /// The same, minus that of the contender [`BARE`].
    MegabytesAboveBare,
    /// Requests that the tenant refused because of its rate limit.
    Refused,
}

#[derive(Clone, Copy)]
pub enum Goal {
    /// At least this many times as good as the reference.
    Times(f64),
    AtMost(f64),
    AtLeast(f64),
}

pub const RUST: &str = "this, Rust";
pub const C: &str = "this, C";
pub const MODULE: &str = "this, PowerShell";
pub const CURL: &str = "libcurl";
pub const PYTHON: &str = "vendor's Python SDK";
pub const NODE: &str = "vendor's Node SDK";
/// A module that comes with PowerShell and that takes no time of its own.
const THREAD_JOB: &str = "ThreadJob";
pub const BY_HAND: &str = "by hand";
pub const BARE: &str = "bare pwsh";
/// Measured once, see benches/FINDINGS.md: the module is in no registry any more.
pub const DOCUMENTED: &str = "documented SDK";
const LEAST: &str = "least possible";

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
    pub fn is_met(self, median: f64, times: Option<f64>) -> bool {
        match self {
            Self::Times(least) => times.is_some_and(|times| times >= least),
            Self::AtMost(most) => median <= most,
            Self::AtLeast(least) => median >= least,
        }
    }
}

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Times(least) => write!(f, "{least} times"),
            Self::AtMost(most) => write!(f, "at most {most}"),
            Self::AtLeast(least) => write!(f, "at least {least}"),
        }
    }
}

impl Row {
    /// Number of times a contender does the work in a run.
    pub fn count_of(&self, contender: &Contender) -> usize {
        (self.count / contender.part).max(1)
    }

    /// Reduces the row to a tenth of the work, twice; with a rate limit, to a fifth, once.
    pub fn shorten(&mut self) {
        if self.rate.is_some() {
            *self = rated("200 GETs from 8 threads where 100 in 10 s are allowed", 2);
            return;
        }
        self.rounds = 2;
        if self.count > 1 {
            self.count /= 10;
        }
        if self.tasks == LONG_LIST {
            self.tasks /= 10;
        }
    }
}

const LONG_LIST: usize = 100_000;

impl Default for Row {
    fn default() -> Self {
        Self {
            name: "",
            tasks: 1000,
            rate: None,
            job: "get",
            count: 1,
            threads: 1,
            rounds: 7,
            contenders: Vec::new(),
            figures: Vec::new(),
        }
    }
}

fn contender(name: &'static str, program: Program) -> Contender {
    Contender {
        name,
        program,
        job: None,
        part: 1,
    }
}

/// The contenders without PowerShell. `part` applies to the vendor's SDKs.
fn natives(part: usize) -> Vec<Contender> {
    let slow = |name, program| Contender {
        part,
        ..contender(name, program)
    };
    vec![
        contender(CURL, Program::Curl),
        contender(RUST, Program::Rust),
        contender(C, Program::C),
        slow(PYTHON, Program::Python),
        slow(NODE, Program::Node),
    ]
}

fn shells() -> Vec<Contender> {
    vec![
        contender(BY_HAND, Program::ByHand),
        contender(MODULE, Program::Module),
    ]
}

fn shells_and_bare() -> Vec<Contender> {
    let mut shells = shells();
    shells.push(contender(BARE, Program::Bare));
    shells
}

fn against_libcurl(title: &'static str, times: f64) -> Figure {
    Figure {
        title,
        measure: Measure::PerSecond,
        known: vec![],
        reference: Some(CURL),
        goal: vec![(RUST, Goal::Times(times)), (C, Goal::Times(times))],
    }
}

fn against_by_hand(title: &'static str, documented: f64, goal: Goal) -> Figure {
    Figure {
        title,
        measure: Measure::PerSecond,
        known: vec![(DOCUMENTED, documented)],
        reference: Some(BY_HAND),
        goal: vec![(MODULE, goal)],
    }
}

pub fn all() -> Vec<Row> {
    vec![
        Row {
            name: "get",
            count: 5000,
            contenders: natives(10),
            figures: vec![against_libcurl("GET one task, one thread", 0.9)],
            ..Row::default()
        },
        Row {
            name: "get-8",
            count: 16_000,
            threads: 8,
            contenders: natives(10),
            figures: vec![against_libcurl(
                "GET one task, 8 threads on one client",
                0.9,
            )],
            ..Row::default()
        },
        Row {
            name: "page",
            job: "page",
            count: 500,
            contenders: natives(25),
            figures: vec![against_libcurl(
                "a page of 250 to a checked JSON string",
                0.75,
            )],
            ..Row::default()
        },
        Row {
            name: "ps-import",
            job: "import",
            rounds: 15,
            contenders: vec![
                Contender {
                    job: Some("thread-job"),
                    ..contender(THREAD_JOB, Program::Import)
                },
                contender(MODULE, Program::Import),
                contender(BARE, Program::Bare),
            ],
            figures: vec![Figure {
                title: "PowerShell: import, above a bare pwsh",
                measure: Measure::WallAboveBare,
                known: vec![(DOCUMENTED, 20.7)],
                reference: Some(THREAD_JOB),
                goal: vec![(MODULE, Goal::Times(0.5))],
            }],
            ..Row::default()
        },
        Row {
            name: "ps-start",
            job: "start",
            rounds: 15,
            contenders: shells_and_bare(),
            figures: vec![Figure {
                title: "PowerShell: import and first call, above a bare pwsh",
                measure: Measure::WallAboveBare,
                known: vec![(DOCUMENTED, 24.0)],
                reference: Some(BY_HAND),
                goal: vec![(MODULE, Goal::Times(2.0))],
            }],
            ..Row::default()
        },
        Row {
            name: "ps-get",
            count: 2000,
            contenders: shells(),
            figures: vec![against_by_hand(
                "PowerShell: GETs of one task",
                19.0,
                Goal::Times(3.0),
            )],
            ..Row::default()
        },
        Row {
            name: "ps-page",
            job: "page",
            count: 60,
            contenders: shells(),
            figures: vec![against_by_hand(
                "PowerShell: pages of 250 to objects",
                6.5,
                Goal::Times(4.0),
            )],
            ..Row::default()
        },
        Row {
            name: "ps-look",
            job: "look",
            count: 60,
            contenders: shells(),
            // The module reads the parts of a task only when they are used: this row uses all of them.
            figures: vec![Figure {
                title: "PowerShell: pages of 250, each task's parts looked at",
                measure: Measure::PerSecond,
                known: vec![],
                reference: Some(BY_HAND),
                goal: vec![],
            }],
            ..Row::default()
        },
        Row {
            name: "ps-patch",
            job: "patch",
            count: 1000,
            contenders: shells(),
            figures: vec![against_by_hand(
                "PowerShell: PATCHes",
                18.1,
                Goal::Times(3.0),
            )],
            ..Row::default()
        },
        Row {
            name: "ps-all",
            tasks: LONG_LIST,
            job: "all",
            count: LONG_LIST,
            rounds: 3,
            contenders: shells_and_bare(),
            figures: vec![
                against_by_hand(
                    "PowerShell: tasks of a list of 100,000 (-All)",
                    1600.0,
                    Goal::AtLeast(10_000.0),
                ),
                Figure {
                    title: "PowerShell: the same, most memory of the process",
                    measure: Measure::Megabytes,
                    known: vec![(DOCUMENTED, 900.0)],
                    reference: Some(BY_HAND),
                    goal: vec![],
                },
                Figure {
                    title: "PowerShell: the same, memory above a bare pwsh",
                    measure: Measure::MegabytesAboveBare,
                    known: vec![],
                    reference: Some(BY_HAND),
                    goal: vec![(MODULE, Goal::AtMost(60.0))],
                },
            ],
            ..Row::default()
        },
        Row {
            name: "size",
            rounds: 1,
            contenders: vec![contender(C, Program::Library)],
            figures: vec![Figure {
                title: "the library's file",
                measure: Measure::Megabytes,
                known: vec![],
                reference: None,
                goal: vec![(C, Goal::AtMost(4.0))],
            }],
            ..Row::default()
        },
        Row {
            name: "memory",
            tasks: LONG_LIST,
            job: "list",
            count: LONG_LIST,
            rounds: 3,
            contenders: vec![
                contender(CURL, Program::Curl),
                contender(C, Program::C),
                Contender {
                    job: Some("all"),
                    ..contender("this, C, \"all\"", Program::C)
                },
            ],
            figures: vec![Figure {
                title: "memory of a C program that lists 100,000 tasks page by page",
                measure: Measure::Megabytes,
                known: vec![],
                reference: Some(CURL),
                goal: vec![
                    (C, Goal::AtMost(10.0)),
                    ("this, C, \"all\"", Goal::AtMost(10.0)),
                ],
            }],
            ..Row::default()
        },
        Row {
            name: "start",
            job: "start",
            rounds: 21,
            contenders: vec![contender(CURL, Program::Curl), contender(C, Program::C)],
            figures: vec![Figure {
                title: "a C program's start to its end: token and one GET, the tenant's own time included",
                measure: Measure::Wall,
                known: vec![],
                reference: Some(CURL),
                goal: vec![(C, Goal::AtMost(0.015))],
            }],
            ..Row::default()
        },
        rated(
            "1,000 GETs from 8 threads where 100 in 10 s are allowed",
            10,
        ),
    ]
}

/// Hundreds of GETs to a tenant that allows one hundred in 10 s: the first hundred are sent at once.
fn rated(title: &'static str, hundreds: u32) -> Row {
    let least = f64::from(hundreds - 1) * 10.0;
    Row {
        name: "rate",
        rate: Some("100/10"),
        job: "rated",
        count: hundreds as usize * 100,
        threads: 8,
        rounds: 1,
        contenders: vec![contender(C, Program::C)],
        figures: vec![
            Figure {
                title,
                measure: Measure::Seconds,
                known: vec![(LEAST, least)],
                reference: Some(LEAST),
                goal: vec![(C, Goal::AtMost(least * 1.05))],
            },
            Figure {
                title: "the same, requests refused with 429",
                measure: Measure::Refused,
                known: vec![],
                reference: None,
                goal: vec![],
            },
        ],
        ..Row::default()
    }
}

//! The rows of the benchmark: their work, their contenders, and the goal of each figure.

mod far;
mod limited;
mod native;
mod shells;

use super::contenders::Program;
use super::figure::Figure;

/// Some work, done by several contenders in turn against one tenant.
pub struct Row {
    pub name: &'static str,
    pub tenant: Tenant,
    pub job: &'static str,
    /// Number of times the work is done in a run.
    pub count: usize,
    /// Threads or requests at once.
    pub at_once: usize,
    /// Runs of each contender.
    pub rounds: usize,
    pub contenders: Vec<Contender>,
    pub figures: Vec<Figure>,
}

/// The tenant of a row.
pub struct Tenant {
    pub tasks: usize,
    pub pending: usize,
    /// Milliseconds that each response takes.
    pub latency: u32,
    /// The requests that it allows.
    pub rate: Option<&'static str>,
}

/// A program that does the work.
pub struct Contender {
    pub name: &'static str,
    pub program: Program,
    /// Its own job, if that differs from the row's.
    pub job: Option<&'static str>,
    /// The row's count is divided by this number, because the contender is slow.
    pub part: usize,
    /// Its own number of requests at once.
    pub at_once: Option<usize>,
}

const RUST: &str = "this, Rust";
const C: &str = "this, C";
pub const MODULE: &str = "this, PowerShell";
const CURL: &str = "libcurl";
const PYTHON: &str = "vendor's Python SDK";
const NODE: &str = "vendor's Node SDK";
/// A module that comes with PowerShell and that takes no time of its own.
const THREAD_JOB: &str = "ThreadJob";
const BY_HAND: &str = "by hand";
const PARALLEL: &str = "by hand, 5 at once";
pub const BARE: &str = "bare pwsh";
/// Measured once, see benches/FINDINGS.md: the module is in no registry any more.
pub const DOCUMENTED: &str = "documented SDK";
const LEAST: &str = "least possible";

const LONG_LIST: usize = 100_000;

/// All rows, in the order of the report.
pub fn all() -> Vec<Row> {
    [native::rows(), shells::rows(), far::rows(), limited::rows()]
        .into_iter()
        .flatten()
        .collect()
}

impl Row {
    /// Number of times a contender does the work in a run.
    pub fn count_of(&self, contender: &Contender) -> usize {
        (self.count / contender.part).max(1)
    }

    /// Reduces the row to a tenth of the work, twice; with a rate limit, to a few of its windows, once.
    pub fn shorten(&mut self) {
        if self.tenant.rate.is_some() {
            limited::shorten(self);
            return;
        }
        self.rounds = 2;
        if self.tenant.tasks == self.count {
            self.tenant.tasks /= 10;
        }
        if self.count > 1 {
            self.count /= 10;
        }
    }
}

impl Default for Row {
    fn default() -> Self {
        Self {
            name: "",
            tenant: Tenant::default(),
            job: "get",
            count: 1,
            at_once: 1,
            rounds: 7,
            contenders: Vec::new(),
            figures: Vec::new(),
        }
    }
}

impl Default for Tenant {
    fn default() -> Self {
        Self {
            tasks: 1000,
            pending: 20,
            latency: 0,
            rate: None,
        }
    }
}

impl Tenant {
    fn of(tasks: usize) -> Self {
        Self {
            tasks,
            ..Self::default()
        }
    }
}

fn contender(name: &'static str, program: Program) -> Contender {
    Contender {
        name,
        program,
        job: None,
        part: 1,
        at_once: None,
    }
}

//! Records the result of every call, and every mark that an update should leave in a task.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// How often an update can have been made.
#[derive(Clone, Copy)]
pub enum Made {
    Once,
    Never,
    AtMostOnce,
}

#[derive(Default)]
pub struct Ledger {
    calls: Mutex<BTreeMap<(&'static str, String), u64>>,
    marks: Mutex<HashMap<String, Made>>,
    seen: Mutex<BTreeMap<String, u64>>,
}

impl Ledger {
    pub fn count(&self, name: &'static str, end: &str) {
        *lock(&self.calls).entry((name, end.to_owned())).or_default() += 1;
    }

    pub fn marked(&self, mark: String, made: Made) {
        lock(&self.marks).insert(mark, made);
    }

    /// Counts what was odd or wrong with a request.
    pub fn seen(&self, what: &str) {
        *lock(&self.seen).entry(what.to_owned()).or_default() += 1;
    }

    /// Number of recorded calls.
    pub fn calls(&self) -> u64 {
        lock(&self.calls).values().sum()
    }

    /// Compares the marks in the tasks with the recorded ones. Returns how many updates were recorded,
    /// and how many of them were made.
    pub fn check(&self, tasks: &[Value]) -> Result<(usize, usize)> {
        let mut held: HashMap<&str, u64> = HashMap::new();
        let marks = tasks
            .iter()
            .filter_map(|task| task["attributes"]["marks"].as_array());
        for mark in marks.flatten() {
            *held.entry(mark.as_str().context("a mark")?).or_default() += 1;
        }
        let made_once = held.len();
        let marks = lock(&self.marks);
        for (mark, made) in marks.iter() {
            let times = held.remove(mark.as_str()).unwrap_or(0);
            let fits = match made {
                Made::Once => times == 1,
                Made::Never => times == 0,
                Made::AtMostOnce => times <= 1,
            };
            ensure!(fits, "{mark} was made {times} times");
        }
        ensure!(held.is_empty(), "marks without an update: {held:?}");
        Ok((marks.len(), made_once))
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = "";
        let mut all: BTreeMap<&str, u64> = BTreeMap::new();
        let calls = lock(&self.calls);
        for ((name, end), count) in calls.iter() {
            if *name != last {
                write!(f, "{}{name:<12}", if last.is_empty() { "" } else { "\n" })?;
                last = name;
            }
            write!(f, " {count} {end},")?;
            *all.entry(end).or_default() += count;
        }
        write!(f, "\n{:<12}", "all")?;
        for (end, count) in all {
            write!(f, " {count} {end},")?;
        }
        write!(f, "\nsingle requests:")?;
        for (what, count) in lock(&self.seen).iter() {
            write!(f, " {count} {what},")?;
        }
        Ok(())
    }
}

/// Locks, also after another holder panicked.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

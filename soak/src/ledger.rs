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
}

impl Ledger {
    pub fn count(&self, name: &'static str, end: &str) {
        *lock(&self.calls).entry((name, end.to_owned())).or_default() += 1;
    }

    pub fn marked(&self, mark: String, made: Made) {
        lock(&self.marks).insert(mark, made);
    }

    /// Number of recorded calls.
    pub fn calls(&self) -> u64 {
        lock(&self.calls).values().sum()
    }

    /// Compares the marks in the tasks with the recorded ones.
    pub fn check(&self, tasks: &[Value]) -> Result<()> {
        let mut held: HashMap<&str, u64> = HashMap::new();
        let marks = tasks
            .iter()
            .filter_map(|task| task["attributes"]["marks"].as_array());
        for mark in marks.flatten() {
            *held.entry(mark.as_str().context("a mark")?).or_default() += 1;
        }
        for (mark, made) in lock(&self.marks).iter() {
            let times = held.remove(mark.as_str()).unwrap_or(0);
            let fits = match made {
                Made::Once => times == 1,
                Made::Never => times == 0,
                Made::AtMostOnce => times <= 1,
            };
            ensure!(fits, "{mark} was made {times} times");
        }
        ensure!(held.is_empty(), "marks without an update: {held:?}");
        Ok(())
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = "";
        for ((name, end), count) in lock(&self.calls).iter() {
            if *name != last {
                write!(f, "{}{name:<12}", if last.is_empty() { "" } else { "\n" })?;
                last = name;
            }
            write!(f, " {count} {end},")?;
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

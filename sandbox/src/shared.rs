//! The state that all connections share.

use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::value::RawValue;

use crate::{
    churn,
    disturb::Disturber,
    fault::Faults,
    generate::Generator,
    journal::Journal,
    options::{Options, Rules},
    progress::{self, Run},
    tenant::{Found, ListQuery, Tenant},
    token::Tokens,
};

/// The tenant, its rules and faults, and what it has recorded.
pub(crate) struct Shared {
    pub(crate) base_url: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) latency: Duration,
    pub(crate) rules: Mutex<Rules>,
    pub(crate) tokens: Mutex<Tokens>,
    pub(crate) journal: Mutex<Journal>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) chance: Mutex<Rng>,
    pub(crate) state: Mutex<State>,
    options: Options,
}

/// The tasks and what changes them.
pub(crate) struct State {
    pub(crate) tenant: Tenant,
    pub(crate) now: i64,
    advanced: i64,
    runs: Vec<Run>,
    generator: Generator,
    chance: Rng,
    disturber: Disturber,
}

impl State {
    fn new(options: &Options) -> Self {
        let now = Timestamp::now().as_millisecond();
        let mut generator = Generator::new(options.seed);
        let (tasks, runs) = generator.tenant(options, now);
        let chance = Rng::with_seed(options.seed ^ 0xc4);
        Self {
            tenant: Tenant::new(tasks.into_iter()),
            now,
            advanced: now,
            runs,
            generator,
            chance,
            disturber: Disturber::new(options.seed),
        }
    }

    fn advance(&mut self) {
        self.now = Timestamp::now().as_millisecond();
        // Often enough for progress to be visible, seldom enough to cost nothing under load.
        if self.now - self.advanced >= 20 {
            self.advanced = self.now;
            progress::advance(&mut self.tenant, &mut self.runs, self.now);
        }
    }
}

impl Shared {
    pub(crate) fn new(options: Options, base_url: String) -> Self {
        Self {
            base_url,
            client_id: options.client_id.clone(),
            client_secret: options.client_secret.clone(),
            latency: options.latency,
            rules: Mutex::new(options.rules.clone()),
            tokens: Mutex::default(),
            journal: Mutex::new(Journal::new()),
            faults: Mutex::default(),
            chance: Mutex::new(Rng::with_seed(options.seed)),
            state: Mutex::new(State::new(&options)),
            options,
        }
    }

    /// Runs `work` on the tasks after advancing them to the present.
    pub(crate) fn present<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock();
        state.advance();
        work(&mut state)
    }

    /// Reads a part of a list, after applying the churn and with the disturbances.
    pub(crate) fn listed(&self, rules: &Rules, query: ListQuery) -> Found {
        self.present(|state| {
            if let Some(churn) = &rules.churn {
                churn::stir(
                    &mut state.tenant,
                    churn,
                    &mut state.chance,
                    &mut state.generator,
                    state.now,
                );
            }
            match &rules.disturbances {
                None => state.tenant.find(&query),
                Some(disturbances) => state.disturber.list(
                    disturbances,
                    &mut state.tenant,
                    &mut state.generator,
                    query,
                    state.now,
                ),
            }
        })
    }

    pub(crate) fn set_tasks(&self, json: &str) -> serde_json::Result<()> {
        let tasks = raw_tasks(json)?;
        let mut state = self.state.lock();
        state.tenant = Tenant::new(tasks.into_iter());
        state.runs.clear();
        state.disturber = Disturber::new(self.options.seed);
        Ok(())
    }

    pub(crate) fn add_tasks(&self, json: &str) -> serde_json::Result<()> {
        let tasks = raw_tasks(json)?;
        let mut state = self.state.lock();
        for task in tasks {
            state.tenant.put(task);
        }
        Ok(())
    }

    pub(crate) fn reset(&self) {
        *self.state.lock() = State::new(&self.options);
        *self.rules.lock() = self.options.rules.clone();
        *self.chance.lock() = Rng::with_seed(self.options.seed);
        self.faults.lock().clear();
        self.journal.lock().clear();
    }
}

fn raw_tasks(json: &str) -> serde_json::Result<Vec<Bytes>> {
    let tasks: Vec<&RawValue> = serde_json::from_str(json)?;
    Ok(tasks
        .into_iter()
        .map(|task| Bytes::copy_from_slice(task.get().as_bytes()))
        .collect())
}

//! The sandbox as tests hold it.

use std::{io, net::TcpListener, sync::Arc};

use bytes::Bytes;
use fastrand::Rng;
use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::value::RawValue;
use tokio::runtime::{Builder, Runtime};

use crate::{
    churn,
    fault::{Fault, Faults},
    generate::Generator,
    journal::{Journal, ReceivedRequest},
    options::{Churn, Options, Rules},
    progress::{self, Run},
    server,
    tenant::Tenant,
    token::Tokens,
};

/// A running tenant. It listens on loopback, runs on threads of its own (a caller that blocks
/// its runtime does not block the tenant), and stops, its connections closed, when dropped.
pub struct Sandbox {
    shared: Arc<Shared>,
    runtime: Option<Runtime>,
}

impl Sandbox {
    /// Starts a tenant; returns once it listens.
    ///
    /// # Errors
    /// The port is taken, or the system gives no thread or socket.
    pub async fn start(options: Options) -> io::Result<Self> {
        Self::start_blocking(options)
    }

    /// As [`start`](Self::start), for callers without a runtime.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_blocking(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port))?;
        listener.set_nonblocking(true)?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("v2024-sandbox")
            .enable_all()
            .build()?;
        let shared = Arc::new(Shared::new(options, base_url));
        let listener = {
            let _runtime = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        runtime.spawn(server::serve(listener, shared.clone()));
        Ok(Self {
            shared,
            runtime: Some(runtime),
        })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// The client id that is let in.
    pub fn client_id(&self) -> &str {
        &self.shared.client_id
    }

    /// The secret that goes with it.
    pub fn client_secret(&self) -> &str {
        &self.shared.client_secret
    }

    /// The requests received so far, oldest first; the latest 100,000 are kept.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.journal.lock().requests()
    }

    /// Forgets the requests received so far. Their numbers go on.
    pub fn clear_requests(&self) {
        self.shared.journal.lock().clear();
    }

    /// Sets a fault, after those that are set already.
    pub fn fault(&self, fault: Fault) {
        self.shared.faults.lock().add(fault);
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.shared.faults.lock().clear();
    }

    /// Changes the rules from the next request on.
    pub fn change_rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.shared.rules.lock());
    }

    /// Marks every token issued so far as expired.
    pub fn expire_tokens(&self) {
        self.shared.tokens.lock().expire();
    }

    /// Replaces all tasks by those of a JSON array. Each is served byte for byte as it stands
    /// here, until it is patched. Of equally old ones, and of those without a date (which come
    /// last), the first is listed first.
    ///
    /// # Errors
    /// The text is not a JSON array.
    pub fn set_tasks(&self, json: &str) -> serde_json::Result<()> {
        self.shared.set_tasks(json)
    }

    /// Adds the tasks of a JSON array; one whose id is there already takes its place.
    ///
    /// # Errors
    /// The text is not a JSON array.
    pub fn add_tasks(&self, json: &str) -> serde_json::Result<()> {
        self.shared.add_tasks(json)
    }

    /// Takes a task away; returns whether it was there.
    pub fn remove_task(&self, id: &str) -> bool {
        self.shared.state.lock().tenant.remove(id).is_some()
    }

    /// The JSON of every task, newest first.
    pub fn tasks(&self) -> Vec<String> {
        self.shared
            .state
            .lock()
            .tenant
            .iter()
            .map(|task| String::from_utf8_lossy(&task.raw).into_owned())
            .collect()
    }

    /// The JSON of a task.
    pub fn task(&self, id: &str) -> Option<String> {
        self.shared
            .state
            .lock()
            .tenant
            .get(id)
            .map(|task| String::from_utf8_lossy(&task.raw).into_owned())
    }

    /// Goes back to the start: tasks and rules as they were, no faults, nothing recorded. Tokens
    /// stay good.
    pub fn reset(&self) {
        self.shared.reset();
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) base_url: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) rules: Mutex<Rules>,
    pub(crate) tokens: Mutex<Tokens>,
    pub(crate) journal: Mutex<Journal>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) chance: Mutex<Rng>,
    pub(crate) state: Mutex<State>,
    options: Options,
}

/// The tasks and what moves them.
pub(crate) struct State {
    pub(crate) tenant: Tenant,
    pub(crate) now: i64,
    runs: Vec<Run>,
    generator: Generator,
    chance: Rng,
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
            runs,
            generator,
            chance,
        }
    }

    fn advance(&mut self) {
        self.now = Timestamp::now().as_millisecond();
        progress::advance(&mut self.tenant, &mut self.runs, self.now);
    }
}

impl Shared {
    fn new(options: Options, base_url: String) -> Self {
        Self {
            base_url,
            client_id: options.client_id.clone(),
            client_secret: options.client_secret.clone(),
            rules: Mutex::new(options.rules.clone()),
            tokens: Mutex::default(),
            journal: Mutex::new(Journal::new()),
            faults: Mutex::default(),
            chance: Mutex::new(Rng::with_seed(options.seed)),
            state: Mutex::new(State::new(&options)),
            options,
        }
    }

    /// Works on the tasks as they are now.
    pub(crate) fn present<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock();
        state.advance();
        work(&mut state)
    }

    /// Reads a list, after it has been stirred.
    pub(crate) fn listed<T>(&self, churn: Option<&Churn>, read: impl FnOnce(&Tenant) -> T) -> T {
        self.present(|state| {
            if let Some(churn) = churn {
                churn::stir(
                    &mut state.tenant,
                    churn,
                    &mut state.chance,
                    &mut state.generator,
                    state.now,
                );
            }
            read(&state.tenant)
        })
    }

    pub(crate) fn set_tasks(&self, json: &str) -> serde_json::Result<()> {
        let tasks = raw_tasks(json)?;
        let mut state = self.state.lock();
        state.tenant = Tenant::new(tasks.into_iter());
        state.runs.clear();
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

//! The handle that a test has on a running sandbox.

use std::{io, net::TcpListener, sync::Arc};

use tokio::runtime::{Builder, Runtime};

use crate::{
    fault::Fault,
    journal::ReceivedRequest,
    options::{Options, Rules},
    server,
    shared::Shared,
    tls,
};

/// A running tenant. It listens on loopback and has its own threads, so that a caller that blocks its
/// runtime does not block the tenant. Dropping it stops the tenant and closes its connections.
pub struct Sandbox {
    shared: Arc<Shared>,
    runtime: Option<Runtime>,
    ca_pem: Option<String>,
}

impl Sandbox {
    /// Starts a tenant. Returns when it is listening.
    ///
    /// # Errors
    /// The port is in use, or the system cannot provide a thread or a socket.
    pub async fn start(options: Options) -> io::Result<Self> {
        Self::start_blocking(options)
    }

    /// As [`start`](Self::start), for callers without a runtime.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_blocking(options: Options) -> io::Result<Self> {
        let address = ("127.0.0.1", options.port);
        let listener = TcpListener::bind(address).map_err(|error| {
            let message = format!("cannot listen on {}:{}: {error}", address.0, address.1);
            io::Error::new(error.kind(), message)
        })?;
        listener.set_nonblocking(true)?;
        let tls = options.tls.as_ref().map(tls::prepare).transpose()?;
        let (acceptor, ca_pem) = tls.map(|tls| (tls.acceptor, tls.ca_pem)).unzip();
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let base_url = format!("{scheme}://{}", listener.local_addr()?);
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
        runtime.spawn(server::serve(listener, acceptor, shared.clone()));
        Ok(Self {
            shared,
            runtime: Some(runtime),
            ca_pem,
        })
    }

    /// The address it listens on: `http://127.0.0.1:PORT`, with TLS `https://127.0.0.1:PORT`.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// The client id that the tenant accepts.
    pub fn client_id(&self) -> &str {
        &self.shared.client_id
    }

    /// The secret that goes with it.
    pub fn client_secret(&self) -> &str {
        &self.shared.client_secret
    }

    /// Settings for a V2024 client of this tenant. The empty `Environment` keeps the client from reading
    /// the environment.
    pub fn settings(&self) -> serde_json::Value {
        serde_json::json!({
            "BaseUrl": self.base_url(),
            "ClientId": self.client_id(),
            "ClientSecret": self.client_secret(),
            "Environment": {},
        })
    }

    /// The certificate, as PEM, of the authority that signed the server's; `None` without TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The requests received so far, oldest first; the latest 100,000 are kept.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.journal.lock().requests()
    }

    /// Forgets the requests received so far. Numbering continues.
    pub fn clear_requests(&self) {
        self.shared.journal.lock().clear();
    }

    /// Adds a fault after those that are already set.
    pub fn fault(&self, fault: Fault) {
        self.shared.faults.lock().add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.faults.lock().clear();
    }

    /// Changes the rules, starting with the next request.
    pub fn change_rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.shared.rules.lock());
    }

    /// Marks every token issued so far as expired.
    pub fn expire_tokens(&self) {
        self.shared.tokens.lock().expire();
    }

    /// Replaces all tasks with those of a JSON array. The tenant serves each one byte for byte as given
    /// here until it is patched. Lists show tasks of the same age in the order of the array; tasks
    /// without a date come last, also in that order.
    ///
    /// # Errors
    /// The text is not a JSON array.
    pub fn set_tasks(&self, json: &str) -> serde_json::Result<()> {
        self.shared.set_tasks(json)
    }

    /// Adds the tasks of a JSON array. One whose id already exists replaces that task.
    ///
    /// # Errors
    /// The text is not a JSON array.
    pub fn add_tasks(&self, json: &str) -> serde_json::Result<()> {
        self.shared.add_tasks(json)
    }

    /// Removes a task. Returns whether it existed.
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

    /// The id of every task, newest first. Those that are here before and after a listing were in the list
    /// throughout.
    pub fn task_ids(&self) -> Vec<String> {
        let state = self.shared.state.lock();
        let tasks = state.tenant.iter();
        tasks.filter_map(|task| task.id.clone()).collect()
    }

    /// As [`task_ids`](Self::task_ids), of the pending tasks.
    pub fn pending_ids(&self) -> Vec<String> {
        let state = self.shared.state.lock();
        let pending = state.tenant.iter().filter(|task| task.is_pending());
        pending.filter_map(|task| task.id.clone()).collect()
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

    /// Returns to the state at startup: the original tasks and rules, no faults, no recorded requests.
    /// Tokens stay valid.
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

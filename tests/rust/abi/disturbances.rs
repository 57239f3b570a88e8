//! Listings of tenants whose pages are short or whose order is loose: each task that was there
//! throughout comes exactly once, or the listing ends with the error `incomplete`.
//!
//! 200 seeds of each disturbance, in pages of 1, 2, 7 and 250 that are requested one at a time, and in pages
//! of 2, 7 and 50 of which up to four are requested at once.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Value, json};
use v2024_sandbox::{Churn, Disturbances, OddIds, Options, Sandbox};

use super::{Client, code};

const SEEDS: u64 = 200;

/// Of 200 seeds in pages of 7 and 250, so many must end whole.
const WHOLE: usize = 195;

/// Lists everything. Returns the rows' ids, and the code of the error that it ended with.
fn list(client: Client, request: &Value) -> (Vec<String>, Option<String>) {
    let call = client.start(request);
    let mut ids = Vec::new();
    let mut error = None;
    for message in call.rest() {
        if !message["error"].is_null() {
            error = Some(code(&message).to_owned());
        }
        for row in message["body"].as_array().into_iter().flatten() {
            // A row without an id is known by its name.
            let id = if row["id"].is_null() {
                &row["uniqueName"]
            } else {
                &row["id"]
            };
            ids.push(id.to_string());
        }
    }
    call.free();
    (ids, error)
}

struct Tenant {
    sandbox: Sandbox,
    client: Client,
    request: Value,
}

impl Tenant {
    /// Shorter lists for smaller pages, as each page is a request.
    fn new(page_size: usize, pages_ahead: usize, request: &Value) -> Self {
        let tasks = match page_size {
            1 | 2 => 30,
            7 => 100,
            50 => 400,
            _ => 600,
        };
        let options = Options {
            tasks,
            pending: tasks / 2,
            ..Options::default()
        };
        let sandbox = Sandbox::start_blocking(options).unwrap();
        let client = Client::of(&sandbox, json!({"PagesAhead": pages_ahead}));
        let mut request = request.clone();
        request["all"] = true.into();
        request["limit"] = page_size.into();
        Self {
            sandbox,
            client,
            request,
        }
    }

    /// The ids of the tasks that the request lists.
    fn ids(&self) -> HashSet<String> {
        let ids = match self.request["operation"] == "get_pending_tasks" {
            true => self.sandbox.pending_ids(),
            false => self.sandbox.task_ids(),
        };
        ids.into_iter()
            .map(|id| Value::from(id).to_string())
            .collect()
    }

    /// Lists with a seed. Returns whether that ended whole.
    fn is_whole(&self, disturb: impl Fn(u64) -> Disturbances, seed: u64, is_visible: bool) -> bool {
        self.sandbox.reset();
        let disturbances = disturb(seed);
        self.sandbox
            .change_rules(|rules| rules.disturbances = Some(disturbances));
        let before = self.ids();
        let (listed, error) = list(self.client, &self.request);
        let unique: BTreeSet<&String> = listed.iter().collect();
        assert_eq!(unique.len(), listed.len(), "seed {seed}: a task came twice");
        if let Some(error) = error {
            assert_eq!(error, "incomplete", "seed {seed}");
            return false;
        }
        if is_visible {
            let after = self.ids();
            let throughout = before.intersection(&after);
            let missing: Vec<_> = throughout.filter(|id| !unique.contains(id)).collect();
            assert!(missing.is_empty(), "seed {seed}: {missing:?} are missing");
        }
        true
    }
}

/// Tries every seed and page size, with pages that come one at a time and with several at once.
fn check(request: Value, is_visible: bool, disturb: impl Fn(u64, usize) -> Disturbances) {
    let one_at_a_time = [(1, 1), (2, 1), (7, 1), (250, 1)];
    let at_once = [(2, 4), (7, 4), (50, 4)];
    for (page_size, pages_ahead) in one_at_a_time.into_iter().chain(at_once) {
        let tenant = Tenant::new(page_size, pages_ahead, &request);
        let disturb = |seed| disturb(seed, page_size);
        let whole = (0..SEEDS)
            .filter(|seed| tenant.is_whole(disturb, *seed, is_visible))
            .count();
        let how = format!("pages of {page_size}, {pages_ahead} ahead: {whole} of {SEEDS} whole");
        println!("{how}");
        assert!(page_size < 7 || whole >= WHOLE, "{how}");
        tenant.client.free();
    }
}

fn task_statuses() -> Value {
    json!({"operation": "get_task_status_list"})
}

#[test]
fn pages_shorter_than_asked() {
    check(task_statuses(), true, |seed, page_size| Disturbances {
        seed,
        cap: (page_size / 2).max(1),
        ..Default::default()
    });
}

#[test]
fn rows_left_out_of_a_page() {
    check(task_statuses(), true, |seed, _| Disturbances {
        seed,
        drop: 0.3,
        ..Default::default()
    });
}

#[test]
fn rows_left_out_of_every_page() {
    check(task_statuses(), false, |seed, _| Disturbances {
        seed,
        hide: 0.01,
        ..Default::default()
    });
}

#[test]
fn rows_of_equal_date_in_another_order_each_time() {
    check(task_statuses(), true, |seed, _| Disturbances {
        seed,
        shuffle: 20,
        ..Default::default()
    });
}

#[test]
fn rows_that_move_to_the_front() {
    check(task_statuses(), true, |seed, _| Disturbances {
        seed,
        modify: 1,
        ..Default::default()
    });
}

#[test]
fn pending_tasks_that_end() {
    check(
        json!({"operation": "get_pending_tasks"}),
        true,
        |seed, page_size| Disturbances {
            seed,
            end: (page_size / 2).clamp(1, 10),
            ..Default::default()
        },
    );
}

#[test]
fn ids_of_every_type() {
    let odd_ids = OddIds {
        number: 0.1,
        null: 0.1,
        missing: 0.1,
    };
    check(task_statuses(), false, |seed, _| Disturbances {
        seed,
        odd_ids,
        ..Default::default()
    });
}

#[test]
fn a_list_that_grows_faster_than_it_is_read() {
    for page_size in [1, 2, 7, 250] {
        let tenant = Tenant::new(page_size, 4, &task_statuses());
        let disturb = |seed| Disturbances {
            seed,
            grow: 2 * page_size.max(2),
            ..Default::default()
        };
        assert!(!tenant.is_whole(disturb, 1, true), "pages of {page_size}");
        tenant.client.free();
    }
}

#[test]
fn a_tenant_on_which_tasks_come_go_and_end_is_no_error() {
    for page_size in [1, 2, 7, 250] {
        let tenant = Tenant::new(page_size, 4, &task_statuses());
        let chance = if page_size < 7 { 0.2 } else { 0.5 };
        tenant.sandbox.change_rules(|rules| {
            rules.churn = Some(Churn {
                insert: chance,
                prune: chance / 4.0,
                remove: chance / 2.0,
                finish: chance,
                burst: (page_size / 8).max(1),
            });
        });
        for seed in 0..SEEDS / 4 {
            let before = tenant.ids();
            let (listed, error) = list(tenant.client, &tenant.request);
            assert_eq!(error, None, "pages of {page_size}, listing {seed}");
            let unique: HashSet<String> = listed.iter().cloned().collect();
            assert_eq!(unique.len(), listed.len(), "a task came twice");
            let after = tenant.ids();
            let missing: Vec<_> = before
                .intersection(&after)
                .filter(|id| !unique.contains(*id))
                .collect();
            assert!(
                missing.is_empty(),
                "pages of {page_size}: {missing:?} are missing"
            );
        }
        tenant.client.free();
    }
}

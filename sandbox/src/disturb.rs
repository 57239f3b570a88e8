//! A tenant whose pages are short or whose order is loose, as the API allows it.
//!
//! Every choice is drawn from the seed, the list, the offset of the page and how many times that page
//! was asked for before, and from nothing that depends on the order in which requests arrive. So a client with
//! several pages in flight is disturbed in the same way each time.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use fastrand::Rng;
use serde_json::{Value, json};

use crate::{
    generate::Generator,
    options::{Disturbances, OddIds},
    progress::finish,
    task::{Task, date},
    tenant::{Found, ListQuery, Tenant},
};

/// What the numbers that a choice is drawn from begin with, so that no two kinds of choices are alike.
const CHANGE: u64 = 1;
const SHUFFLE: u64 = 2;
const HIDE: u64 = 3;
const DROP: u64 = 4;
const ODD_ID: u64 = 5;

/// The disturbances in force, and what they depend on.
pub(crate) struct Disturber {
    seed: u64,
    rules: Disturbances,
    /// How many times each page was asked for.
    asked: HashMap<ListQuery, u64>,
    /// The ids of all and of the pending tasks at the beginning. Tasks to change are chosen among these,
    /// even if they have changed since: a choice must not depend on the choices before it.
    all: Vec<String>,
    pending: Vec<String>,
}

impl Disturber {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            rules: Disturbances::default(),
            asked: HashMap::new(),
            all: Vec::new(),
            pending: Vec::new(),
        }
    }

    /// Changes the tenant as it changes between two requests, and reads a part of a list.
    pub(crate) fn list(
        &mut self,
        rules: &Disturbances,
        tenant: &mut Tenant,
        generator: &mut Generator,
        query: ListQuery,
        now: i64,
    ) -> Found {
        if self.rules != *rules {
            self.begin(rules, tenant);
        }
        let (offset, limit) = (query.offset, query.limit);
        let attempt = self.asked.entry(ListQuery {
            limit: 0,
            ..query.clone()
        });
        let attempt = *attempt.and_modify(|times| *times += 1).or_default();
        let ListQuery {
            filter,
            ascending,
            pending,
            ..
        } = &query;
        let list = number_of(format!("{filter:?} {ascending} {pending}").as_bytes());
        let page = [self.seed, rules.seed, list, offset as u64, attempt];

        let seed = draw(CHANGE, &page).u64(..);
        generator.with_seed(seed, |generator| {
            self.change(
                &mut Rng::with_seed(seed),
                tenant,
                generator,
                query.pending,
                now,
            );
        });
        let limit = match rules.cap {
            0 => limit,
            cap => limit.min(cap),
        };
        let mut found = match rules.shuffle {
            0 => tenant.find(&ListQuery { limit, ..query }),
            _ => shuffled(tenant, &ListQuery { limit, ..query }, &page),
        };
        let (all_pages, this_page) = (&page[..2], &page[..]);
        found.tasks.retain(|task| {
            chance(HIDE, all_pages, task) >= rules.hide
                && chance(DROP, this_page, task) >= rules.drop
        });
        for task in &mut found.tasks {
            if let Some(odd) = with_odd_id(task, &rules.odd_ids, chance(ODD_ID, all_pages, task)) {
                *task = odd;
            }
        }
        found
    }

    fn begin(&mut self, rules: &Disturbances, tenant: &mut Tenant) {
        self.rules = *rules;
        self.asked.clear();
        if rules.shuffle > 0 {
            *tenant = tied(tenant, rules.shuffle);
        }
        self.all = tenant.iter().filter_map(|task| task.id.clone()).collect();
        let pending = tenant.iter().filter(|task| task.is_pending());
        self.pending = pending.filter_map(|task| task.id.clone()).collect();
    }

    /// Ends, modifies and adds tasks.
    fn change(
        &self,
        rng: &mut Rng,
        tenant: &mut Tenant,
        generator: &mut Generator,
        pending: bool,
        now: i64,
    ) {
        for id in some(&self.pending, self.rules.end, rng) {
            let status = generator.outcome();
            if let Some(task) = tenant.get(id).filter(|task| task.is_pending()).cloned() {
                finish(tenant, &task, status, now);
            }
        }
        let list = if pending { &self.pending } else { &self.all };
        for id in some(list, self.rules.modify, rng) {
            if let Some(task) = tenant.get(id).cloned() {
                let raw = changed(&task, |value| value["modified"] = date(now).into());
                tenant.put_first(raw, now);
            }
        }
        for _ in 0..self.rules.grow {
            tenant.put(generator.started(now));
        }
    }
}

/// Up to `most` ids.
fn some<'a>(ids: &'a [String], most: usize, rng: &mut Rng) -> Vec<&'a String> {
    let count = rng.usize(..=most);
    (0..count).filter_map(|_| rng.choice(ids)).collect()
}

/// The tenant with the same `created` for each `size` consecutive rows, of the pending ones and of the
/// others: that of the oldest.
fn tied(tenant: &Tenant, size: usize) -> Tenant {
    let (pending, others): (Vec<_>, Vec<_>) = tenant.iter().partition(|task| task.is_pending());
    let groups = pending.chunks(size).chain(others.chunks(size));
    let tied: Vec<Bytes> = groups
        .flat_map(|group| {
            let oldest = group.last().and_then(|task| task.value().ok());
            let created = oldest.map(|value| value["created"].clone());
            group.iter().map(move |task| match &created {
                Some(created @ Value::String(_)) => {
                    changed(task, |value| value["created"] = created.clone())
                }
                _ => task.raw.clone(),
            })
        })
        .collect();
    Tenant::new(tied.into_iter())
}

/// A part of a list in which rows of the same age come in an order of its own.
fn shuffled(tenant: &Tenant, query: &ListQuery, page: &[u64]) -> Found {
    let mut found = tenant.find(&ListQuery {
        offset: 0,
        limit: usize::MAX,
        ..query.clone()
    });
    let same_age = |one: &Arc<Task>, next: &Arc<Task>| one.key.0 == next.key.0;
    for rows in found.tasks.chunk_by_mut(same_age) {
        draw(SHUFFLE, &[page, &[identity(&rows[0])]].concat()).shuffle(rows);
    }
    found.tasks = found
        .tasks
        .into_iter()
        .skip(query.offset)
        .take(query.limit)
        .collect();
    found
}

/// The row with an id that is not its task's, if it is to have one.
fn with_odd_id(task: &Arc<Task>, odd: &OddIds, chance: f64) -> Option<Arc<Task>> {
    // As many digits as a double can hold.
    let number = identity(task) >> 11;
    let raw = if chance < odd.number {
        changed(task, |value| value["id"] = number.into())
    } else if chance < odd.number + odd.null {
        changed(task, |value| value["id"] = json!(null))
    } else if chance < odd.number + odd.null + odd.missing {
        changed(task, |value| {
            _ = value
                .as_object_mut()
                .and_then(|members| members.shift_remove("id"));
        })
    } else {
        return None;
    };
    Some(Arc::new(Task::new(raw, task.key.1)))
}

/// The JSON of a task after an edit. JSON that is not an object that can be represented as a tree stays.
fn changed(task: &Task, edit: impl FnOnce(&mut Value)) -> Bytes {
    match task.value() {
        Ok(mut value) if value.is_object() => {
            edit(&mut value);
            value.to_string().into()
        }
        _ => task.raw.clone(),
    }
}

/// A number, 0 to 1, that a row is chosen by.
fn chance(kind: u64, numbers: &[u64], task: &Task) -> f64 {
    draw(kind, &[numbers, &[identity(task)]].concat()).f64()
}

/// A number that is always the same for a task, and does not depend on when it was made.
fn identity(task: &Task) -> u64 {
    let sequence = task.key.1.to_le_bytes();
    number_of(task.id.as_deref().map_or(&sequence, str::as_bytes))
}

/// A number that depends on these bytes and nothing else.
fn number_of(bytes: &[u8]) -> u64 {
    let numbers: Vec<u64> = bytes.iter().map(|byte| u64::from(*byte)).collect();
    draw(0, &numbers).u64(..)
}

/// A generator that depends on these numbers and nothing else.
fn draw(kind: u64, numbers: &[u64]) -> Rng {
    numbers
        .iter()
        .fold(Rng::with_seed(kind), |mut rng, number| {
            Rng::with_seed(rng.u64(..) ^ number)
        })
}

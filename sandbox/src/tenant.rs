//! The tasks of the tenant, in the order of its lists.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use bytes::Bytes;

use crate::{filter::Filter, task::Task};

/// All tasks. Both vectors are sorted by key, oldest first; lists are served from their ends.
#[derive(Clone, Default)]
pub(crate) struct Tenant {
    all: Vec<Arc<Task>>,
    pending: Vec<Arc<Task>>,
    by_id: HashMap<String, Arc<Task>>,
    newest: i64,
}

/// A request for a part of the list of all or of pending tasks.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ListQuery {
    pub(crate) filter: Filter,
    /// Oldest first.
    pub(crate) ascending: bool,
    pub(crate) pending: bool,
    pub(crate) offset: usize,
    pub(crate) limit: usize,
}

/// A part of a list, and the length of the whole list.
pub(crate) struct Found {
    pub(crate) tasks: Vec<Arc<Task>>,
    pub(crate) total: usize,
}

impl Tenant {
    /// A tenant with the given tasks. Tasks of the same age are listed in the given order.
    pub(crate) fn new(raw: impl DoubleEndedIterator<Item = Bytes>) -> Self {
        let mut tenant = Self::default();
        for raw in raw.rev() {
            tenant.newest += 1;
            let task = Arc::new(Task::new(raw, tenant.newest));
            if let Some(id) = &task.id {
                tenant.by_id.insert(id.clone(), task.clone());
            }
            tenant.all.push(task);
        }
        tenant.all.sort_by_key(|task| task.key);
        tenant.pending = tenant
            .all
            .iter()
            .filter(|task| task.is_pending())
            .cloned()
            .collect();
        tenant
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Arc<Task>> {
        self.by_id.get(id)
    }

    /// Number of tasks: all, and pending.
    pub(crate) fn len(&self) -> (usize, usize) {
        (self.all.len(), self.pending.len())
    }

    /// Every task, newest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Task>> {
        self.all.iter().rev()
    }

    /// The task at an index, counted from the oldest.
    pub(crate) fn at(&self, index: usize) -> Option<&Arc<Task>> {
        self.all.get(index)
    }

    /// The pending task at an index, counted from the oldest.
    pub(crate) fn pending_at(&self, index: usize) -> Option<&Arc<Task>> {
        self.pending.get(index)
    }

    /// A part of a list.
    pub(crate) fn find(&self, query: &ListQuery) -> Found {
        let ListQuery {
            filter,
            ascending,
            offset,
            limit,
            ..
        } = query;
        let (offset, limit) = (*offset, *limit);
        let list = if query.pending {
            &self.pending
        } else {
            &self.all
        };
        let tasks: Cow<[Arc<Task>]> = if filter.is_empty() {
            list.into()
        } else if let Some(ids) = filter.ids() {
            let named: BTreeMap<_, _> = ids
                .iter()
                .filter_map(|id| self.get(id))
                .map(|task| (task.key, task))
                .collect();
            named
                .into_values()
                .filter(|task| filter.matches(task))
                .cloned()
                .collect()
        } else {
            let list = if filter.only_pending() {
                &self.pending
            } else {
                list
            };
            list.iter()
                .filter(|task| filter.matches(task))
                .cloned()
                .collect()
        };
        let total = tasks.len();
        let count = limit.min(total.saturating_sub(offset));
        let start = if *ascending {
            offset
        } else {
            total - offset.min(total) - count
        };
        let mut tasks = tasks.get(start..start + count).unwrap_or_default().to_vec();
        if !*ascending {
            tasks.reverse();
        }
        Found { tasks, total }
    }

    /// Adds a task, or replaces the one with the same id.
    pub(crate) fn put(&mut self, raw: Bytes) -> Arc<Task> {
        self.newest += 1;
        let mut task = Task::new(raw, self.newest);
        if let Some(old) = task.id.as_deref().and_then(|id| self.remove(id)) {
            task.key.1 = old.key.1;
            // A task that was moved to the front stays there.
            if task.created == old.created {
                task.key.0 = old.key.0;
            }
        }
        self.add(task)
    }

    /// Moves a task to the front, with new JSON of the same id.
    pub(crate) fn put_first(&mut self, raw: Bytes, now: i64) {
        self.newest += 1;
        let mut task = Task::new(raw, self.newest);
        task.id.as_deref().and_then(|id| self.remove(id));
        task.key.0 = self.all.last().map_or(now, |first| first.key.0.max(now));
        self.add(task);
    }

    fn add(&mut self, task: Task) -> Arc<Task> {
        let task = Arc::new(task);
        insert(&mut self.all, &task);
        if task.is_pending() {
            insert(&mut self.pending, &task);
        }
        if let Some(id) = &task.id {
            self.by_id.insert(id.clone(), task.clone());
        }
        task
    }

    /// Removes a task.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Arc<Task>> {
        let task = self.by_id.remove(id)?;
        for list in [&mut self.all, &mut self.pending] {
            if let Ok(index) = list.binary_search_by_key(&task.key, |task| task.key) {
                list.remove(index);
            }
        }
        Some(task)
    }
}

fn insert(list: &mut Vec<Arc<Task>>, task: &Arc<Task>) {
    let index = list.partition_point(|other| other.key < task.key);
    list.insert(index, task.clone());
}

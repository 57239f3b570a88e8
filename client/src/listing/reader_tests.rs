//! The reader on lists in memory, which change or come as loosely as the API allows.
//!
//! A page depends on the seed, the offset and how many times that offset was requested.

use std::collections::{HashMap, HashSet};

use super::*;

const SEEDS: u64 = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Disturbance {
    None,
    /// No total.
    Uncounted,
    /// Pages of at most 100 rows.
    Capped,
    /// Each row is left out of a page with a chance of 3 in 10.
    Dropped,
    /// Some rows never come, though they are counted.
    Hidden,
    /// Groups of 20 rows come in another order each time.
    Shuffled,
    /// Rows move to the front.
    Moving,
    /// The same, while others leave.
    MovingAndEnding,
    /// Rows leave the list.
    Ending,
    /// New rows come at the front and others leave, less than half a page for each request.
    Churning,
    /// Two pages of new rows come at the front for each request.
    Growing,
}

use Disturbance::*;

struct List {
    disturbance: Disturbance,
    seed: u64,
    page_size: i64,
    keys: Vec<u64>,
    hidden: HashSet<u64>,
    next_key: u64,
    attempts: HashMap<i64, u64>,
    requests: u64,
}

/// Keys from here on are of tasks that were created after the listing began.
const LATE: u64 = 1_000_000;

impl List {
    fn new(disturbance: Disturbance, seed: u64, page_size: i64) -> Self {
        let length = if page_size < 7 { 200 } else { 1000 };
        let mut random = fastrand::Rng::with_seed(seed);
        let hidden = (0..length).filter(|_| disturbance == Hidden && random.u32(..300) == 0);
        Self {
            disturbance,
            seed,
            page_size,
            keys: (0..length).collect(),
            hidden: hidden.collect(),
            next_key: LATE,
            attempts: HashMap::new(),
            requests: 0,
        }
    }

    fn insert(&mut self) {
        self.keys.insert(0, self.next_key);
        self.next_key += 1;
    }

    fn change(&mut self, random: &mut fastrand::Rng) {
        let half_a_page = u64::try_from(self.page_size / 2).unwrap();
        let place = |keys: &[u64], random: &mut fastrand::Rng| random.usize(..keys.len());
        let remove = |keys: &mut Vec<u64>, random: &mut fastrand::Rng| {
            keys.remove(place(keys, random));
        };
        match self.disturbance {
            Moving | MovingAndEnding => {
                if random.bool() {
                    let key = self.keys.remove(place(&self.keys, random));
                    self.keys.insert(0, key);
                }
                if self.disturbance == MovingAndEnding && random.bool() {
                    remove(&mut self.keys, random);
                }
            }
            Ending => {
                for _ in 0..random.u64(..half_a_page.clamp(1, 20)) {
                    if self.keys.len() > 1 {
                        remove(&mut self.keys, random);
                    }
                }
            }
            Churning => {
                for _ in 0..random.u64(..half_a_page.max(2)) {
                    if random.bool() {
                        self.insert();
                    } else if self.keys.len() > 1 {
                        remove(&mut self.keys, random);
                    }
                }
            }
            Growing => (0..2 * self.page_size).for_each(|_| self.insert()),
            None | Uncounted | Capped | Dropped | Hidden | Shuffled => {}
        }
    }

    fn get(&mut self, offset: i64) -> (Vec<u64>, Option<u64>) {
        self.requests += 1;
        assert!(self.requests < 100_000, "the reading does not end");
        let attempt = self.attempts.entry(offset).or_default();
        *attempt += 1;
        let seed = self.seed * 1_000_003 + offset.unsigned_abs() * 7919 + *attempt * 104_729;
        let mut random = fastrand::Rng::with_seed(seed);
        self.change(&mut random);
        let mut view = self.keys.clone();
        if self.disturbance == Shuffled {
            view.chunks_mut(20).for_each(|group| random.shuffle(group));
        }
        let most = if self.disturbance == Capped {
            100
        } else {
            usize::MAX
        };
        let offset = usize::try_from(offset).unwrap();
        let page_size = usize::try_from(self.page_size).unwrap();
        let mut page: Vec<u64> = view
            .into_iter()
            .skip(offset)
            .take(page_size.min(most))
            .collect();
        if self.disturbance == Dropped {
            page.retain(|_| random.u32(..10) >= 3);
        }
        page.retain(|key| !self.hidden.contains(key));
        let total = (self.disturbance != Uncounted).then_some(self.keys.len() as u64);
        (page, total)
    }
}

/// Lists everything. Returns how that ended and the number of requests. Fails if a task comes twice, or is missing
/// from a listing that ends as complete.
fn list(disturbance: Disturbance, seed: u64, page_size: i64) -> (Next, u64) {
    let mut list = List::new(disturbance, seed, page_size);
    let before: HashSet<u64> = list.keys.iter().copied().collect();
    let mut reader = Reader::new(0, page_size);
    let mut delivered = HashSet::new();
    let next = loop {
        let (keys, total) = list.get(reader.offset());
        let is_late = |index: usize| keys[index] >= LATE;
        let page = Page {
            keys: &keys,
            total,
            is_late: &is_late,
        };
        let next = reader.take(&page, |index| {
            assert!(delivered.insert(keys[index]), "{} came twice", keys[index]);
        });
        if next != Next::Page {
            break next;
        }
    };
    let is_there = |key: &&u64| before.contains(key) && !list.hidden.contains(key);
    let missing: Vec<_> = list
        .keys
        .iter()
        .filter(is_there)
        .filter(|key| !delivered.contains(key))
        .collect();
    assert!(
        next != Next::Complete || missing.is_empty(),
        "{disturbance:?}, seed {seed}, pages of {page_size}: {missing:?} are missing"
    );
    (next, list.requests)
}

/// How many of the seeds end as complete, for pages of 2, 7 and 250 rows.
fn count_complete(disturbance: Disturbance) -> [usize; 3] {
    [2, 7, 250].map(|page_size| {
        (0..SEEDS)
            .filter(|seed| list(disturbance, *seed, page_size).0 == Next::Complete)
            .count()
    })
}

const ALL: usize = SEEDS as usize;

#[test]
fn a_list_that_nothing_disturbs_takes_the_fewest_requests() {
    assert_eq!(list(None, 1, 250), (Next::Complete, 5));
    assert_eq!(list(Uncounted, 1, 250), (Next::Complete, 9));
    assert_eq!(list(Capped, 1, 250), (Next::Complete, 11));
    assert_eq!([None, Uncounted, Capped].map(count_complete), [[ALL; 3]; 3]);
}

#[test]
fn rows_that_leave_and_come_are_no_error() {
    assert_eq!([Ending, Churning].map(count_complete), [[ALL; 3]; 2]);
}

#[test]
fn loose_pages_are_read_until_they_are_counted() {
    for disturbance in [Dropped, Hidden, Shuffled, Moving] {
        let [_, small, large] = count_complete(disturbance);
        assert!(
            small + 1 >= ALL && large + 1 >= ALL,
            "{disturbance:?}: {small}, {large} of {ALL}"
        );
    }
}

#[test]
fn what_cannot_be_proved_is_an_error() {
    for page_size in [2, 7, 250] {
        for seed in 0..SEEDS {
            list(MovingAndEnding, seed, page_size);
        }
        let (next, _) = list(Growing, 1, page_size);
        assert_eq!(next, Next::Incomplete(Doubt::Growing));
    }
}

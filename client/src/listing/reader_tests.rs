//! The reader on lists in memory, which change or come as loosely as the API allows.
//!
//! A page depends on the seed, the offset and how many times that offset was requested.

use std::collections::{HashMap, HashSet};

use super::*;

const SEEDS: u64 = 50;

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
    /// The same at the end.
    GrowingAtEnd,
    /// As many rows come at the front as leave, for each request.
    Balanced,
    /// A row leaves the front and another comes at the end, for each request.
    FrontLeaving,
    /// The same as `Balanced`, without a total.
    BalancedUncounted,
    /// The same as `Ending`, without a total.
    EndingUncounted,
    /// Every page is the first one.
    Ignored,
    /// The same, without a total.
    IgnoredUncounted,
    /// No page begins beyond the middle.
    Clamped,
    /// The total is much too large.
    Overcounted,
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
            Balanced | BalancedUncounted => {
                for _ in 0..(half_a_page / 2).min(5) {
                    self.insert();
                    remove(&mut self.keys, random);
                }
            }
            FrontLeaving => {
                self.keys.remove(0);
                self.keys.push(self.next_key);
                self.next_key += 1;
            }
            GrowingAtEnd => {
                for _ in 0..2 * self.page_size {
                    self.keys.push(self.next_key);
                    self.next_key += 1;
                }
            }
            Ending | EndingUncounted => {
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
            Ignored | IgnoredUncounted | Clamped | Overcounted => {}
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
        let offset = match self.disturbance {
            Ignored | IgnoredUncounted => 0,
            Clamped => offset.min(self.keys.len() as i64 / 2),
            _ => offset,
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
        let total = match self.disturbance {
            Uncounted | BalancedUncounted | EndingUncounted | IgnoredUncounted => Option::None,
            Overcounted => Some(2_147_483_647),
            _ => Some(self.keys.len() as u64),
        };
        (page, total)
    }
}

/// Lists everything. Returns how that ended and the number of requests. Fails if a task comes twice, or is missing
/// from a listing that ends as complete.
fn list(disturbance: Disturbance, seed: u64, page_size: i64) -> (Next, u64) {
    list_from(0, true, disturbance, seed, page_size)
}

/// The same from a start, and with or without knowing when a task was created.
fn list_from(
    start: usize,
    knows_late: bool,
    disturbance: Disturbance,
    seed: u64,
    page_size: i64,
) -> (Next, u64) {
    let mut list = List::new(disturbance, seed, page_size);
    let before: HashSet<u64> = list.keys[start..].iter().copied().collect();
    let is_newest_first = !matches!(disturbance, FrontLeaving | GrowingAtEnd);
    let mut reader = Reader::new(start as i64, page_size, is_newest_first);
    let mut delivered = HashSet::new();
    let next = loop {
        let (keys, total) = list.get(reader.offset());
        let is_late = |index: usize| knows_late && keys[index] >= LATE;
        let page = Page {
            keys: &keys,
            total,
            is_late: &is_late,
        };
        let next = reader.take(&page, |index| {
            assert!(delivered.insert(keys[index]), "{} came twice", keys[index]);
        });
        if reader.is_gapless() {
            // Rows of a loose order may stand a little further back.
            let end = list.keys.iter().position(|key| keys.last() == Some(key));
            let near = end.unwrap_or(0).saturating_sub(20);
            let lost = list.keys[..near]
                .iter()
                .find(|key| before.contains(key) && !delivered.contains(key));
            assert_eq!(
                lost,
                Option::None,
                "{disturbance:?}, seed {seed}, pages of {page_size}: {} is missing before row {near}",
                lost.unwrap_or(&0)
            );
        }
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
    assert_eq!(list(Uncounted, 1, 250), (Next::Complete, 7));
    assert_eq!(list(Capped, 1, 250), (Next::Complete, 11));
    assert_eq!([None, Uncounted, Capped].map(count_complete), [[ALL; 3]; 3]);
}

#[test]
fn a_row_that_came_twice_does_not_hide_one_that_is_missing() {
    let is_late = |_: usize| false;
    let mut reader = Reader::new(0, 20, true);
    let mut keys: Vec<u64> = (0..100).collect();
    for (offset, is_gapless) in [(0, true), (15, false)] {
        assert_eq!(reader.offset(), offset);
        let page = Page {
            keys: &keys[offset as usize..][..20],
            total: Some(100),
            is_late: &is_late,
        };
        reader.take(&page, |_| {});
        assert_eq!(reader.is_gapless(), is_gapless);
        // The first page had row 10, and the second one will have it again instead of row 30.
        keys.swap(10, 30);
    }
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

#[test]
fn a_busy_tenant_is_no_error() {
    for disturbance in [Balanced, FrontLeaving] {
        let [_, small, large] = count_complete(disturbance);
        assert_eq!([small, large], [ALL; 2], "{disturbance:?}");
    }
    let whole_from = |start, knows_late| {
        (0..SEEDS)
            .filter(|seed| {
                let (next, requests) = list_from(start, knows_late, Balanced, *seed, 250);
                assert!(requests < 20, "{requests} requests");
                next == Next::Complete
            })
            .count()
    };
    assert_eq!(whole_from(100, true), ALL);
    assert_eq!(whole_from(0, false), ALL);
}

#[test]
fn lists_without_a_total_lose_nothing() {
    for disturbance in [EndingUncounted, BalancedUncounted] {
        assert_eq!(count_complete(disturbance), [ALL; 3], "{disturbance:?}");
    }
}

#[test]
fn tenants_that_do_not_give_what_is_asked_for_are_an_error() {
    for page_size in [7, 250] {
        for disturbance in [Ignored, IgnoredUncounted, Clamped] {
            let (next, requests) = list(disturbance, 1, page_size);
            assert_eq!(next, Next::Incomplete(Doubt::Unsteady), "{disturbance:?}");
            assert!(requests < 3000, "{requests} requests");
        }
        let (next, _) = list(GrowingAtEnd, 1, page_size);
        assert_eq!(next, Next::Incomplete(Doubt::Growing));
    }
    assert_eq!(list(Overcounted, 1, 250).0, Next::Complete);
}

//! One way through a list, from its start to its end: what was read, in which order, and whether it
//! fits together.

use std::collections::HashSet;

use super::page::Page;

/// How many rows two pages have in common.
pub(super) const OVERLAP: i64 = 5;

/// Pages from this length on do not move by their whole length between two requests.
pub(super) const LONG_PAGE: i64 = 50;

/// How many times the reading steps back at one seam.
const MAX_TRIES: u32 = 10;

/// How many times a reading steps back without finding a new row.
const MAX_STEPS_BACK: u32 = 30;

/// How many times a reading begins again because it has stepped back to the start.
const MAX_RESTARTS: u32 = 10;

/// One way through the list.
#[derive(Default)]
pub(super) struct Reading {
    /// The keys in the order of the list.
    sequence: Vec<u64>,
    /// Whether some overlap did not repeat. The order is loose then, or rows are left out of pages.
    is_unsteady: bool,
    /// Whether rows were inserted before those that were read.
    has_moved_down: bool,
    /// How many rows were new and not late.
    pub new_count: u64,
    /// The keys of all rows that came; kept from the second reading on.
    pub seen: HashSet<u64>,
    /// Whether a late row came.
    pub has_late: bool,
    /// The smallest and the largest total that the tenant gave.
    pub totals: Option<(u64, u64)>,
    /// By how many rows the latest page had moved down.
    shift: i64,
    /// Rows that were expected in a page and did not come: gone, or in another place.
    suspects: Vec<u64>,
    /// Steps back at the current seam.
    tries: u32,
    /// Steps back since the last new row.
    steps_back: u32,
    restarts: u32,
}

/// How a page fits what was read before.
pub(super) enum Seam {
    /// It begins with rows that were read before, in their order; `gone` have left the list. Also an
    /// empty page, and any page of an unsteady reading: their seams prove nothing.
    Joined { gone: Vec<u64> },
    /// Rows may have been skipped.
    Open,
}

impl Reading {
    pub(super) fn is_steady(&self) -> bool {
        !self.is_unsteady
    }

    /// From now on, the overlaps of this reading prove nothing.
    pub(super) fn mark_unsteady(&mut self) {
        self.is_unsteady = true;
    }

    /// The keys in the order of the list.
    pub(super) fn sequence(&self) -> &[u64] {
        &self.sequence
    }

    pub(super) fn record_total(&mut self, total: u64) {
        let (least, most) = self.totals.unwrap_or((total, total));
        self.totals = Some((least.min(total), most.max(total)));
    }

    /// Whether tasks came or went while the list was read, as far as could be seen.
    pub(super) fn has_changed(&self) -> bool {
        self.has_moved_down || self.totals.is_some_and(|(least, most)| least != most)
    }

    /// A row came that was not known before.
    pub(super) fn record_new(&mut self, is_late: bool) {
        self.steps_back = 0;
        self.new_count += u64::from(!is_late);
    }

    /// Whether a page that begins `rows_before` rows after the start begins with rows that were read
    /// before, in their order.
    ///
    /// `longest`: the length of the longest page.
    pub(super) fn seam(&mut self, page: &Page<'_>, rows_before: usize, longest: i64) -> Seam {
        let joined = Seam::Joined { gone: Vec::new() };
        let Some(first) = page.keys.first().filter(|_| !self.is_unsteady) else {
            return joined;
        };
        let Some(from) = self.sequence.iter().rposition(|key| key == first) else {
            return Seam::Open;
        };
        self.has_moved_down |= from < rows_before;
        let shift = count(rows_before) - count(from);
        let moved = shift - std::mem::replace(&mut self.shift, shift);
        if longest >= LONG_PAGE && moved >= longest - 2 * OVERLAP {
            // No whole page of tasks is inserted between two requests: the tenant does not heed the
            // offset. With short pages, `Reader::is_stuck` finds that.
            self.is_unsteady = true;
            return joined;
        }
        let expected = &self.sequence[from..];
        let is_repeated = expected
            .iter()
            .zip(page.keys)
            .all(|(key, other)| key == other);
        let suspects = std::mem::take(&mut self.suspects);
        if suspects.iter().any(|key| page.keys.contains(key)) {
            // They were only in another place: the order is loose.
            self.is_unsteady = true;
            return joined;
        }
        if is_repeated {
            return Seam::Joined { gone: suspects };
        }
        let Some(mut gone) = missing(expected, page) else {
            return Seam::Open;
        };
        if self.tries == 0 && !gone.is_empty() {
            // Rows that have gone are missing from a page that begins further back, too.
            self.suspects = gone;
            return Seam::Open;
        }
        let set: HashSet<u64> = gone.iter().copied().collect();
        let mut kept = self.sequence.split_off(from);
        kept.retain(|key| !set.contains(key));
        self.sequence.append(&mut kept);
        gone.extend(suspects);
        Seam::Joined { gone }
    }

    /// By how many rows to step back at an open seam; `None` once that was tried too often, which makes
    /// the reading unsteady.
    pub(super) fn step_back(&mut self, page_size: i64) -> Option<i64> {
        if self.is_unsteady {
            return None;
        }
        self.tries += 1;
        self.steps_back += 1;
        if self.tries > MAX_TRIES || self.steps_back > MAX_STEPS_BACK {
            self.is_unsteady = true;
            return None;
        }
        Some((page_size / 2).max(1) * i64::from(self.tries))
    }

    /// Adds a page to what was read. Returns how many rows are known now, from the page's first one on.
    pub(super) fn add(&mut self, page: &Page<'_>, is_at_start: bool) -> usize {
        self.tries = 0;
        let first = page.keys.first();
        let from = self.sequence.iter().rposition(|key| Some(key) == first);
        match from {
            _ if is_at_start => {
                if !self.sequence.is_empty() {
                    self.restarts += 1;
                    self.is_unsteady |= self.restarts > MAX_RESTARTS;
                }
                self.sequence = page.keys.to_vec();
            }
            Some(from) if self.sequence.len() - from > page.keys.len() => {
                return self.sequence.len() - from;
            }
            Some(from) => {
                self.sequence.truncate(from);
                self.sequence.extend(page.keys);
            }
            None => self.sequence.extend(page.keys),
        }
        page.keys.len()
    }
}

/// A number of rows as offsets count.
fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// The expected rows that the page lacks; `None` if the others come in another order, or with new rows
/// between them that are not late.
fn missing(expected: &[u64], page: &Page<'_>) -> Option<Vec<u64>> {
    let places: Vec<Option<usize>> = page
        .keys
        .iter()
        .map(|key| expected.iter().position(|other| other == key))
        .collect();
    let last = places.iter().rposition(Option::is_some)?;
    let mut next = 0;
    for (index, place) in places[..=last].iter().enumerate() {
        match place {
            Some(place) if *place >= next => next = place + 1,
            None if (page.is_late)(index) => {}
            _ => return None,
        }
    }
    // The page says nothing about rows beyond its end.
    let reach = if last + 1 < page.keys.len() {
        expected.len()
    } else {
        next
    };
    let is_missing = |key: &&u64| !page.keys.contains(key);
    Some(
        expected[..reach]
            .iter()
            .filter(is_missing)
            .copied()
            .collect(),
    )
}

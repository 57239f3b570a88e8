//! Which page is requested next, and when every task has been delivered.
//!
//! An offset counts rows of a list that changes between two requests. So each page begins a few rows
//! before the end of what is known, and those rows must come again, in their order: then nothing was
//! skipped in between. If they do not, the reader steps back. A list whose order is loose is read
//! again, until counting proves that nothing is missing. `ARCHITECTURE.md` has a drawing.

use std::collections::HashSet;

use super::delivered::Delivered;
use super::page::Page;
use super::reading::{OVERLAP, Reading, Seam};

/// How many times the list is read again when a reading proved nothing.
const MAX_REREADINGS: u32 = 3;

/// How many consecutive pages may have only late rows without getting closer to the end.
const MAX_LATE_PAGES: u32 = 20;

/// How many of its first rows show whether a list still begins as before.
const FRONT_ROWS: usize = 20;

/// What follows a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Another page, at [`Reader::offset`].
    Page,
    /// Nothing: every task was delivered.
    Complete,
    /// Nothing: tasks may be missing.
    Incomplete(Doubt),
}

/// Why it cannot be proved that a listing is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// New tasks come faster than the list is read.
    Growing,
    /// The rows came in another order each time, or fewer than the tenant counts.
    Unsteady,
}

/// Reads a list, and reads it again until it is proved that no task is missing.
pub(super) struct Reader {
    start: i64,
    page_size: i64,
    offset: i64,
    is_at_front: bool,
    delivered: Delivered,
    /// Delivered tasks that have left the list.
    vanished: HashSet<u64>,
    /// Delivered tasks that were created after the listing began.
    late: HashSet<u64>,
    /// How many readings were made before this one.
    rereadings: u32,
    reading: Reading,
    /// Whether an earlier reading fitted together, so that only late tasks can be missing.
    had_steady_reading: bool,
    /// The total that came last.
    total: Option<u64>,
    /// The smallest and the largest total of all readings.
    totals: (u64, u64),
    /// How many of the latest pages had only late rows and brought the end no closer.
    late_pages: u32,
    /// The smallest number of rows that were left after a page, by the tenant's total.
    fewest_left: i64,
    /// The first rows, read again; without late ones.
    front: Vec<u64>,
}

impl Reader {
    pub(super) fn new(start: i64, page_size: i64) -> Self {
        Self {
            start,
            page_size,
            offset: start,
            is_at_front: false,
            delivered: Delivered::default(),
            vanished: HashSet::new(),
            late: HashSet::new(),
            rereadings: 0,
            reading: Reading::default(),
            had_steady_reading: false,
            total: None,
            totals: (u64::MAX, 0),
            late_pages: 0,
            fewest_left: i64::MAX,
            front: Vec::new(),
        }
    }

    /// Where the next page begins.
    pub(super) fn offset(&self) -> i64 {
        self.offset
    }

    /// How many tasks were delivered, and how many the tenant counted last.
    pub(super) fn counts(&self) -> (u64, Option<u64>) {
        (self.delivered.count(), self.total)
    }

    pub(super) fn delivered(&self) -> &Delivered {
        &self.delivered
    }

    /// Takes a page, and calls `deliver` with the place of each row that was not delivered before.
    pub(super) fn take(&mut self, page: &Page<'_>, mut deliver: impl FnMut(usize)) -> Next {
        if let Some(total) = page.total {
            self.total = Some(total);
            self.totals = (self.totals.0.min(total), self.totals.1.max(total));
            self.reading.record_total(total);
        }
        if !self.try_join(page) && self.step_back() {
            return Next::Page;
        }
        self.deliver_new(page, &mut deliver);
        if self.is_at_front {
            return self.after_front(page);
        }
        if page.keys.is_empty() {
            return self.after_empty_page(page);
        }
        if self.had_steady_reading && self.is_counted() {
            return Next::Complete;
        }
        if self.check_outrun(page) {
            return Next::Incomplete(Doubt::Growing);
        }
        self.go_on(page)
    }

    /// Whether the page fits what was read before. Records the rows that have gone.
    fn try_join(&mut self, page: &Page<'_>) -> bool {
        if self.is_at_front || self.offset == self.start {
            return true;
        }
        let rows_before = usize::try_from(self.offset - self.start).unwrap_or(0);
        match self.reading.seam(page, rows_before) {
            Seam::Joined { gone } => {
                self.vanished.extend(gone);
                true
            }
            Seam::Open => false,
        }
    }

    fn step_back(&mut self) -> bool {
        let Some(rows) = self.reading.step_back(self.page_size) else {
            return false;
        };
        self.offset = (self.offset - rows).max(self.start);
        true
    }

    /// Calls `deliver` for each row that was not delivered before.
    fn deliver_new(&mut self, page: &Page<'_>, deliver: &mut impl FnMut(usize)) {
        // While the rows fit together, new rows in the first reading are simply the next ones, not late.
        let is_plain = self.rereadings == 0
            && !self.is_at_front
            && self.reading.is_steady()
            && (self.offset > self.start || self.reading.sequence().is_empty());
        for (index, key) in page.keys.iter().enumerate() {
            if !self.vanished.is_empty() && self.vanished.remove(key) {
                self.reading.mark_unsteady();
            }
            if self.rereadings > 0 && !self.is_at_front {
                self.reading.seen.insert(*key);
            }
            if self.delivered.insert(*key) {
                let is_late = !is_plain && (page.is_late)(index);
                if is_late {
                    self.late.insert(*key);
                }
                self.reading.record_new(is_late);
                deliver(index);
            }
        }
    }

    /// Records whether the page brought the end closer. Returns whether new tasks come faster than the
    /// list is read.
    fn check_outrun(&mut self, page: &Page<'_>) -> bool {
        let left = page.total.map_or(i64::MAX - 1, |total| {
            i64::try_from(total).unwrap_or(i64::MAX) - self.offset
        });
        let is_late = page.keys.iter().all(|key| self.late.contains(key));
        if is_late && left >= self.fewest_left {
            self.late_pages += 1;
        } else {
            self.late_pages = 0;
            self.fewest_left = self.fewest_left.min(left);
        }
        self.late_pages > MAX_LATE_PAGES
    }

    /// Adds a page to what is known and goes to the next one.
    fn go_on(&mut self, page: &Page<'_>) -> Next {
        let length = page.length();
        let end = self.offset + length;
        if !self.reading.is_steady() {
            if page.ends_at(end) {
                return self.end();
            }
            self.offset += (length - self.overlap(length)).max(1);
            return Next::Page;
        }
        let before = self.reading.sequence().len();
        let known = self.reading.add(page, self.offset == self.start);
        if page.ends_at(end) {
            return self.end();
        }
        let frontier = self.offset + i64::try_from(known).unwrap_or(i64::MAX);
        let next = frontier - self.overlap(length);
        // Without a total, the list ends at a page that has nothing new, if no rows follow it.
        let is_exhausted = page.total.is_none() && self.reading.sequence().len() <= before;
        self.offset = if next > self.offset && !is_exhausted {
            next
        } else {
            frontier.max(self.offset + 1)
        };
        Next::Page
    }

    /// How many of a page's rows to request again. With a loose order this proves nothing, but the more
    /// often a position is requested, the likelier each row turns up.
    fn overlap(&self, rows: i64) -> i64 {
        match self.rereadings {
            0 => OVERLAP.min(rows / 2),
            _ if self.reading.is_steady() => OVERLAP.min(rows / 2),
            1 => rows / 2,
            2 => rows * 3 / 4,
            _ => rows * 7 / 8,
        }
    }

    /// After an empty page, or an offset beyond the end.
    fn after_empty_page(&mut self, page: &Page<'_>) -> Next {
        if !page.ends_at(self.offset) && page.total.is_some() {
            // All rows were left out of this page.
            self.reading.mark_unsteady();
            self.offset += (self.page_size - self.overlap(self.page_size)).max(1);
            return Next::Page;
        }
        if self.offset == self.start {
            return self.end();
        }
        if page.total.is_none() && self.reading.is_steady() {
            // This is the end if the last rows are still there; had they moved up, the rows after them
            // would now lie before this offset.
            self.reading.times_end_seen += 1;
            if self.reading.times_end_seen > 1 {
                return self.end();
            }
            self.offset = (self.offset - OVERLAP.min(self.page_size)).max(self.start);
            return Next::Page;
        }
        // Rows left the list, and those that followed moved up.
        if self.step_back() {
            Next::Page
        } else {
            self.end()
        }
    }

    /// The end of a reading.
    fn end(&mut self) -> Next {
        let must_recheck_front = if self.reading.is_steady() {
            self.reading.has_changed()
        } else {
            self.is_counted_exactly()
        };
        if !must_recheck_front {
            return self.judge(true);
        }
        self.is_at_front = true;
        self.front.clear();
        self.late_pages = 0;
        self.offset = self.start;
        Next::Page
    }

    /// After a page of the front, which is read again because rows came or went.
    fn after_front(&mut self, page: &Page<'_>) -> Next {
        let before = self.front.len();
        for key in page.keys {
            if !self.late.contains(key) && !self.front.contains(key) {
                self.front.push(*key);
            }
        }
        self.late_pages = match self.front.len() > before {
            true => 0,
            false => self.late_pages + 1,
        };
        if self.late_pages > 10 * MAX_LATE_PAGES {
            return Next::Incomplete(Doubt::Growing);
        }
        self.offset += page.length();
        if self.front.len() < FRONT_ROWS && !page.keys.is_empty() && !page.ends_at(self.offset) {
            return Next::Page;
        }
        self.is_at_front = false;
        let begins_as_before = self.begins_as_before();
        self.judge(begins_as_before)
    }

    /// Whether the list still begins with the same rows in the same order, apart from late rows and
    /// rows that have gone. A row that moved to the front when its task changed is found here.
    fn begins_as_before(&self) -> bool {
        let Some(first) = self.front.first() else {
            return true;
        };
        let may_have_gone = self
            .reading
            .totals
            .is_none_or(|(least, most)| least != most);
        let mut rest = self
            .reading
            .sequence()
            .iter()
            .filter(|key| !self.late.contains(key));
        if !rest.by_ref().take(FRONT_ROWS).any(|key| key == first) {
            return false;
        }
        self.front[1..].iter().all(|key| {
            let mut skipped = 0;
            let found = rest.any(|other| {
                skipped += usize::from(other != key);
                other == key
            });
            found && (may_have_gone || skipped == 0)
        })
    }

    /// Whether the delivered tasks that are still there are as many as the tenant counts.
    fn is_counted(&self) -> bool {
        let there = self.delivered.count() - self.vanished.len() as u64;
        self.total
            .is_some_and(|total| self.skipped() + there >= total)
    }

    /// Whether exactly as many rows came as the tenant counted, while no task was added or removed.
    /// With a loose order this is the only proof.
    fn is_counted_exactly(&self) -> bool {
        let Some((least, most)) = self.reading.totals else {
            return false;
        };
        let in_this_reading = match self.rereadings {
            0 => self.delivered.count(),
            _ => self.reading.seen.len() as u64,
        };
        let is_counted_now =
            least == most && !self.reading.has_late && self.skipped() + in_this_reading == most;
        let is_counted_overall = self.totals.0 == self.totals.1
            && self.late.is_empty()
            && self.skipped() + self.delivered.count() == most;
        is_counted_now || is_counted_overall
    }

    /// How many rows lie before the start. They are not requested.
    fn skipped(&self) -> u64 {
        u64::try_from(self.start).unwrap_or(0)
    }

    /// Whether the list is whole after a reading. `begins_as_before`: whether the list still begins as
    /// this reading did.
    fn judge(&mut self, begins_as_before: bool) -> Next {
        let found_nothing_new = self.rereadings > 0 && self.reading.new_count == 0;
        let is_steady = self.reading.is_steady();
        let is_proved = is_steady
            && begins_as_before
            && (found_nothing_new || self.total.is_none() || self.is_counted());
        let is_all_that_can_be_had = is_steady && found_nothing_new && self.total.is_none();
        if is_proved || is_all_that_can_be_had || self.is_counted_exactly() {
            return Next::Complete;
        }
        if self.rereadings == MAX_REREADINGS {
            return Next::Incomplete(Doubt::Unsteady);
        }
        self.had_steady_reading |= is_steady && begins_as_before;
        self.rereadings += 1;
        self.reading = Reading::default();
        self.late_pages = 0;
        self.fewest_left = i64::MAX;
        self.offset = self.start;
        Next::Page
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;

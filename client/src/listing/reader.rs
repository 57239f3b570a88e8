//! Which page is requested next, and when every task has been delivered.
//!
//! An offset counts rows of a list that changes between two requests. So each page begins a few rows
//! before the end of what is known, and those rows must come again, in their order: then nothing was
//! skipped in between. If they do not, the reader steps back. A list whose order is loose is read
//! again, until counting proves that nothing is missing. `ARCHITECTURE.md` has a drawing.

use std::collections::HashSet;

use super::delivered::Delivered;
use super::page::Page;
use super::reading::{LONG_PAGE, OVERLAP, Reading, Seam};

/// How many times the list is read again when a reading proved nothing.
const MAX_REREADINGS: u32 = 3;

/// How many consecutive pages may bring the end no closer. A page of only late rows counts three times.
const MAX_PAGES_WITHOUT_PROGRESS: u32 = 60;

/// After how many consecutive empty pages the list ends, although the tenant's total promises more.
const MAX_EMPTY_PAGES: u32 = 5;

/// How many consecutive times the same page may come at another offset. A short page may move with the
/// tasks that are inserted before it.
const MAX_SAME_PAGES: u32 = 3;
const MAX_SAME_SHORT_PAGES: u32 = 20;

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
    /// Whether new tasks come before all others.
    is_newest_first: bool,
    offset: i64,
    is_at_front: bool,
    delivered: Delivered,
    /// Delivered tasks that have left the list.
    vanished: HashSet<u64>,
    /// Tasks that were created after the listing began, as far as their dates or places say so.
    late: HashSet<u64>,
    /// Whether the date of one of them says so.
    has_late: bool,
    /// How many readings were made before this one.
    rereadings: u32,
    reading: Reading,
    /// Whether an earlier reading fitted together, so that only late tasks can be missing.
    had_steady_reading: bool,
    /// The total that came first, and the one that came last.
    first_total: Option<u64>,
    total: Option<u64>,
    /// Whether as many rows have come as lie before the end of the latest page.
    is_gapless: bool,
    /// The smallest and the largest total of all readings.
    totals: (u64, u64),
    /// Whether the delivered tasks were as many as the tenant counted when the reading ended.
    was_counted: bool,
    /// How many of the latest pages brought the end no closer.
    pages_without_progress: u32,
    /// How many of the latest pages were empty, though the tenant counts more rows.
    empty_pages: u32,
    /// The longest page so far.
    longest: i64,
    latest: Vec<u64>,
    /// How many consecutive times the latest page came at another offset.
    same_pages: u32,
    /// Without a total: where the list ended, if nothing follows.
    expected_end: Option<i64>,
    /// The smallest number of rows that were left after a page, by the tenant's total.
    fewest_left: i64,
    /// The first rows, read again; without late ones.
    front: Vec<u64>,
}

impl Reader {
    /// `is_newest_first`: whether the list is sorted so that new tasks come first.
    pub(super) fn new(start: i64, page_size: i64, is_newest_first: bool) -> Self {
        Self {
            start,
            page_size,
            is_newest_first,
            offset: start,
            is_at_front: false,
            delivered: Delivered::default(),
            vanished: HashSet::new(),
            late: HashSet::new(),
            has_late: false,
            rereadings: 0,
            reading: Reading::default(),
            had_steady_reading: false,
            first_total: None,
            total: None,
            is_gapless: false,
            totals: (u64::MAX, 0),
            was_counted: false,
            pages_without_progress: 0,
            empty_pages: 0,
            longest: 0,
            latest: Vec::new(),
            same_pages: 0,
            expected_end: None,
            fewest_left: i64::MAX,
            front: Vec::new(),
        }
    }

    /// Where the next page begins.
    pub(super) fn offset(&self) -> i64 {
        self.offset
    }

    /// Whether the next page is one of the front, which is read again.
    pub(super) fn is_at_front(&self) -> bool {
        self.is_at_front
    }

    /// How many tasks were delivered, and how many the tenant counted last.
    pub(super) fn counts(&self) -> (u64, Option<u64>) {
        (self.delivered.count(), self.total)
    }

    pub(super) fn delivered(&self) -> &Delivered {
        &self.delivered
    }

    /// Whether as many rows have come as lie before the end of the latest page. Only a first reading says so.
    pub(super) fn is_gapless(&self) -> bool {
        self.is_gapless
    }

    /// Takes a page, and calls `deliver` with the place of each row that was not delivered before.
    pub(super) fn take(&mut self, page: &Page<'_>, mut deliver: impl FnMut(usize)) -> Next {
        self.is_gapless = false;
        if let Some(total) = page.total {
            self.first_total.get_or_insert(total);
            self.total = Some(total);
            self.totals = (self.totals.0.min(total), self.totals.1.max(total));
            self.reading.record_total(total);
        }
        if self.is_stuck(page) {
            return Next::Incomplete(Doubt::Unsteady);
        }
        if !page.keys.is_empty() && std::mem::take(&mut self.empty_pages) > 0 {
            // Rows were left out of the pages before this one.
            self.reading.mark_unsteady();
        }
        if !self.try_join(page) && self.step_back() {
            return Next::Page;
        }
        let new_before = self.reading.new_count;
        self.deliver_new(page, &mut deliver);
        let has_new = self.reading.new_count > new_before;
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
        self.go_on(page, has_new)
    }

    /// Whether the same page comes at every offset.
    fn is_stuck(&mut self, page: &Page<'_>) -> bool {
        self.longest = self.longest.max(page.length());
        let is_same = !self.is_at_front && !page.keys.is_empty() && page.keys == self.latest;
        self.same_pages = if is_same { self.same_pages + 1 } else { 0 };
        if !is_same {
            self.latest = page.keys.to_vec();
        }
        let most = match self.longest >= LONG_PAGE {
            true => MAX_SAME_PAGES,
            false => MAX_SAME_SHORT_PAGES,
        };
        self.same_pages >= most && !page.ends_at(self.offset + page.length())
    }

    /// Whether the page fits what was read before. Records the rows that have gone.
    fn try_join(&mut self, page: &Page<'_>) -> bool {
        if self.is_at_front || self.offset == self.start {
            return true;
        }
        let rows_before = usize::try_from(self.offset - self.start).unwrap_or(0);
        match self.reading.seam(page, rows_before, self.longest) {
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
        let is_beginning = self.rereadings == 0 && self.reading.sequence().is_empty();
        // While the rows fit together, new rows in the first reading are simply the next ones, not late.
        let is_plain = is_beginning
            || (self.rereadings == 0
                && !self.is_at_front
                && self.reading.is_steady()
                && self.offset > self.start
                && page.total.is_some());
        let inserted = match is_beginning || self.offset > self.start {
            true => 0,
            false => self.inserted_in_front(page),
        };
        for (index, key) in page.keys.iter().enumerate() {
            if !self.vanished.is_empty() && self.vanished.remove(key) {
                self.reading.mark_unsteady();
            }
            if self.rereadings > 0 && !self.is_at_front {
                self.reading.seen.insert(*key);
            }
            if index < inserted && self.start > 0 {
                // A row from before the start, which a new task pushed past it.
                self.late.insert(*key);
            } else if self.delivered.insert(*key) {
                let is_late = !is_plain && (page.is_late)(index);
                self.has_late |= is_late;
                self.reading.has_late |= is_late;
                // By its place, a row may be of a new task even if its date does not say so.
                let counts_as_late = is_late || (!is_plain && index < inserted);
                if counts_as_late {
                    self.late.insert(*key);
                }
                self.reading.record_new(counts_as_late);
                deliver(index);
            }
        }
    }

    /// How many rows at the start are there because new tasks were inserted before them.
    fn inserted_in_front(&self, page: &Page<'_>) -> usize {
        if !self.is_newest_first && self.start == 0 {
            return 0;
        }
        let is_known = |key: &u64| self.delivered.contains(*key);
        page.keys.iter().position(is_known).unwrap_or(0)
    }

    /// Records whether the page brought the end closer. Returns whether new tasks come faster than the
    /// list is read.
    fn check_outrun(&mut self, page: &Page<'_>) -> bool {
        let left = page.total.map_or(0, |total| {
            i64::try_from(total).unwrap_or(i64::MAX) - self.offset
        });
        let is_late = page.keys.iter().all(|key| self.late.contains(key));
        if left < self.fewest_left || (page.total.is_none() && !is_late) {
            self.fewest_left = left;
            self.pages_without_progress = 0;
        } else {
            self.pages_without_progress += if is_late { 3 } else { 1 };
        }
        self.pages_without_progress > MAX_PAGES_WITHOUT_PROGRESS
    }

    /// Adds a page to what is known and goes to the next one.
    fn go_on(&mut self, page: &Page<'_>, has_new: bool) -> Next {
        let length = page.length();
        let end = self.offset + length;
        if !self.reading.is_steady() {
            if page.ends_at(end) {
                return self.end();
            }
            self.offset += (length - self.overlap(length)).max(1);
            return Next::Page;
        }
        let known = self.reading.add(page, self.offset == self.start);
        let is_full = page.total.is_some() && length == self.page_size;
        self.is_gapless = self.rereadings == 0 && is_full && self.end_of_known() == end;
        if page.ends_at(end) {
            return self.end();
        }
        if page.total.is_none() && !has_new {
            if self.expected_end == Some(self.offset) {
                return self.end();
            }
            // The list ends with a page of known rows that is shorter than others, if no rows follow it.
            let is_last = self.reading.sequence().last() == page.keys.last();
            if is_last && (length < self.longest || self.offset == self.start) {
                self.expected_end = Some(end);
                self.offset = end;
                return Next::Page;
            }
        }
        let frontier = self.offset + i64::try_from(known).unwrap_or(i64::MAX);
        let next = frontier - self.overlap(length);
        self.offset = if next > self.offset {
            next
        } else {
            frontier.max(self.offset + 1)
        };
        Next::Page
    }

    /// Where the delivered rows end, if they are all that lie before it. Each counts once, though it may have come in
    /// two places. Rows that came before them since the first page, or left, have moved them, and the total counts it.
    fn end_of_known(&self) -> i64 {
        let count = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
        let total = |total: Option<u64>| count(total.unwrap_or(0));
        let moved = total(self.total) - total(self.first_total);
        let delivered = count(self.delivered.count());
        self.start.saturating_add(delivered).saturating_add(moved)
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
        if page.total.is_some() && !page.ends_at(self.offset) {
            // Rows were left out of this page, or the tenant counts more than it gives.
            self.empty_pages += 1;
            if self.empty_pages == MAX_EMPTY_PAGES {
                return self.end();
            }
            self.offset += (self.page_size - self.overlap(self.page_size)).max(1);
            return Next::Page;
        }
        if self.offset == self.start || self.expected_end == Some(self.offset) {
            return self.end();
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
        self.was_counted = self.is_counted();
        self.empty_pages = 0;
        self.expected_end = None;
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
        self.pages_without_progress = 0;
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
        self.pages_without_progress = match self.front.len() > before {
            true => 0,
            false => self.pages_without_progress + 1,
        };
        if self.pages_without_progress > 3 * MAX_PAGES_WITHOUT_PROGRESS {
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
        let mut rest = self
            .reading
            .sequence()
            .iter()
            .filter(|key| !self.late.contains(key));
        self.front.iter().all(|key| rest.any(|other| other == key))
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
            && !self.has_late
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
            && (found_nothing_new || self.total.is_none() || self.was_counted || self.is_counted());
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
        self.pages_without_progress = 0;
        self.fewest_left = i64::MAX;
        self.offset = self.start;
        Next::Page
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;

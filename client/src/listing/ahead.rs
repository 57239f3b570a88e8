//! Pages that are requested before it is certain that they are the next ones.
//!
//! As long as each page brings the listing on by the same number of rows, it is known where the next
//! pages begin. They overlap as pages do that are read one after the other, so the reader finds out
//! whether they fit. If it wants another page than the next one here, all of them are dropped.

use std::collections::VecDeque;

use super::page::Page;
use crate::running::Running;

/// Pages on their way, in the order of the list.
pub(super) struct Ahead {
    /// The most pages to have on their way.
    most: usize,
    /// By how many rows the latest page brought the listing on.
    stride: i64,
    /// How many pages in a row did the same.
    regular: usize,
    /// How many rows the latest page had.
    length: i64,
    /// Where the list ends, by the tenant's total.
    end: i64,
    pages: VecDeque<(i64, Running)>,
}

impl Ahead {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            stride: 0,
            regular: 0,
            length: 0,
            end: 0,
            pages: VecDeque::new(),
        }
    }

    /// A page has brought the listing on by this many rows; `None` if the next page does not follow it.
    pub(super) fn advance(&mut self, page: &Page<'_>, rows: Option<i64>) {
        self.length = page.length();
        // Only the total says that anything follows.
        self.end = page
            .total
            .map_or(0, |total| i64::try_from(total).unwrap_or(i64::MAX));
        match rows.filter(|rows| *rows > 0) {
            Some(rows) if rows == self.stride => self.regular += 1,
            Some(rows) => (self.stride, self.regular) = (rows, 1),
            None => self.regular = 0,
        }
    }

    /// Requests the pages that follow the one at this offset. Drops those that were requested if that one
    /// is not their first.
    ///
    /// `wanted`: how many more rows the caller wants.
    pub(super) fn request(&mut self, offset: i64, wanted: u64, start: impl Fn(i64) -> Running) {
        if self
            .pages
            .front()
            .is_some_and(|(first, _)| *first != offset)
        {
            self.drop_pages();
        }
        for place in self.pages.len().max(1)..self.window() {
            let rows =
                i64::try_from(place).map_or(i64::MAX, |pages| pages.saturating_mul(self.stride));
            let from = offset.saturating_add(rows);
            let is_beyond_the_end = from - self.stride + self.length >= self.end;
            if is_beyond_the_end || u64::try_from(rows).is_ok_and(|rows| rows >= wanted) {
                return;
            }
            self.pages.push_back((from, start(from)));
        }
    }

    /// The page that begins there, if it is on its way.
    pub(super) fn page(&mut self, offset: i64) -> Option<&mut Running> {
        let (begins_at, page) = self.pages.front_mut()?;
        (*begins_at == offset).then_some(page)
    }

    /// Removes the first page.
    pub(super) fn remove(&mut self) {
        self.pages.pop_front();
    }

    /// Ends the requests of all pages.
    pub(super) fn drop_pages(&mut self) {
        self.pages.clear();
    }

    /// How many pages to have on their way. A caller that takes one page costs no more than two, and a
    /// list whose pages are irregular costs none that are dropped.
    fn window(&self) -> usize {
        (2 * self.regular).saturating_sub(1).min(self.most)
    }
}

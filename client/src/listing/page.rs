//! A page, as far as it matters for whether a listing is whole.

/// The rows of a page by their keys. Also empty if the offset is beyond the end.
pub(super) struct Page<'a> {
    pub keys: &'a [u64],
    /// How many rows the whole list has, if the tenant said so with this page.
    pub total: Option<u64>,
    /// Whether a row is of a task that was created after the listing began. Such tasks need not be
    /// delivered. This reads the row's JSON, so it is called only where it matters.
    pub is_late: &'a dyn Fn(usize) -> bool,
}

impl Page<'_> {
    pub(super) fn length(&self) -> i64 {
        count(self.keys)
    }

    /// Whether the list ends after this many rows, by the tenant's total.
    pub(super) fn ends_at(&self, rows: i64) -> bool {
        self.total
            .is_some_and(|total| u64::try_from(rows).is_ok_and(|rows| rows >= total))
    }
}

/// How many there are, as offsets count.
pub(super) fn count<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

//! Which tasks are asked for together, by one filter.

use std::collections::HashSet;

/// The most ids in one filter, and the most bytes once encoded: a filter must fit into a URL.
const MAX_IDS: usize = 100;
const MAX_BYTES: usize = 24 << 10;

/// After so many refusals in a row, filters are not tried any more. Halving a filter down to the one id that
/// spoils it takes seven.
const MOST_REFUSALS: u32 = 16;

/// How large the filters are. The tenant may refuse one for one of its ids: it is halved until that id is by itself.
/// The id is remembered, so that later polls do not find it again.
pub(super) struct Filters {
    most: usize,
    /// The ids that are not put into a filter.
    alone: HashSet<String>,
    refusals: u32,
}

impl Default for Filters {
    fn default() -> Self {
        Self {
            most: MAX_IDS,
            alone: HashSet::new(),
            refusals: 0,
        }
    }
}

impl Filters {
    /// The first ids, as many as are asked for together.
    pub(super) fn next<'a>(&mut self, ids: &'a [String]) -> &'a [String] {
        let mut bytes = 0;
        let fitting = ids.iter().take(self.most).take_while(|id| {
            // A byte may become three when encoded, as may the quotes and the comma around an id.
            bytes += 3 * (id.len() + 3);
            bytes <= MAX_BYTES && !self.alone.contains(*id)
        });
        let count = fitting.count().max(1).min(ids.len());
        if let Some(id) = ids.first()
            && self.most == 1
            && self.refusals < MOST_REFUSALS
        {
            self.alone.insert(id.clone());
            self.most = 2;
        }
        &ids[..count]
    }

    /// The tenant refused a filter of several ids.
    pub(super) fn refused(&mut self, ids: &[String]) {
        self.refusals += 1;
        self.most = if self.refusals < MOST_REFUSALS {
            ids.len() / 2
        } else {
            1
        };
    }

    /// The tenant took a filter of several ids.
    pub(super) fn accepted(&mut self) {
        self.refusals = 0;
        self.most = (2 * self.most).min(MAX_IDS);
    }
}

/// The filter for some ids.
pub(super) fn text(ids: &[String]) -> String {
    let quoted: Vec<String> = ids
        .iter()
        .map(|id| format!("\"{}\"", id.replace('\\', "\\\\").replace('"', "\\\"")))
        .collect();
    format!("id in ({})", quoted.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks for all ids once. Returns how many filters were refused, and which ids were asked for by themselves.
    fn poll(
        filters: &mut Filters,
        ids: &[String],
        spoils: impl Fn(&str) -> bool,
    ) -> (usize, Vec<String>) {
        let (mut refused, mut alone) = (0, Vec::new());
        let mut left = ids;
        while !left.is_empty() {
            let next = filters.next(left);
            if next.len() > 1 && next.iter().any(|id| spoils(id)) {
                refused += 1;
                filters.refused(next);
                continue;
            }
            match next {
                [id] => alone.push(id.clone()),
                _ => filters.accepted(),
            }
            left = &left[next.len()..];
        }
        (refused, alone)
    }

    fn ids(count: usize) -> Vec<String> {
        (0..count).map(|id| id.to_string()).collect()
    }

    #[test]
    fn an_id_that_spoils_a_filter_is_found_once() {
        for spoilt in [0, 1, 49, 50, 98, 99, 150, 299] {
            let mut filters = Filters::default();
            let spoils = |id: &str| id == spoilt.to_string();
            let (refused, alone) = poll(&mut filters, &ids(300), spoils);
            assert!(alone.contains(&spoilt.to_string()));
            assert!(alone.len() <= 4, "{spoilt}: {alone:?}");
            assert!(refused <= 20, "{spoilt}: {refused}");
            let (refused, again) = poll(&mut filters, &ids(300), spoils);
            assert_eq!(refused, 0, "{spoilt}");
            assert!(again.len() <= 5, "{spoilt}: {again:?}");
        }
    }

    #[test]
    fn a_tenant_that_refuses_every_filter_is_soon_asked_for_none() {
        let mut filters = Filters::default();
        let (refused, alone) = poll(&mut filters, &ids(300), |_| true);
        assert_eq!((refused, alone.len()), (16, 300));
        let (refused, alone) = poll(&mut filters, &ids(300), |_| true);
        assert_eq!((refused, alone.len()), (0, 300));
    }

    #[test]
    fn quotes_in_ids_are_escaped() {
        let ids = ["a".to_owned(), r#"b"\"#.to_owned()];
        assert_eq!(text(&ids), r#"id in ("a","b\"\\")"#);
    }
}

//! The rows of a tenant that allows 100 requests in 10 s: the first hundred are sent at once.

use super::{LEAST, LONG_LIST, MODULE, RUST, Row, Tenant, contender};
use crate::bench::contenders::Program;
use crate::bench::figure::{Figure, Goal, Measure};

/// Requests that the tenant allows in a window, and the window's seconds.
const REQUESTS: usize = 100;
const SECONDS: usize = 10;
const RATE: &str = "100/10";

/// The largest allowed ratio to the least possible time.
const MAX_RATIO: f64 = 1.05;

pub(super) fn rows() -> Vec<Row> {
    vec![
        listing(
            "100,000 tasks where 100 requests in 10 s are allowed",
            LONG_LIST,
        ),
        mixed(
            "1,000 GETs from 8 threads and a listing of 10,000 tasks, where 100 requests in 10 s are allowed",
            1000,
            10_000,
        ),
    ]
}

/// Reduces a row to two windows.
pub(super) fn shorten(row: &mut Row) {
    *row = match row.job {
        "all" => listing(
            "25,000 tasks where 100 requests in 10 s are allowed",
            25_000,
        ),
        _ => mixed(
            "160 GETs from 8 threads and a listing of 1,000 tasks, where 100 requests in 10 s are allowed",
            160,
            1000,
        ),
    };
}

fn listing(title: &'static str, tasks: usize) -> Row {
    Row {
        name: "rate-all",
        job: "all",
        count: tasks,
        contenders: vec![
            contender(RUST, Program::Rust),
            contender(MODULE, Program::ManyModule),
        ],
        figures: figures(title, &[RUST, MODULE], pages(tasks)),
        ..limited(tasks)
    }
}

fn mixed(title: &'static str, gets: usize, tasks: usize) -> Row {
    Row {
        name: "rate",
        job: "mixed",
        count: gets,
        at_once: 8,
        contenders: vec![contender(RUST, Program::Rust)],
        figures: figures(title, &[RUST], gets + pages(tasks)),
        ..limited(tasks)
    }
}

fn limited(tasks: usize) -> Row {
    Row {
        tenant: Tenant {
            rate: Some(RATE),
            ..Tenant::of(tasks)
        },
        rounds: 1,
        ..Row::default()
    }
}

/// Requests of a listing: its pages have 250 tasks, and each begins with the last five of the one before.
fn pages(tasks: usize) -> usize {
    1 + (tasks - 250).div_ceil(245)
}

fn figures(title: &'static str, contenders: &[&'static str], requests: usize) -> Vec<Figure> {
    let least = ((requests.div_ceil(REQUESTS) - 1) * SECONDS) as f64;
    // Fewer than 2 percent.
    let most_refused = (requests * 2).div_ceil(100) - 1;
    let goals = |goal| contenders.iter().map(|name| (*name, goal)).collect();
    vec![
        Figure {
            title,
            measure: Measure::Seconds,
            known: vec![(LEAST, least)],
            reference: Some(LEAST),
            goal: goals(Goal::Share(MAX_RATIO, LEAST)),
        },
        Figure {
            title: "the same, requests refused with 429",
            measure: Measure::Refused,
            known: vec![],
            reference: None,
            goal: goals(Goal::AtMost(most_refused as f64)),
        },
    ]
}

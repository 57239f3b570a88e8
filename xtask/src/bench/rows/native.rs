//! The rows of the library in Rust and C.

use super::{C, CURL, Contender, LONG_LIST, NODE, PYTHON, RUST, Row, Tenant, contender};
use crate::bench::contenders::Program;
use crate::bench::figure::{Figure, Goal, Measure};

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row {
            name: "get",
            count: 5000,
            contenders: natives(10),
            figures: vec![against_libcurl("GET one task, one thread", 0.9)],
            ..Row::default()
        },
        Row {
            name: "get-8",
            count: 16_000,
            at_once: 8,
            contenders: natives(10),
            figures: vec![against_libcurl(
                "GET one task, 8 threads on one client",
                0.9,
            )],
            ..Row::default()
        },
        Row {
            name: "page",
            job: "page",
            count: 500,
            contenders: natives(25),
            figures: vec![against_libcurl(
                "a page of 250 to a checked JSON string",
                0.75,
            )],
            ..Row::default()
        },
        Row {
            name: "size",
            rounds: 1,
            contenders: vec![contender(C, Program::Library)],
            figures: vec![Figure {
                title: "the library's file",
                measure: Measure::Megabytes,
                known: vec![],
                reference: None,
                goal: vec![(C, Goal::AtMost(4.0))],
            }],
            ..Row::default()
        },
        Row {
            name: "memory",
            tenant: Tenant::of(LONG_LIST),
            job: "list",
            count: LONG_LIST,
            rounds: 3,
            contenders: vec![
                contender(CURL, Program::Curl),
                contender(C, Program::C),
                Contender {
                    job: Some("all"),
                    ..contender("this, C, \"all\"", Program::C)
                },
            ],
            figures: vec![Figure {
                title: "memory of a C program that lists 100,000 tasks page by page",
                measure: Measure::Megabytes,
                known: vec![],
                reference: Some(CURL),
                goal: vec![
                    (C, Goal::AtMost(10.0)),
                    ("this, C, \"all\"", Goal::AtMost(10.0)),
                ],
            }],
            ..Row::default()
        },
        Row {
            name: "start",
            job: "start",
            rounds: 21,
            contenders: vec![contender(CURL, Program::Curl), contender(C, Program::C)],
            figures: vec![Figure {
                title: "a C program's start to its end: token and one GET, the tenant's own time included",
                measure: Measure::Wall,
                known: vec![],
                reference: Some(CURL),
                goal: vec![(C, Goal::AtMost(0.015))],
            }],
            ..Row::default()
        },
    ]
}

/// The contenders without PowerShell. `part` applies to the vendor's SDKs.
fn natives(part: usize) -> Vec<Contender> {
    let slow = |name, program| Contender {
        part,
        ..contender(name, program)
    };
    vec![
        contender(CURL, Program::Curl),
        contender(RUST, Program::Rust),
        contender(C, Program::C),
        slow(PYTHON, Program::Python),
        slow(NODE, Program::Node),
    ]
}

fn against_libcurl(title: &'static str, times: f64) -> Figure {
    Figure {
        title,
        measure: Measure::PerSecond,
        known: vec![],
        reference: Some(CURL),
        goal: vec![(RUST, Goal::Times(times)), (C, Goal::Times(times))],
    }
}

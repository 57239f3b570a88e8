//! The rows of many requests to a tenant that is far away.

use super::{BY_HAND, Contender, MODULE, NODE, PARALLEL, RUST, Row, Tenant, contender};
use crate::bench::contenders::Program;
use crate::bench::figure::{Figure, Goal, Measure};

const AT_ONCE: usize = 5;

pub(super) fn rows() -> Vec<Row> {
    let tenant = || Tenant {
        pending: 40,
        latency: 200,
        ..Tenant::default()
    };
    let rust = || contender(RUST, Program::Rust);
    let row = |name, job, count, title| Row {
        name,
        tenant: tenant(),
        job,
        count,
        at_once: AT_ONCE,
        rounds: 3,
        contenders: contenders(),
        figures: vec![Figure {
            title,
            measure: Measure::Seconds,
            known: vec![],
            reference: Some(BY_HAND),
            goal: vec![
                (MODULE, Goal::Share(0.35, BY_HAND)),
                (MODULE, Goal::Share(1.0, PARALLEL)),
            ],
        }],
    };
    let mut all = row("far-all", "all", 10_000, "200 ms away: all of 10,000 tasks");
    all.tenant.tasks = all.count;
    all.contenders.push(rust());
    let mut ids = row("far-ids", "ids", 40, "200 ms away: 40 tasks by id");
    ids.contenders.push(rust());
    let clear = row(
        "far-clear",
        "clear",
        40,
        "200 ms away: 40 pending tasks looked at and completed",
    );
    vec![all, ids, clear]
}

fn contenders() -> Vec<Contender> {
    vec![
        Contender {
            at_once: Some(1),
            ..contender(BY_HAND, Program::ManyByHand)
        },
        contender(PARALLEL, Program::ManyByHand),
        contender(NODE, Program::ManyNode),
        contender(MODULE, Program::ManyModule),
    ]
}

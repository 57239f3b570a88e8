//! The rows of the PowerShell module.

use super::{
    BARE, BY_HAND, Contender, DOCUMENTED, LONG_LIST, MODULE, Row, THREAD_JOB, Tenant, contender,
};
use crate::bench::contenders::Program;
use crate::bench::figure::{Figure, Goal, Measure};

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row {
            name: "ps-import",
            job: "import",
            rounds: 15,
            contenders: vec![
                Contender {
                    job: Some("thread-job"),
                    ..contender(THREAD_JOB, Program::Import)
                },
                contender(MODULE, Program::Import),
                contender(BARE, Program::Bare),
            ],
            figures: vec![Figure {
                title: "PowerShell: import, above a bare pwsh",
                measure: Measure::WallAboveBare,
                known: vec![(DOCUMENTED, 20.7)],
                reference: Some(THREAD_JOB),
                goal: vec![(MODULE, Goal::Share(2.0, THREAD_JOB))],
            }],
            ..Row::default()
        },
        Row {
            name: "ps-start",
            job: "start",
            rounds: 15,
            contenders: shells_and_bare(),
            figures: vec![Figure {
                title: "PowerShell: import and first call, above a bare pwsh",
                measure: Measure::WallAboveBare,
                known: vec![(DOCUMENTED, 24.0)],
                reference: Some(BY_HAND),
                goal: vec![(MODULE, Goal::Share(0.5, BY_HAND))],
            }],
            ..Row::default()
        },
        Row {
            name: "ps-get",
            count: 2000,
            contenders: shells(),
            figures: vec![against_by_hand(
                "PowerShell: GETs of one task",
                19.0,
                Goal::Times(3.0),
            )],
            ..Row::default()
        },
        Row {
            name: "ps-page",
            job: "page",
            count: 60,
            contenders: shells(),
            figures: vec![against_by_hand(
                "PowerShell: pages of 250 to objects",
                6.5,
                Goal::Times(4.0),
            )],
            ..Row::default()
        },
        Row {
            name: "ps-look",
            job: "look",
            count: 60,
            contenders: shells(),
            // The module reads the parts of a task only when they are used: this row uses all of them.
            figures: vec![Figure {
                title: "PowerShell: pages of 250, each task's parts looked at",
                measure: Measure::PerSecond,
                known: vec![],
                reference: Some(BY_HAND),
                goal: vec![],
            }],
            ..Row::default()
        },
        Row {
            name: "ps-patch",
            job: "patch",
            count: 1000,
            contenders: shells(),
            figures: vec![against_by_hand(
                "PowerShell: PATCHes",
                18.1,
                Goal::Times(3.0),
            )],
            ..Row::default()
        },
        Row {
            name: "ps-all",
            tenant: Tenant::of(LONG_LIST),
            job: "all",
            count: LONG_LIST,
            rounds: 3,
            contenders: shells_and_bare(),
            figures: vec![
                against_by_hand(
                    "PowerShell: tasks of a list of 100,000 (-All)",
                    1600.0,
                    Goal::AtLeast(10_000.0),
                ),
                Figure {
                    title: "PowerShell: the same, most memory of the process",
                    measure: Measure::Megabytes,
                    known: vec![(DOCUMENTED, 900.0)],
                    reference: Some(BY_HAND),
                    goal: vec![],
                },
                Figure {
                    title: "PowerShell: the same, memory above a bare pwsh",
                    measure: Measure::MegabytesAboveBare,
                    known: vec![],
                    reference: Some(BY_HAND),
                    goal: vec![(MODULE, Goal::AtMost(60.0))],
                },
            ],
            ..Row::default()
        },
    ]
}

fn shells() -> Vec<Contender> {
    vec![
        contender(BY_HAND, Program::ByHand),
        contender(MODULE, Program::Module),
    ]
}

fn shells_and_bare() -> Vec<Contender> {
    let mut shells = shells();
    shells.push(contender(BARE, Program::Bare));
    shells
}

fn against_by_hand(title: &'static str, documented: f64, goal: Goal) -> Figure {
    Figure {
        title,
        measure: Measure::PerSecond,
        known: vec![(DOCUMENTED, documented)],
        reference: Some(BY_HAND),
        goal: vec![(MODULE, goal)],
    }
}

//! Turns runs into medians, ratios and whether the goal is met, as a table and as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::figure::{Figure, Goal, Measure};
use super::machine::Machine;
use super::rows::BARE;
use super::run::{Measured, Sample};

/// The start of benches/RESULTS.md.
const INTRODUCTION: &str = "\
# Results

Written by `cargo xtask bench --write`. The tenant is the sandbox on loopback, in its own process on the same machine;
contenders take turns, run by run. \"Times as good\" compares medians: more per second, or less time or memory. The
documented SDK's figures were measured once (FINDINGS.md).
";

/// Everything that was measured.
pub struct Report {
    machine: Machine,
    figures: Vec<Compared>,
}

/// A figure of every contender.
struct Compared {
    row: &'static str,
    title: &'static str,
    unit: &'static str,
    reference: Option<&'static str>,
    lines: Vec<Line>,
}

/// A contender's figure.
struct Line {
    contender: &'static str,
    /// One value for each run; a single one for a figure measured elsewhere.
    values: Vec<f64>,
    median: f64,
    /// How many times as good as the reference.
    times: Option<f64>,
    goal: Vec<(Goal, bool)>,
    measured: bool,
}

impl Report {
    pub fn of(machine: Machine, rows: &[Measured<'_>]) -> Self {
        let figures = rows
            .iter()
            .flat_map(|measured| {
                measured
                    .row
                    .figures
                    .iter()
                    .map(|figure| compare(figure, measured))
            })
            .collect();
        Self { machine, figures }
    }

    /// The table, in Markdown that is readable as text.
    pub fn text(&self) -> String {
        let mut cells = vec![
            [
                "work",
                "contender",
                "median",
                "from",
                "to",
                "times as good",
                "goal",
            ]
            .map(str::to_owned),
        ];
        for figure in &self.figures {
            for (index, line) in figure.lines.iter().enumerate() {
                cells.push([
                    if index == 0 {
                        figure.title.to_owned()
                    } else {
                        String::new()
                    },
                    line.contender.to_owned(),
                    format!("{} {}", short(line.median), figure.unit)
                        .trim_end()
                        .to_owned(),
                    if line.measured {
                        short(line.values[0])
                    } else {
                        "-".to_owned()
                    },
                    if line.measured {
                        short(line.values[line.values.len() - 1])
                    } else {
                        "-".to_owned()
                    },
                    match line.times {
                        Some(_) if figure.reference == Some(line.contender) => {
                            "reference".to_owned()
                        }
                        Some(times) => short(times),
                        None => String::new(),
                    },
                    line.goal
                        .iter()
                        .map(|(goal, met)| {
                            format!("{goal}: {}", if *met { "met" } else { "MISSED" })
                        })
                        .collect::<Vec<_>>()
                        .join(", "),
                ]);
            }
        }
        let verdicts: Vec<bool> = self
            .figures
            .iter()
            .flat_map(|figure| &figure.lines)
            .flat_map(|line| line.goal.iter().map(|(_, met)| *met))
            .collect();
        format!(
            "{}\n\n{}\n{} of {} met",
            self.machine,
            table(&cells),
            verdicts.iter().filter(|met| **met).count(),
            verdicts.len()
        )
    }

    /// The file benches/RESULTS.md.
    pub fn markdown(&self) -> String {
        format!("{INTRODUCTION}\n{}\n", self.text())
    }

    pub fn json(&self) -> Value {
        let figures: Vec<Value> = self
            .figures
            .iter()
            .map(|figure| {
                let lines: Vec<Value> = figure.lines.iter().map(Line::json).collect();
                json!({
                    "row": figure.row,
                    "title": figure.title,
                    "unit": figure.unit,
                    "reference": figure.reference,
                    "contenders": lines,
                })
            })
            .collect();
        json!({"machine": self.machine.json(), "figures": figures})
    }
}

impl Line {
    fn new(contender: &'static str, values: Vec<f64>, measured: bool) -> Self {
        let (median, values) = median(values);
        Self {
            contender,
            values,
            median,
            times: None,
            goal: Vec::new(),
            measured,
        }
    }

    fn json(&self) -> Value {
        let goal: Vec<Value> = self
            .goal
            .iter()
            .map(|(goal, met)| json!({"goal": goal.to_string(), "met": met}))
            .collect();
        json!({
            "contender": self.contender,
            "median": self.median,
            "values": self.values,
            "times_as_good": self.times,
            "goal": goal,
            "measured_here": self.measured,
        })
    }
}

fn compare(figure: &Figure, measured: &Measured<'_>) -> Compared {
    let row = measured.row;
    let runs = || {
        row.contenders
            .iter()
            .map(|contender| contender.name)
            .zip(&measured.samples)
    };
    let values = |samples: &[Sample]| {
        samples
            .iter()
            .map(|sample| value(figure.measure, sample))
            .collect()
    };
    let bare = runs()
        .find(|(name, _)| *name == BARE && figure.measure.is_above_bare())
        .map_or(0.0, |(_, samples)| median(values(samples)).0);

    let mut lines: Vec<Line> = figure
        .known
        .iter()
        .map(|(name, value)| Line::new(name, vec![*value], false))
        .collect();
    for (name, samples) in runs().filter(|(name, _)| *name != BARE) {
        let values: Vec<f64> = values(samples);
        lines.push(Line::new(
            name,
            values.iter().map(|value| value - bare).collect(),
            true,
        ));
    }
    let medians: BTreeMap<_, _> = lines
        .iter()
        .map(|line| (line.contender, line.median))
        .collect();
    let of = |contender: &str| medians.get(contender).copied();
    let reference = figure.reference.and_then(of);
    for line in &mut lines {
        line.times = reference.map(|reference| match figure.measure.more_is_better() {
            true => line.median / reference,
            false => reference / line.median,
        });
        let own = figure
            .goal
            .iter()
            .filter(|(contender, _)| *contender == line.contender);
        line.goal = own
            .map(|(_, goal)| (*goal, goal.is_met(line.median, line.times, of)))
            .collect();
    }
    Compared {
        row: row.name,
        title: figure.title,
        unit: figure.measure.unit(),
        reference: figure.reference,
        lines,
    }
}

/// The value of a measure in a run.
fn value(measure: Measure, sample: &Sample) -> f64 {
    match measure {
        Measure::PerSecond => sample.count as f64 / sample.seconds,
        Measure::Seconds => sample.seconds,
        Measure::Wall | Measure::WallAboveBare => sample.wall,
        Measure::Megabytes | Measure::MegabytesAboveBare => sample.megabytes,
        Measure::Refused => sample.refused as f64,
    }
}

/// The median, and the values in order.
fn median(mut values: Vec<f64>) -> (f64, Vec<f64>) {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let median = match values.len() % 2 {
        0 => (values[middle - 1] + values[middle]) / 2.0,
        _ => values[middle],
    };
    (median, values)
}

/// The number with three significant digits.
fn short(value: f64) -> String {
    let decimals = match value.abs() {
        0.0 => 0,
        size => (2 - size.log10().floor() as i32).clamp(0, 4) as usize,
    };
    format!("{value:.decimals$}")
}

/// A Markdown table with aligned columns.
fn table<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let mut widths = [3; COLUMNS];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        for (width, cell) in widths.iter().zip(row) {
            text.push_str(&format!("| {cell:<width$} "));
        }
        text.push_str("|\n");
        if index == 0 {
            for width in widths {
                text.push_str(&format!("|-{}-", "-".repeat(width)));
            }
            text.push_str("|\n");
        }
    }
    text
}

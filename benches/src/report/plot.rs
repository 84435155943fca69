//! For the documents: plots as SVG.

use std::path::Path;

use plotters::coord::ranged1d::ValueFormatter;
use plotters::prelude::*;

use super::Results;
use crate::contest::{Goal, Outcome, Point, Quartiles};
use crate::load::{Done, Latency};
use crate::server::Failure;
use crate::subject::Subject;

/// How something grows: the name of its file, and what its axis says.
pub const GROWTH: [(&str, &str); 3] = [
    ("growth-rate", "requests a second"),
    ("growth-memory", "resident memory in MiB"),
    ("growth-latency", "latency in µs: p50, p99, p99.9"),
];

const SIZE: (u32, u32) = (900, 540);

/// Draws all plots into a folder.
///
/// # Errors
///
/// When a file cannot be written.
pub fn draw(results: &Results, folder: &Path) -> Result<(), Failure> {
    ratios(&results.outcomes, &folder.join("ratios.svg"))?;
    if results.growth.points.is_empty() {
        return Ok(());
    }
    let [rate, memory, latency] = GROWTH;
    let points = &results.growth.points;
    growth(points, folder, rate, &[&|turn| Some(turn.rate())])?;
    let mebibytes = |turn: &Done| Some(turn.resident? as f64 / 1024.0 / 1024.0);
    growth(points, folder, memory, &[&mebibytes])?;
    growth(
        points,
        folder,
        latency,
        &[
            &|turn| microseconds(turn, |all| all.p50),
            &|turn| microseconds(turn, |all| all.p99),
            &|turn| microseconds(turn, |all| all.p999),
        ],
    )
}

fn microseconds(turn: &Done, part: impl Fn(&Latency) -> std::time::Duration) -> Option<f64> {
    Some(part(turn.latency.as_ref()?).as_secs_f64() * 1e6)
}

type Measure<'a> = &'a dyn Fn(&Done) -> Option<f64>;

/// Draws a line for each subject and measure over the number of connections.
fn growth(
    points: &[Point],
    folder: &Path,
    (file, title): (&str, &str),
    measures: &[Measure<'_>],
) -> Result<(), Failure> {
    let value = |point: &Point, measure: Measure<'_>| {
        let median = point.quartiles(measure)?.median;
        Some((point.connections as f64, median))
    };
    let all = measures
        .iter()
        .flat_map(|measure| points.iter().filter_map(|point| value(point, *measure)));
    let (mut least, mut most, mut last) = (f64::MAX, 0.0_f64, 1.0_f64);
    for (connections, value) in all {
        (least, most, last) = (least.min(value), most.max(value), last.max(connections));
    }
    let path = folder.join(format!("{file}.svg"));
    let area = SVGBackend::new(&path, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(72)
        .build_cartesian_2d(
            (1.0..last).log_scale(),
            (least / 1.3..most * 1.3).log_scale(),
        )?;
    chart
        .configure_mesh()
        .x_desc("connections")
        .y_desc(title)
        .x_label_formatter(&|number| plain(*number))
        .y_label_formatter(&|number| plain(*number))
        .light_line_style(WHITE)
        .draw()?;
    for &subject in crate::contest::GROWTH_SUBJECTS {
        let colour = colour(subject);
        for (place, measure) in measures.iter().enumerate() {
            let line: Vec<(f64, f64)> = points
                .iter()
                .filter(|point| point.subject == subject)
                .filter_map(|point| value(point, *measure))
                .collect();
            // The further out a quantile, the fainter.
            let style = colour.mix(1.0 - 0.33 * place as f64).stroke_width(2);
            let dots = line.iter().map(|at| Circle::new(*at, 3, style.filled()));
            chart.draw_series(dots)?;
            let series = chart.draw_series(LineSeries::new(line.iter().copied(), style))?;
            if place == 0 {
                series
                    .label(subject.name())
                    .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], style));
            }
        }
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    area.present()?;
    Ok(())
}

/// Draws each goal that is a ratio to a peer: the median with its quartiles, and the goal as a
/// mark.
fn ratios(outcomes: &[Outcome], path: &Path) -> Result<(), Failure> {
    let mut rows: Vec<(String, f64, Quartiles)> = Vec::new();
    for outcome in outcomes {
        for goal in outcome.workload.goals {
            let name = outcome.workload.name;
            let (label, limit) = match goal {
                Goal::Rate(peer, limit) => (format!("{name}: rate / {}", peer.name()), *limit),
                Goal::Processor(peer, limit) => (
                    format!("{name}: processor time of {} / ours", peer.name()),
                    *limit,
                ),
                _ => continue,
            };
            if let Some(measured) = goal.judge(outcome, outcomes).measured {
                rows.push((label, limit, measured));
            }
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let (mut least, mut most) = (0.5_f64, 2.0_f64);
    for (_, limit, measured) in &rows {
        least = least.min(measured.lower);
        most = most.max(measured.upper).max(*limit);
    }
    let lines = RATIOS.iter().copied();
    let lines = lines.filter(|ratio| (least..=most).contains(ratio));
    let area = SVGBackend::new(path, (SIZE.0, count * 20 + 80)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(16)
        .x_label_area_size(36)
        .y_label_area_size(330)
        .build_cartesian_2d(
            (least / 1.1..most * 1.1)
                .log_scale()
                .with_key_points(lines.collect()),
            Rows(rows.len()),
        )?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .x_label_formatter(&|number| plain(*number))
        .y_labels(rows.len() + 1)
        .y_label_formatter(&|row| rows.get(*row).map_or_else(String::new, |row| row.0.clone()))
        .light_line_style(WHITE)
        .draw()?;
    for (row, (_, limit, measured)) in rows.iter().enumerate() {
        let colour = if measured.median >= *limit {
            GREEN_OF_GOALS
        } else {
            RED_OF_GOALS
        };
        let spread = [(measured.lower, row), (measured.upper, row)];
        chart.draw_series([PathElement::new(spread, colour.stroke_width(3))])?;
        chart.draw_series([Circle::new((measured.median, row), 4, colour.filled())])?;
        chart.draw_series([Cross::new((*limit, row), 4, BLACK.stroke_width(1))])?;
    }
    area.present()?;
    Ok(())
}

/// The ratios that have a line.
const RATIOS: [f64; 12] = [
    0.1, 0.2, 0.5, 0.8, 1.0, 1.25, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0,
];

const GREEN_OF_GOALS: RGBColor = RGBColor(0x1b, 0x7f, 0x4b);
const RED_OF_GOALS: RGBColor = RGBColor(0xc0, 0x3a, 0x2b);

/// Rows from the top down, one below the other.
#[derive(Clone)]
struct Rows(usize);

impl Ranged for Rows {
    type FormatOption = plotters::coord::ranged1d::NoDefaultFormatting;
    type ValueType = usize;

    fn map(&self, row: &usize, (low, high): (i32, i32)) -> i32 {
        let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX / 4096);
        // The second limit of a vertical axis is its upper end.
        high + (low - high) * (2 * number(*row) + 1) / (2 * number(self.0)).max(1)
    }

    fn key_points<Hint: plotters::coord::ranged1d::KeyPointHint>(&self, _: Hint) -> Vec<usize> {
        (0..self.0).collect()
    }

    fn range(&self) -> std::ops::Range<usize> {
        0..self.0
    }
}

impl ValueFormatter<usize> for Rows {}

fn colour(subject: Subject) -> RGBColor {
    match subject {
        Subject::Netproc => RGBColor(0x12, 0x5c, 0xb8),
        Subject::Epoll => RGBColor(0x55, 0x55, 0x55),
        Subject::Tokio => RGBColor(0xd1, 0x6b, 0x14),
        _ => RGBColor(0x8a, 0x4f, 0x9e),
    }
}

/// Returns a number without what nobody reads.
fn plain(number: f64) -> String {
    match number {
        number if number >= 1e6 => format!("{} M", number / 1e6),
        number if number >= 1e3 => format!("{} k", number / 1e3),
        number => format!("{}", (number * 100.0).round() / 100.0),
    }
}

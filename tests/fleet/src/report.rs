//! The day as a table.

use std::fmt::Write as _;
use std::time::Duration;

use crate::day::Day;
use crate::terminal::LineKind;
use crate::traffic::{Amount, Kind};

/// The rows of the table of requests.
const ROWS: [(Kind, &str); 5] = [
    (Kind::Look, "looks at timestamp.json"),
    (Kind::Release, "other files of a release"),
    (Kind::Report, "health and counters"),
    (Kind::Submission, "submissions"),
    (Kind::Enrolment, "standing and certificate"),
];

/// The table. Times are the fleet's own but for the one that says how long it took.
#[must_use]
pub fn table(day: &Day) -> String {
    let mut text = String::new();
    write(&mut text, day).expect("text can be written to a string");
    text
}

fn write(text: &mut String, day: &Day) -> std::fmt::Result {
    let plan = &day.plan;
    writeln!(
        text,
        "{} terminals, {} of their time; {} of real time, {} MiB of memory",
        plan.terminals,
        hours(plan.length),
        minutes(day.real),
        day.memory >> 20
    )?;
    writeln!(
        text,
        "looks every {} s, reports every {} s, {} % of the terminals on lines that drop\n",
        plan.poll.as_secs(),
        plan.report.as_secs(),
        plan.dropping
    )?;
    requests(text, day)?;
    origin(text, day)?;
    convergence(text, day)?;
    submissions(text, day)
}

fn requests(text: &mut String, day: &Day) -> std::fmt::Result {
    let per = per_device_and_day(day);
    writeln!(
        text,
        "{:<34}{:>10}{:>14}{:>14}",
        "per device and day", "requests", "bytes up", "bytes down"
    )?;
    let mut row = |name: &str, amount: Amount| {
        let Amount { requests, up, down } = amount;
        writeln!(
            text,
            "  {name:<32}{:>10.1}{:>14.0}{:>14.0}",
            per(requests),
            per(up),
            per(down)
        )
    };
    let mut all = Amount::default();
    for (kind, name) in ROWS {
        let amount = day.traffic.of(kind);
        row(name, amount)?;
        all.requests += amount.requests;
        all.up += amount.up;
        all.down += amount.down;
    }
    row("all", all)
}

/// What one device would have in a day of 24 hours.
fn per_device_and_day(day: &Day) -> impl Fn(u64) -> f64 {
    let days = day.plan.length.as_secs_f64() / 86_400.0;
    let devices = day.plan.terminals as f64;
    move |amount| amount as f64 / devices / days
}

fn origin(text: &mut String, day: &Day) -> std::fmt::Result {
    let (minute, peak) = day.traffic.peak();
    let all: u64 = Kind::ALL.iter().map(|kind| day.traffic.of(*kind).requests).sum();
    let looks = day.traffic.of(Kind::Look).requests;
    let unchanged = day.traffic.unchanged as f64 * 100.0 / looks.max(1) as f64;
    writeln!(text, "\nat the origin")?;
    writeln!(
        text,
        "  {:<32}{:>10.1} requests a second",
        "mean",
        all as f64 / day.plan.length.as_secs_f64()
    )?;
    writeln!(
        text,
        "  {:<32}{:>10.1} requests a second ({:.1} release, {:.1} hub), at {:02}:{:02}",
        "busiest minute",
        f64::from(peak.all()) / 60.0,
        f64::from(peak.release) / 60.0,
        f64::from(peak.hub) / 60.0,
        minute / 60,
        minute % 60
    )?;
    writeln!(text, "  {:<32}{unchanged:>10.1} %", "looks answered 304")
}

fn convergence(text: &mut String, day: &Day) -> std::fmt::Result {
    writeln!(
        text,
        "\n{:<34}{:>10}{:>10}{:>10}{:>12}",
        "switched after the publication", "p50", "p99", "max", "terminals"
    )?;
    for (name, line) in [
        ("all", None),
        ("on sound lines", Some(LineKind::Sound)),
        ("on lines that drop", Some(LineKind::Dropping)),
    ] {
        let took: Vec<Duration> = day
            .converged
            .iter()
            .filter(|(kind, _)| line.is_none_or(|line| line == *kind))
            .map(|(_, took)| *took)
            .collect();
        let at = |part: f64| {
            percentile(&took, part).map_or_else(|| "-".to_owned(), |took| format!("{} s", took.as_secs()))
        };
        writeln!(
            text,
            "  {name:<32}{:>10}{:>10}{:>10}{:>12}",
            at(0.5),
            at(0.99),
            at(1.0),
            took.len()
        )?;
    }
    Ok(())
}

fn submissions(text: &mut String, day: &Day) -> std::fmt::Result {
    let traffic = &day.traffic;
    let retries = (traffic.new + traffic.known + traffic.refused).saturating_sub(day.accepted as u64);
    writeln!(text, "\nsubmissions")?;
    for (name, count) in [
        ("accepted from residents", day.accepted as u64),
        ("kept by the hub", day.kept.kept as u64),
        ("retries that reached the origin", retries),
        ("of them already kept", traffic.known),
        ("duplicates", day.kept.duplicates as u64),
        ("lost", day.kept.lost as u64),
        ("connections cut", day.cuts),
    ] {
        writeln!(text, "  {name:<32}{count:>10}")?;
    }
    Ok(())
}

/// The shortest time within which this part of them was done; `None` where there are none.
#[must_use]
pub fn percentile(sorted: &[Duration], part: f64) -> Option<Duration> {
    let place = (sorted.len() as f64 * part).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied()
}

fn hours(time: Duration) -> String {
    format!("{:.1} h", time.as_secs_f64() / 3600.0)
}

fn minutes(time: Duration) -> String {
    format!("{:.1} min", time.as_secs_f64() / 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let sorted: Vec<_> = (1..=200).map(Duration::from_secs).collect();
        let second = |part| percentile(&sorted, part).unwrap().as_secs();
        assert_eq!([second(0.5), second(0.99), second(1.0)], [100, 198, 200]);
        assert_eq!(percentile(&[], 0.5), None);
        assert_eq!(percentile(&sorted[..1], 0.01).unwrap().as_secs(), 1);
    }
}

//! The day as a picture.

use std::path::Path;

use anyhow::Result;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use crate::day::Day;
use crate::terminal::LineKind;

const SIZE: (u32, u32) = (1200, 960);
const UPPER: u32 = 520;
const FONT: &str = "sans-serif";
const RELEASE: RGBColor = RGBColor(31, 92, 153);
const HUB: RGBColor = RGBColor(200, 96, 20);
const MARK: RGBColor = RGBColor(90, 90, 90);

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// Draws requests a minute over the day, and how many terminals have switched after the publication, as SVG.
pub fn draw(day: &Day, path: &Path) -> Result<()> {
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let (upper, lower) = root.split_vertically(UPPER);
    requests(day, &upper)?;
    convergence(day, &lower)?;
    root.present()?;
    Ok(())
}

fn requests(day: &Day, area: &Area<'_>) -> Result<()> {
    let hours = day.plan.length.as_secs_f64() / 3600.0;
    let peak = f64::from(day.traffic.peak().1.all().max(1));
    let title = format!(
        "{} terminals: requests a minute at the origin",
        day.plan.terminals
    );
    let mut chart = chart(area, &title, hours, peak * 1.2)?;
    axes(&mut chart, "hours of the fleet's time", "requests a minute")?;
    for (name, colour, count) in [
        (
            "release",
            RELEASE,
            (|minute| minute.release) as fn(&crate::traffic::Minute) -> u32,
        ),
        ("hub", HUB, |minute| minute.hub),
    ] {
        let minutes = day.traffic.minutes.iter().enumerate();
        let points = minutes.map(|(at, minute)| (at as f64 / 60.0, f64::from(count(minute))));
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], colour.stroke_width(3)));
    }
    let plan = &day.plan;
    for (at, what) in [
        (plan.publication(), "publication"),
        (plan.without_nginx().start, "nginx away"),
        (plan.without_hub().start, "hub away"),
    ] {
        let hour = at.as_secs_f64() / 3600.0;
        chart.draw_series([PathElement::new(
            [(hour, 0.0), (hour, peak * 1.12)],
            MARK.mix(0.6),
        )])?;
        let text = (FONT, 18).into_font().color(&MARK);
        chart.draw_series([Text::new(what, (hour + hours * 0.004, peak * 1.16), text)])?;
    }
    legend(&mut chart)
}

fn convergence(day: &Day, area: &Area<'_>) -> Result<()> {
    let longest = day
        .converged
        .last()
        .map_or(0.0, |(_, took)| took.as_secs_f64() / 60.0);
    let mut chart = chart(
        area,
        "terminals with the new generation",
        longest.max(1.0) * 1.05,
        105.0,
    )?;
    axes(&mut chart, "minutes after its publication", "% of the terminals")?;
    for (name, colour, line) in [
        ("on sound lines", RELEASE, LineKind::Sound),
        ("on lines that drop", HUB, LineKind::Dropping),
    ] {
        let took: Vec<f64> = day
            .converged
            .iter()
            .filter(|(kind, _)| *kind == line)
            .map(|(_, took)| took.as_secs_f64() / 60.0)
            .collect();
        let share = |count: usize| count as f64 * 100.0 / took.len() as f64;
        let steps = took
            .iter()
            .enumerate()
            .flat_map(|(before, at)| [(*at, share(before)), (*at, share(before + 1))]);
        chart
            .draw_series(LineSeries::new(steps, colour.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], colour.stroke_width(3)));
    }
    legend(&mut chart)
}

fn chart<'a, 'b>(area: &'a Area<'b>, title: &str, x: f64, y: f64) -> Result<Chart<'a, 'b>> {
    Ok(ChartBuilder::on(area)
        .caption(title, (FONT, 26))
        .margin(16)
        .margin_right(32)
        .x_label_area_size(56)
        .y_label_area_size(84)
        .build_cartesian_2d(0.0..x, 0.0..y)?)
}

fn axes(chart: &mut Chart<'_, '_>, x: &str, y: &str) -> Result<()> {
    chart
        .configure_mesh()
        .x_desc(x)
        .y_desc(y)
        .y_label_formatter(&|value| format!("{value:.0}"))
        .label_style((FONT, 18))
        .axis_desc_style((FONT, 20))
        .light_line_style(TRANSPARENT)
        .draw()?;
    Ok(())
}

fn legend<'a, 'b: 'a>(chart: &mut Chart<'a, 'b>) -> Result<()> {
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::MiddleRight)
        .label_font((FONT, 18))
        .background_style(WHITE.mix(0.8))
        .border_style(MARK.mix(0.4))
        .draw()?;
    Ok(())
}

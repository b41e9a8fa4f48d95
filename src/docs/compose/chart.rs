//! Charts: a code block `chart NAME title="…" of="GET …"` of figures by day, measured out for the drawing.
//!
//! To add a chart: a row of [`PICTURES`], and in the test over the pages' figures how its columns come from the API.

mod axis;
mod figures;
mod path;

use super::fence;
use app::model::{
    Cell, Chart, Table,
    chart::{Stroke, StrokeStyle},
};
use axis::{Days, Scale};
use figures::Figures;

/// What the figures of a chart are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// Fractions, shown as percents.
    Percent,
    /// Amounts, shown in thousands or millions.
    Money,
}

/// A kind of chart.
#[derive(Debug)]
struct Picture {
    name: &'static str,
    unit: Unit,
    columns: &'static [Column],
}

/// Figures of a chart that belong together.
#[derive(Debug)]
struct Column {
    /// How the block calls it.
    name: &'static str,
    /// How the reader knows it.
    title: &'static str,
    style: StrokeStyle,
}

const fn column(name: &'static str, title: &'static str, style: StrokeStyle) -> Column {
    Column { name, title, style }
}

/// Every kind of chart.
const PICTURES: &[Picture] = &[
    Picture {
        name: "growth",
        unit: Unit::Percent,
        columns: &[
            column("value", "Change of the value", StrokeStyle::Dashed),
            column("twr", "Time-weighted return", StrokeStyle::Line),
        ],
    },
    Picture {
        name: "drawdown",
        unit: Unit::Percent,
        columns: &[column(
            "drawdown",
            "Below the highest point so far",
            StrokeStyle::Area,
        )],
    },
    Picture {
        name: "j-curve",
        unit: Unit::Money,
        columns: &[
            column(
                "flow",
                "Distributions less calls of the quarter",
                StrokeStyle::Bars,
            ),
            column("net", "Their sum", StrokeStyle::Line),
            column(
                "with_nav",
                "Their sum, and the net asset value",
                StrokeStyle::Dashed,
            ),
        ],
    },
    Picture {
        name: "rate",
        unit: Unit::Percent,
        columns: &[column("irr", "Internal rate of return", StrokeStyle::Line)],
    },
];

/// The chart of a code block: what stands behind the word `chart`, and the lines of figures.
pub(super) fn read(info: &str, text: &str) -> Result<Chart, String> {
    let (name, mut rest) = info.split_once(' ').unwrap_or((info, ""));
    let picture = PICTURES.iter().find(|picture| picture.name == name);
    let picture = picture.ok_or_else(|| format!("there is no chart {name}"))?;
    let mut chart = Chart::default();
    while !rest.trim().is_empty() {
        let found = fence::attribute(rest.trim_start());
        match found {
            Some(("title", value, after)) => (chart.title, rest) = (value.to_owned(), after),
            Some(("of", value, after)) => (chart.request, rest) = (value.to_owned(), after),
            _ => return Err(format!("a chart has title=\"…\" and of=\"…\", not `{rest}`")),
        }
    }
    if chart.title.is_empty() || chart.request.is_empty() {
        return Err("a chart has a title, and of=\"…\" says where its figures come from".to_owned());
    }
    let figures = Figures::parse(text, picture.columns)?;
    Ok(draw(chart, picture, &figures))
}

/// The figures of a picture, measured out.
fn draw(chart: Chart, picture: &Picture, figures: &Figures) -> Chart {
    let (days, scale) = (Days::over(&figures.days), Scale::over(figures.all()));
    let strokes = picture.columns.iter().zip(&figures.columns);
    let strokes = strokes.map(|(column, figures)| Stroke {
        name: column.title.to_owned(),
        style: column.style,
        path: path::path(column.style, &days, &scale, figures),
    });
    Chart {
        summary: figures.told(picture.columns, picture.unit),
        rulings: scale.rulings(picture.unit),
        days: days.marks(),
        strokes: strokes.collect(),
        table: table(picture, figures),
        ..chart
    }
}

fn table(picture: &Picture, figures: &Figures) -> Table {
    let cell = |html: &str, figures| Cell {
        html: html.to_owned(),
        figures,
    };
    let titles = picture.columns.iter().map(|column| cell(column.title, true));
    let row = |(index, day): (usize, &jiff::civil::Date)| {
        let of_day = figures.columns.iter().filter_map(|column| column.get(index));
        let of_day = of_day.map(|figure| cell(&figure.to_string(), true));
        std::iter::once(cell(&day.to_string(), false))
            .chain(of_day)
            .collect()
    };
    Table {
        head: std::iter::once(cell("Day", false)).chain(titles).collect(),
        rows: figures.days.iter().enumerate().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &str = "growth title=\"A year\" of=\"GET /v1/things\"";

    #[test]
    fn a_chart_measured_out() {
        let text =
            "day,value,twr\n2025-07-04,0.0000,0.0000\n2025-10-03,-0.0125,0.0210\n2026-06-26,0.0831,0.0402";
        insta::assert_debug_snapshot!(read(INFO, text).unwrap());
    }

    #[test]
    fn bars_and_areas_stand_on_zero() {
        let flows = "day,flow,net,with_nav\n2022-03-31,-40000.00,-40000.00,0.00\n2022-06-30,90000.00,50000.00,75000.00";
        let curve = read("j-curve title=\"A fund\" of=\"GET /v1/things\"", flows).unwrap();
        let falls = "day,drawdown\n2025-07-04,0.0000\n2025-10-03,-0.0412\n2026-01-02,0.0000";
        let falls = read("drawdown title=\"A year\" of=\"GET /v1/things\"", falls).unwrap();
        insta::assert_debug_snapshot!([curve.strokes, falls.strokes]);
    }

    #[test]
    fn what_is_no_chart_says_why() {
        let good = "day,value,twr\n2025-07-04,0,0\n2025-07-05,0,0";
        let told: Vec<String> = [
            ("pie title=\"A\" of=\"B\"", good),
            ("growth title=\"A\"", good),
            ("growth title=\"A\" of=\"B\" wide", good),
            (INFO, "day,twr\n2025-07-04,0"),
            (INFO, "day,value,twr\n2025-07-04,0,0"),
            (INFO, "day,value,twr\n2025-07-04,0,0\n2025-07-04,0,0"),
            (INFO, "day,value,twr\n2025-07-04,0,0\n2025-07-05,0"),
            (INFO, "day,value,twr\n2025-07-04,0,0\nlater,0,0"),
            (INFO, "day,value,twr\n2025-07-04,0,0\n2025-07-05,0,null"),
        ]
        .into_iter()
        .map(|(info, text)| read(info, text).unwrap_err())
        .collect();
        insta::assert_snapshot!(told.join("\n"));
    }
}

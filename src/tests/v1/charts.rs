//! The charts of the docs show what the demo ledger gives. `UPDATE_FIGURES=1` writes their figures into the pages: a
//! page says which days, the API what was on them.

use super::{
    figures::settled,
    holdings::{figure, walk},
};
use crate::harness::{Developer, Portal};
use contract::demo;
use rust_decimal::Decimal;
use serde_json::Value;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

const OPEN: &str = "```chart ";

/// Every page, by its file.
fn pages(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            pages(&path, all);
        } else {
            all.push(path);
        }
    }
}

/// A fraction as charts show it.
fn fraction(value: Decimal) -> String {
    let mut value = value.round_dp(4);
    value.rescale(4);
    value.to_string()
}

/// One day of a window: the value at its end, what is linked so far, and how far below its highest point.
struct Day {
    date: String,
    value: Decimal,
    twr: Decimal,
    drawdown: Decimal,
}

/// The window of a request for performance, from its eve on.
async fn window(developer: &Developer, path: &str) -> Vec<Day> {
    let answer = developer.get(path).await.expect(200).json();
    let series = answer["series"].as_array().expect("a series");
    let from: jiff::civil::Date = answer["from"].as_str().expect("a day").parse().expect("a day");
    let eve = from.yesterday().expect("a day");
    let holdings = format!(
        "/v1/reporting-entities/{}/holdings?as_of={eve}&limit=100",
        demo::REPORTING_ENTITY
    );
    let rows = walk(developer, &holdings).await;
    let mut value: Decimal = rows.iter().map(|row| figure(&row["market_value"])).sum();
    let (mut peak, start) = (Decimal::ONE, value);
    let mut days = vec![Day {
        date: eve.to_string(),
        value: Decimal::ZERO,
        twr: Decimal::ZERO,
        drawdown: Decimal::ZERO,
    }];
    for day in series {
        value += figure(&day["net_cash_flow"]) + figure(&day["return"]);
        let index = Decimal::ONE + figure(&day["cumulative_twr"]);
        peak = peak.max(index);
        days.push(Day {
            date: day["date"].as_str().expect("a day").to_owned(),
            value: value / start - Decimal::ONE,
            twr: index - Decimal::ONE,
            drawdown: index / peak - Decimal::ONE,
        });
    }
    let deepest = days.iter().map(|day| day.drawdown).min();
    let told = figure(&answer["summary"]["max_drawdown"]);
    assert!(deepest.is_some_and(|deepest| (deepest - told).abs() < Decimal::new(1, 8)));
    days
}

/// The first fund of an answer, day by day.
async fn fund(developer: &Developer, path: &str, days: &[&str]) -> Vec<Value> {
    let mut all = Vec::new();
    for day in days {
        let answer = developer.get(&format!("{path}&date={day}")).await.expect(200);
        all.push(answer.json()["data"][0].clone());
    }
    all
}

/// The lines of a chart, but for its head.
async fn lines(developer: &Developer, chart: &str, path: &str, days: &[&str]) -> Vec<String> {
    match chart {
        "growth" | "drawdown" => {
            let all = window(developer, path).await;
            let of = |date: &&str| {
                all.iter()
                    .find(|day| day.date == **date)
                    .expect("a day of the window")
            };
            let line = |day: &Day| match chart {
                "growth" => format!("{},{},{}", day.date, fraction(day.value), fraction(day.twr)),
                _ => format!("{},{}", day.date, fraction(day.drawdown)),
            };
            days.iter().map(of).map(line).collect()
        }
        "rate" => {
            let all = fund(developer, path, days).await;
            let line = |fund: &Value| format!("{},{}", text(fund, "date"), fraction(figure(&fund["irr"])));
            all.iter().map(line).collect()
        }
        "j-curve" => {
            let all = fund(developer, path, days).await;
            let net = |fund: &Value| figure(&fund["distributed"]) - figure(&fund["paid_in"]);
            let before = std::iter::once(Decimal::ZERO).chain(all.iter().map(net));
            let line = |(fund, before): (&Value, Decimal)| {
                let (net, nav) = (net(fund), figure(&fund["nav"]));
                format!("{},{},{net},{}", text(fund, "date"), net - before, net + nav)
            };
            all.iter().zip(before).map(line).collect()
        }
        other => panic!("this test does not know how the figures of {other} come about"),
    }
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().expect(member)
}

/// The page with the figures that its charts ought to show, and how many charts those are.
async fn fresh(developer: &Developer, page: &str) -> (String, usize) {
    let mut parts = page.split(OPEN);
    let mut fresh = parts.next().unwrap_or_default().to_owned();
    let mut charts = 0;
    for part in parts {
        let (info, rest) = part.split_once('\n').expect("a line");
        let (block, after) = rest.split_once("\n```\n").expect("an end");
        let (head, rows) = block.split_once('\n').expect("a head");
        let (name, _) = info.split_once(' ').expect("a name");
        let path = info
            .split_once("of=\"GET ")
            .and_then(|(_, path)| path.split_once('"'));
        let days: Vec<&str> = rows.lines().filter_map(|row| row.split(',').next()).collect();
        let path = settled(path.expect("a request").0);
        let lines = lines(developer, name, &path, &days).await.join("\n");
        fresh.extend([OPEN, info, "\n", head, "\n", &lines, "\n```\n", after]);
        charts += 1;
    }
    (fresh, charts)
}

#[tokio::test]
async fn every_figure_of_a_chart_is_one_of_the_demo_ledger() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let mut files = Vec::new();
    pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &mut files);
    let mut shown = 0;
    for file in files {
        let page = fs::read_to_string(&file).expect("a page");
        let (fresh, charts) = fresh(&developer, &page).await;
        shown += charts;
        if env::var_os("UPDATE_FIGURES").is_some() {
            fs::write(&file, fresh).expect("the page is written");
        } else {
            let name = file.display();
            assert!(fresh == page, "{name}: run this test once with UPDATE_FIGURES=1");
        }
    }
    assert!(shown >= 3, "{shown}");
}

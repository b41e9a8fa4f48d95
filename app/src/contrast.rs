//! Measures the contrast of every pair of colours in `style/tokens.css`, in both themes (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../../style/tokens.css");

/// Inks that text is set in, and the grounds that it may stand on.
const TEXT: [&str; 7] = [
    "ink",
    "ink-second",
    "accent",
    "accent-strong",
    "error",
    "warning",
    "info",
];
const GROUNDS: [&str; 4] = ["paper", "raised", "sunk", "tint"];
/// Pairs that stand together only here.
const PAIRS: [(&str, &str); 6] = [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ink", "error-ground"),
    ("error", "error-ground"),
    ("ink", "warning-ground"),
    ("warning", "warning-ground"),
];
/// Grounds that a control's edge stands on.
const CONTROL_GROUNDS: [&str; 3] = ["paper", "raised", "sunk"];

/// Every `--name: light-dark(#…, #…)`: light, then dark.
fn colours() -> BTreeMap<&'static str, [&'static str; 2]> {
    TOKENS
        .lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
            let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
            Some((name, [light, dark]))
        })
        .collect()
}

/// Relative luminance of `#rrggbb`.
fn luminance(colour: &str) -> f64 {
    let channel = |start: usize| {
        let byte = u8::from_str_radix(&colour[start..start + 2], 16).unwrap();
        let value = f64::from(byte) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn measure(pairs: impl Iterator<Item = (&'static str, &'static str)>, least: f64) {
    let colours = colours();
    for (front, ground) in pairs {
        for (theme, name) in ["light", "dark"].iter().enumerate() {
            let ratio = contrast(colours[front][theme], colours[ground][theme]);
            assert!(
                ratio >= least,
                "{front} on {ground}, {name}: {ratio:.2} is under {least}"
            );
        }
    }
}

#[test]
fn text_is_readable_on_every_ground() {
    let everywhere = TEXT
        .iter()
        .flat_map(|text| GROUNDS.iter().map(|ground| (*text, *ground)));
    measure(everywhere.chain(PAIRS), 4.5);
}

#[test]
fn controls_and_focus_can_be_found() {
    let edges = CONTROL_GROUNDS.iter().map(|ground| ("edge", *ground));
    let focus = GROUNDS.iter().map(|ground| ("accent", *ground));
    measure(edges.chain(focus), 3.0);
}

#[test]
fn black_on_white_measures_twenty_one() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
}

#[cfg(feature = "ssr")]
#[test]
fn the_browser_frame_has_the_colour_of_the_paper() {
    assert_eq!(
        colours()["paper"],
        [crate::parts::shell::PAPER.0, crate::parts::shell::PAPER.1]
    );
}

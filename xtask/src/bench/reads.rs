//! Reads of one resource and of a list, with everything that the API does for a call, against the limit.

use anyhow::{Context as _, Result, ensure};

use super::{
    Stand,
    figures::median,
    http::Ask,
    limit::Limit,
    load::Slice,
    portal::{Installation, Portal},
    table::{Row, Unit},
};

/// How often the portal is measured between two measurements of the limit.
const ROUNDS: usize = 3;
/// More than one page of a list.
const CLIENTS: u32 = 40;
const LIST_LENGTH: usize = 25;

/// `GET /v1/clients/{id}`.
pub(crate) fn point(stand: &Stand) -> Result<Vec<Row>> {
    let scene = Scene::set(stand)?;
    let ask = Ask::get(format!("/v1/clients/{}", scene.client)).bearer(&scene.token);
    let seen = scene.compare(stand, &Limit::point(), &ask)?;
    Ok(vec![
        Row::new(
            "limit: one row by axum and SQLite alone",
            seen.limit,
            Unit::PerSecond,
        ),
        Row::new("GET of one resource, of the limit", seen.of_limit, Unit::Times)
            .at_least(0.5)
            .note(Unit::PerSecond.show(seen.full)),
        Row::new(
            "GET of one resource, p99 at 16 connections",
            seen.p99,
            Unit::Millis,
        )
        .below(5.0)
        .note(format!("p50 {:.1} ms", seen.p50)),
        Row::new(
            "304 for one resource, of its 200",
            seen.unchanged_of_full,
            Unit::Times,
        )
        .at_least(1.0)
        .note(Unit::PerSecond.show(seen.unchanged)),
    ])
}

/// `GET /v1/clients?limit=25`.
pub(crate) fn list(stand: &Stand) -> Result<Vec<Row>> {
    let scene = Scene::set(stand)?;
    let ask = Ask::get(format!("/v1/clients?limit={LIST_LENGTH}")).bearer(&scene.token);
    let rows = scene
        .portal
        .ask(&ask, 200)?
        .text()
        .matches("\"reference_currency\"")
        .count();
    ensure!(rows == LIST_LENGTH, "the list has {rows} rows");
    let seen = scene.compare(stand, &Limit::list(), &ask)?;
    Ok(vec![
        Row::new(
            "limit: 25 rows by axum and SQLite alone",
            seen.limit,
            Unit::PerSecond,
        ),
        Row::new("GET of a list of 25, of the limit", seen.of_limit, Unit::Times)
            .at_least(0.8)
            .note(format!(
                "{}, p50 {:.1} ms, p99 {:.1} ms",
                Unit::PerSecond.show(seen.full),
                seen.p50,
                seen.p99
            )),
        Row::new(
            "304 for a list of 25, of its 200",
            seen.unchanged_of_full,
            Unit::Times,
        )
        .at_least(1.0)
        .note(Unit::PerSecond.show(seen.unchanged)),
        scene.anew(stand)?,
    ])
}

/// The portal with clients to read, and the limit beside it.
struct Scene {
    portal: Portal,
    limit: Limit,
    token: String,
    client: String,
}

/// Medians over the rounds.
struct Comparison {
    limit: f64,
    full: f64,
    unchanged: f64,
    of_limit: f64,
    unchanged_of_full: f64,
    p50: f64,
    p99: f64,
}

impl Scene {
    fn set(stand: &Stand) -> Result<Self> {
        let installation = Installation::new(stand);
        let sandbox = installation.create_sandbox("unlimited")?;
        let portal = installation.start()?;
        let token = portal.token(&sandbox)?;
        let client = portal.create_clients(&token, CLIENTS)?;
        Ok(Self {
            portal,
            limit: Limit::start(stand)?,
            token,
            client,
        })
    }

    /// 25 transactions, no address twice: what a list costs that nobody has read lately. Its rows have three times as many
    /// members as the limit's, so it has no target.
    fn anew(&self, stand: &Stand) -> Result<Row> {
        let since = "/v1/transactions?limit=25&updated_since=2000-01-01T00:00:00.{turn}Z";
        let ask = Ask::get(since.replace("{turn}", "0")).bearer(&self.token);
        let rows = self
            .portal
            .ask(&ask, 200)?
            .text()
            .matches("\"trade_date\"")
            .count();
        ensure!(rows == LIST_LENGTH, "the list has {rows} rows");
        let ask = Ask::get(since).bearer(&self.token);
        // The same script on both sides, for making each request costs the one who sends it.
        let limit = Ask {
            path: format!("{}?since={{turn}}", Limit::list().path),
            ..Limit::list()
        };
        let (mut ratios, mut speeds) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let ours = stand.wrk.press(self.portal.api, &ask, stand.seconds)?.per_second;
            let bare = stand
                .wrk
                .press(self.limit.address, &limit, stand.seconds)?
                .per_second;
            ratios.push(ours / bare);
            speeds.push(ours);
        }
        let what = "GET of 25 transactions, none twice, of the limit";
        Ok(Row::new(what, median(ratios), Unit::Times).note(Unit::PerSecond.show(median(speeds))))
    }

    /// Limit, 200, 304, limit, 200, 304, … limit: each of ours stands between two limits of nearly the same moment.
    fn compare(&self, stand: &Stand, limit_ask: &Ask, ask: &Ask) -> Result<Comparison> {
        let tag = self.portal.ask(ask, 200)?;
        let tag = tag.header("etag").context("the answer has no ETag")?;
        let conditional = ask.clone().header("If-None-Match", tag);
        self.portal.ask(&conditional, 304)?;
        let press = |ask: &Ask| stand.wrk.press(self.portal.api, ask, stand.seconds);
        let press_limit = || stand.wrk.press(self.limit.address, limit_ask, stand.seconds);
        stand.wrk.press(self.portal.api, ask, 1)?;
        stand.wrk.press(self.limit.address, limit_ask, 1)?;
        let (mut limits, mut fulls, mut unchangeds) = (vec![press_limit()?], Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            fulls.push(press(ask)?);
            unchangeds.push(press(&conditional)?);
            limits.push(press_limit()?);
        }
        self.portal.ask(&conditional, 304)?;
        Ok(Comparison::of(&limits, &fulls, &unchangeds))
    }
}

impl Comparison {
    fn of(limits: &[Slice], fulls: &[Slice], unchangeds: &[Slice]) -> Self {
        let around = limits
            .windows(2)
            .map(|pair| f64::midpoint(pair[0].per_second, pair[1].per_second));
        let of_limit = fulls
            .iter()
            .zip(around)
            .map(|(full, limit)| full.per_second / limit);
        let pairs = unchangeds.iter().zip(fulls);
        let of_full = pairs.map(|(unchanged, full)| unchanged.per_second / full.per_second);
        let speed = |slices: &[Slice]| median(slices.iter().map(|slice| slice.per_second).collect());
        Self {
            limit: speed(limits),
            full: speed(fulls),
            unchanged: speed(unchangeds),
            of_limit: median(of_limit.collect()),
            unchanged_of_full: median(of_full.collect()),
            p50: median(fulls.iter().map(|slice| slice.p50).collect()),
            p99: median(fulls.iter().map(|slice| slice.p99).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices<const N: usize>(speeds: [f64; N]) -> [Slice; N] {
        speeds.map(|per_second| Slice {
            per_second,
            p50: 1.0,
            p99: 2.0,
            refused: 0.0,
        })
    }

    #[test]
    fn each_round_is_compared_with_the_limits_around_it() {
        // The machine is half as fast in the second half of the run; the ratios must not notice.
        let limits = slices([100.0, 100.0, 60.0, 40.0]);
        let seen = Comparison::of(&limits, &slices([50.0, 40.0, 25.0]), &slices([60.0, 48.0, 30.0]));
        assert!((seen.of_limit - 0.5).abs() < 1e-9);
        assert!((seen.unchanged_of_full - 1.2).abs() < 1e-9);
    }
}

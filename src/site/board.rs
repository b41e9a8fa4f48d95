//! The launch board: what Aleta's staff see of every workspace, and what they decide.

use app::{
    link,
    model::board::{BoardCell, BoardPage, BoardRow},
    request::{Pairs, encode, last},
};
use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};
use contract::Timestamp;

use super::{
    Site,
    checklist::{moment, standings, word},
    cookie,
    entrance::query,
    fault::Fault,
    respond, session,
    staff::{AtDesk, door},
};
use crate::{
    checklist::{ITEMS, Part, Standing, State as Stand},
    store::control::workspaces::{self, BoardFilter, Listed},
};

mod case;

/// So many workspaces stand on the board at once.
const MOST: u32 = 100;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// The routes.
pub(super) fn router() -> Router<Site> {
    Router::new().route(link::BOARD, get(show)).merge(case::router())
}

/// `GET /board`.
async fn show(
    State(site): State<Site>,
    AtDesk(desk): AtDesk,
    (uri, raw): (Uri, RawQuery),
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(desk) = desk else {
        return Ok(door(&uri));
    };
    let fields = query(raw);
    let wanted = Wanted::of(&fields);
    let listed = workspaces::board(&site.control, wanted.show.filter(), &wanted.query, MOST + 1).await?;
    let more = listed.len() > MOST as usize;
    let mut rows = Vec::with_capacity(listed.len());
    for workspace in listed.into_iter().take(MOST as usize) {
        rows.push(row(&site, workspace).await?);
    }
    wanted.sort.apply(&mut rows);
    let page = BoardPage {
        staff: desk.staff.email,
        as_of: moment(site.clock.now()),
        views: wanted.views(),
        sorts: wanted.sorts(),
        query: wanted.query,
        show: wanted.show.as_str().to_owned(),
        titles: ITEMS
            .iter()
            .filter(|item| item.part == Part::Launch)
            .map(|item| item.title.to_owned())
            .collect(),
        rows,
        more,
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_board(&frame, &page)))
}

async fn row(site: &Site, workspace: Listed) -> Result<BoardRow, Fault> {
    let now = site.clock.now();
    let own = session::own_sandbox(&site.control, &workspace.id).await?;
    let mut standings = standings(site, own.as_ref(), Some(&workspace.id)).await?;
    standings.retain(|standing| standing.item.part == Part::Launch);
    let sandbox = own.as_ref().map(|own| own.row.name.to_string());
    let used = own.map_or(workspace.last_used_at, |own| {
        own.row.last_used_at.max(workspace.last_used_at)
    });
    Ok(BoardRow {
        href: link::board_case(workspace.id.as_str()),
        name: workspace
            .name
            .or(sandbox)
            .unwrap_or_else(|| "without a sandbox".to_owned()),
        members: u64::try_from(workspace.members).unwrap_or_default(),
        age: days(workspace.created_at, now),
        idle: days(used, now),
        proven: standings
            .iter()
            .filter(|standing| matches!(standing.state, Stand::Proven(_)))
            .count(),
        waits_for: waits_for(&standings).to_owned(),
        cells: standings.iter().map(|standing| cell(standing, now)).collect(),
    })
}

fn cell(standing: &Standing, now: Timestamp) -> BoardCell {
    let since = standing.state.since();
    BoardCell {
        word: word(&standing.state).to_owned(),
        days: since.map(|since| days(since, now)),
        fresh: since.is_some_and(|since| since.plus_millis(DAY) > now),
    }
}

/// Whom the next step waits for.
fn waits_for(standings: &[Standing]) -> &'static str {
    let any = |wanted: fn(&Stand) -> bool| standings.iter().any(|standing| wanted(&standing.state));
    if any(|state| matches!(state, Stand::Asked(_))) {
        "Aleta"
    } else if any(|state| !matches!(state, Stand::Proven(_))) {
        "Partner"
    } else {
        "Nobody"
    }
}

fn days(since: Timestamp, now: Timestamp) -> i64 {
    (now.as_millis() - since.as_millis()).max(0) / DAY
}

/// What the reader wants to see.
struct Wanted {
    show: Show,
    sort: Sort,
    query: String,
}

impl Wanted {
    fn of(fields: &Pairs) -> Self {
        let choose = |name: &str| last(fields, name).unwrap_or_default().to_owned();
        let (show, sort) = (choose("show"), choose("sort"));
        Self {
            show: Show::ALL
                .into_iter()
                .find(|it| it.as_str() == show)
                .unwrap_or(Show::Claimed),
            sort: Sort::ALL
                .into_iter()
                .find(|it| it.as_str() == sort)
                .unwrap_or(Sort::Waiting),
            query: choose("q").trim().chars().take(200).collect(),
        }
    }

    fn href(&self, show: Show, sort: Sort) -> String {
        let (show, sort) = (show.as_str(), sort.as_str());
        format!(
            "{}?show={show}&sort={sort}&q={}",
            link::BOARD,
            encode(&self.query)
        )
    }

    fn views(&self) -> Vec<(String, String, bool)> {
        let view = |it: Show| (it.label().to_owned(), self.href(it, self.sort), it == self.show);
        Show::ALL.into_iter().map(view).collect()
    }

    fn sorts(&self) -> Vec<(String, String, bool)> {
        let sort = |it: Sort| (it.label().to_owned(), self.href(self.show, it), it == self.sort);
        Sort::ALL.into_iter().map(sort).collect()
    }
}

/// Which workspaces are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    Claimed,
    Waiting,
    All,
}

impl Show {
    const ALL: [Self; 3] = [Self::Claimed, Self::Waiting, Self::All];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Waiting => "waiting",
            Self::All => "all",
        }
    }
    const fn label(self) -> &'static str {
        match self {
            Self::Claimed => "Claimed",
            Self::Waiting => "Waiting for Aleta",
            Self::All => "All",
        }
    }
    const fn filter(self) -> BoardFilter {
        match self {
            Self::Claimed => BoardFilter::Claimed,
            Self::Waiting => BoardFilter::Waiting,
            Self::All => BoardFilter::All,
        }
    }
}

/// In which order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Waiting,
    Name,
    Proven,
    Age,
    Idle,
}

impl Sort {
    const ALL: [Self; 5] = [Self::Waiting, Self::Name, Self::Proven, Self::Age, Self::Idle];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Name => "name",
            Self::Proven => "proven",
            Self::Age => "age",
            Self::Idle => "idle",
        }
    }
    const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Whom it waits for",
            Self::Name => "Name",
            Self::Proven => "Items proven",
            Self::Age => "Age",
            Self::Idle => "Idle",
        }
    }
    /// Sorts rows that stand in the order of their last use, which stays where the rest is equal.
    fn apply(self, rows: &mut [BoardRow]) {
        match self {
            // Aleta comes before Nobody and Partner.
            Self::Waiting => rows.sort_by_key(|row| row.waits_for != "Aleta"),
            Self::Name => rows.sort_by_key(|row| row.name.to_lowercase()),
            Self::Proven => rows.sort_by_key(|row| std::cmp::Reverse(row.proven)),
            Self::Age => rows.sort_by_key(|row| std::cmp::Reverse(row.age)),
            Self::Idle => rows.sort_by_key(|row| std::cmp::Reverse(row.idle)),
        }
    }
}

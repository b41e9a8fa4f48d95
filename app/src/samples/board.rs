//! Sample data for what a workspace asks, and for the board of staff.

use super::people;
use crate::model::{
    ChecklistItem, ItemState, Moment, WorkspacePage,
    board::{AskPage, Asker, BoardCell, BoardPage, BoardRow, CasePage, Matter, ScopeChoice, Wanted},
    checklist::Turn,
};

fn at(day: &str) -> Moment {
    Moment::from_rfc3339(&format!("{day}T09:30:00Z"))
}

pub(super) fn turn(word: &str, what: &str) -> Turn {
    let staff = word != "Asked for";
    Turn {
        word: word.into(),
        what: what.into(),
        by: if staff {
            "ops@aleta.example"
        } else {
            "mia@nordlys.example"
        }
        .into(),
        at: at("2026-05-22"),
        note: if staff {
            "That is a holiday in Oslo; the Tuesday after works."
        } else {
            ""
        }
        .into(),
    }
}

pub(super) fn ask(asker: Asker, scopes: bool) -> AskPage {
    let choice = |(scope, meaning, used): (&str, &str, bool)| ScopeChoice {
        scope: scope.into(),
        meaning: meaning.into(),
        used,
        chosen: used,
    };
    let wanted = if scopes {
        let all = [
            (
                "clients:read",
                "Read clients, legal and reporting entities, accounts, depositories and portfolios.",
                true,
            ),
            ("positions:read", "Read positions.", true),
            ("cashflows:read", "Read cashflows.", false),
        ];
        Wanted::Scopes(all.map(choice).into())
    } else {
        Wanted::Day {
            value: "2026-09-30".into(),
            first: "2026-05-23".into(),
            last: "2027-05-24".into(),
        }
    };
    AskPage {
        id: "read-scopes-approved".into(),
        title: "Read scopes approved".into(),
        why: "Production tokens carry only the scopes that someone at Aleta has agreed to.".into(),
        rule: "The workspace asked for read scopes, and somebody of Aleta approved them.".into(),
        asker,
        wanted,
        note: String::new(),
        history: vec![
            turn("Asked for", "clients:read"),
            turn("Returned", "clients:read"),
        ],
        problem: scopes.then(|| "Choose one read scope or more.".into()),
    }
}

pub(super) fn board(empty: bool) -> BoardPage {
    let cell = |word: &str, days| BoardCell {
        word: word.into(),
        days,
        fresh: days == Some(0),
    };
    let row = |name: &str, members, waits_for: &str| BoardRow {
        href: format!("/board/workspaces/{members}"),
        name: name.into(),
        members,
        age: 41,
        idle: 2,
        proven: 1,
        cells: vec![
            cell("Proven", Some(12)),
            cell("Asked", Some(0)),
            cell("Open", None),
            cell("Open", None),
            cell("Returned", Some(3)),
        ],
        waits_for: waits_for.into(),
    };
    let choices = |labels: &[&str]| {
        let choice = |label: &&str| {
            (
                (*label).to_owned(),
                "/board?show=all".to_owned(),
                *label == labels[0],
            )
        };
        labels.iter().map(choice).collect()
    };
    BoardPage {
        staff: "ops@aleta.example".into(),
        as_of: at("2026-05-23"),
        views: choices(&["Claimed", "Waiting for Aleta", "All"]),
        sorts: choices(&["Whom it waits for", "Name", "Items proven", "Age", "Idle"]),
        query: String::new(),
        show: "claimed".into(),
        titles: [
            "Sandbox credentials issued",
            "Read scopes approved",
            "Webhook secret generated",
            "Retry handling tested",
            "Production cutover scheduled",
        ]
        .map(str::to_owned)
        .into(),
        rows: if empty {
            Vec::new()
        } else {
            vec![
                row("Nordlys Capital", 3, "Aleta"),
                row("sandbox-7f3k", 0, "Partner"),
            ]
        },
        more: !empty,
    }
}

pub(super) fn case() -> CasePage {
    let WorkspacePage::Claimed(workspace) = people::workspace(true) else {
        return CasePage::default();
    };
    let asked = turn("Asked for", "clients:read positions:read");
    CasePage {
        staff: "ops@aleta.example".into(),
        id: "wsp_1".into(),
        name: workspace.name,
        created: at("2026-05-20"),
        claimed: Some(at("2026-05-20")),
        sandbox: Some((
            "sandbox-7f3k".into(),
            "sbx_01k0q7w6f4m2x9r3t5b8n1c7d2".into(),
            at("2026-05-23"),
        )),
        as_of: at("2026-05-23"),
        members: workspace.members,
        items: vec![ChecklistItem {
            id: "read-scopes-approved".into(),
            title: "Read scopes approved".into(),
            why: "Production tokens carry only the scopes that someone at Aleta has agreed to.".into(),
            rule: "The workspace asked.".into(),
            action: None,
            launch: true,
            hint: None,
            state: ItemState::Asked(asked.clone()),
        }],
        matters: vec![Matter {
            id: "read-scopes-approved".into(),
            title: "Read scopes approved".into(),
            seq: 4,
            asked,
        }],
        history: vec![(
            "Production cutover scheduled".into(),
            turn("Returned", "2026-05-25"),
        )],
        link: None,
        notice: Some("Returned. The workspace sees your note.".into()),
        problem: None,
    }
}

//! The state machine of a custodian authority, drawn.

use leptos::prelude::*;

/// Width and height of a state's box.
const BOX: (i32, i32) = (112, 40);

/// The states and the moves between them.
pub(crate) fn lifecycle(anchor: &str) -> impl IntoView + use<> {
    let title = format!("{anchor}-title");
    let labelled = title.clone();
    let arrow = format!("{anchor}-arrow");
    let end = format!("url(#{arrow})");
    let moves = [
        // create
        ("M8 84H72", 12, 74, "create"),
        // link
        ("M192 84H288", 226, 74, "link"),
        // active to expired
        ("M408 84H504", 428, 74, "expires"),
        // refresh: out of the top of active and back into it
        ("M328 62C318 14 378 14 370 60", 322, 18, "refresh"),
        // revoke: pending and active
        ("M348 106V150", 358, 134, "revoke"),
        ("M132 106V172H284", 170, 162, "revoke"),
    ];
    let moves = moves.map(|(path, x, y, word)| {
        view! {
            <path class="move" d=path marker-end=end.clone()/>
            <text class="move-word" x=x y=y>{word}</text>
        }
    });
    view! {
        <figure class="lifecycle" tabindex="0" role="group" aria-label="Lifecycle of an authority">
            <svg viewBox="0 0 632 204" role="img" aria-labelledby=labelled>
                <title id=title>
                    "Create makes an authority pending. Link makes it active. Refresh keeps it active and moves its expiry. \
                     Time makes it expired. Revoke ends a pending or an active one."
                </title>
                <defs>
                    <marker id=arrow viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
                        <path class="arrow" d="M0 0 8 4 0 8Z"/>
                    </marker>
                </defs>
                {moves.into_iter().collect_view()}
                {state(76, 64, "pending", "state")}
                {state(292, 64, "active", "state proven")}
                {state(508, 64, "expired", "state")}
                {state(292, 154, "revoked", "state")}
            </svg>
        </figure>
    }
}

fn state(x: i32, y: i32, word: &'static str, class: &'static str) -> impl IntoView {
    let (width, height) = BOX;
    view! {
        <g class=class>
            <rect x=x y=y width=width height=height rx="4"/>
            <text x={x + width / 2} y={y + height / 2 + 5} text-anchor="middle">{word}</text>
        </g>
    }
}

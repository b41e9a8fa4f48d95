//! The last calls of the builder as a ledger, each of which can be opened again.

use crate::{figures::duration, link, model::PastCall};
use leptos::prelude::*;

/// The ledger, newest call first. A call that is added leaves the rows of the others as they are.
pub(super) fn draw(calls: RwSignal<Vec<PastCall>>) -> AnyView {
    let none = Memo::new(move |_| calls.with(Vec::is_empty));
    let rows = move || {
        if none.get() {
            return view! { <p class="caption">"What you send is listed here, the last fifty calls, to be opened again."</p> }
                .into_any();
        }
        view! {
            <div class="ledger-frame">
                <table class="ledger">
                    <thead>
                        <tr><th scope="col">"Time (UTC)"</th><th scope="col">"Request"</th><th scope="col">"Status"</th><th scope="col" class="end">"Took"</th></tr>
                    </thead>
                    <tbody><For each=move || calls.get() key=|call| call.request_id.clone() children=row/></tbody>
                </table>
            </div>
        }
        .into_any()
    };
    rows.into_any()
}

fn row(call: PastCall) -> impl IntoView {
    let PastCall {
        request_id,
        line,
        operation: _,
        status,
        duration_us,
        at,
    } = call;
    let class = if status < 400 { "figure good" } else { "figure bad" };
    view! {
        <tr>
            <td><time datetime=at.iso>{at.date} " " <span class="clock">{at.time}</span></time></td>
            <td class="ledger-line"><a href=link::sent(&request_id)>{line}</a></td>
            <td class=class>{status}</td>
            <td class="figure end">{duration(duration_us)}</td>
        </tr>
    }
}

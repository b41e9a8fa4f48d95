//! What one request led to: a ledger from the call to the last answer of a receiver.

use crate::{
    figures::duration,
    link,
    model::{
        Frame, Timeline, TimelinePage,
        timeline::{Attempted, Instant, Step, What},
    },
    parts::{
        shell::{Head, Section, document},
        statement::{copy, moment},
    },
};
use leptos::prelude::*;

/// Draws it.
pub(crate) fn render(frame: &Frame, page: &TimelinePage) -> String {
    let script = match page {
        TimelinePage::Known(timeline) if timeline.live.is_some() => Some(frame.assets.live_js.clone()),
        _ => None,
    };
    let head = Head {
        title: "Timeline".to_owned(),
        description: "What one request changed, and where that was told.".to_owned(),
        section: Section::Logs,
        class: "plain",
        islands: false,
        listed: false,
        script,
        markdown_url: None,
    };
    document(frame, head, || match page.clone() {
        TimelinePage::Absent => absent().into_any(),
        TimelinePage::Unknown(id) => unknown(id).into_any(),
        TimelinePage::Known(timeline) => body(*timeline).into_any(),
    })
}

fn absent() -> impl IntoView {
    view! {
        <main id="main" class="sheet wide">
            <header class="sheet-head">
                <p class="eyebrow">"Timeline"</p>
                <h1>"Nobody’s request"</h1>
                <p class="summary">"A timeline shows a call of your own sandbox, and there is none in this browser."</p>
            </header>
            <form class="notice" method="post" action=link::SANDBOX>
                <p>"If you have one elsewhere, " <a href=link::SIGN_IN>"sign in"</a> "."</p>
                <button class="button" type="submit">"Create sandbox"</button>
            </form>
        </main>
    }
}

fn unknown(id: String) -> impl IntoView {
    view! {
        <main id="main" class="sheet wide">
            <header class="sheet-head">
                <p class="eyebrow">"Timeline"</p>
                <h1>"No trace of this request"</h1>
                <p><code>{id}</code></p>
                <p class="summary">
                    "No call of your sandbox has this id, or it is older than the seven days that calls are kept. A reset takes away "
                    "what calls changed before it."
                </p>
                <p><a href=link::LOGS>"Look in the request log"</a></p>
            </header>
        </main>
    }
}

fn body(timeline: Timeline) -> impl IntoView {
    let Timeline {
        request_id,
        at,
        call,
        log,
        operation,
        remarks,
        steps,
        more,
        total,
        live,
    } = timeline;
    let title = match (&call, &operation) {
        (Some(call), _) => view! { <code>{format!("{} {}", call.method, call.path)}</code> }.into_any(),
        (None, Some((summary, _))) => view! { {summary.clone()} }.into_any(),
        (None, None) => view! { "A request" }.into_any(),
    };
    let open = call.as_ref().and_then(|call| call.open.clone());
    let caller = call.map(|call| {
        let from = if call.from_builder {
            "The builder"
        } else {
            "A program"
        };
        view! {
            <div><dt>"From"</dt><dd>{from}</dd></div>
            {call.client_id.map(|id| view! { <div><dt>"Client"</dt><dd><code>{id}</code></dd></div> })}
            {call.problem.map(|slug| view! { <div><dt>"Problem"</dt><dd><a href=link::problem(&slug)>{slug.clone()}</a></dd></div> })}
        }
    });
    let here = link::timeline(&request_id);
    let watch = live.as_ref().map(|_| link::timeline_live(&request_id));
    view! {
        <main id="main" class="sheet wide">
            <header class="sheet-head">
                <p class="eyebrow">"Timeline"</p>
                <h1>{title}</h1>
                <dl class="facts across">
                    <div><dt>"Request"</dt><dd><code id="request-id">{request_id}</code> " " {copy("request-id", "the request id")}</dd></div>
                    <div><dt>"Arrived"</dt><dd>{moment(&at)} " UTC"</dd></div>
                    {operation.map(|(summary, href)| view! { <div><dt>"Operation"</dt><dd><a href=href>{summary}</a></dd></div> })}
                    {caller}
                </dl>
                <p class="chain-ways">
                    {open.map(|href| view! { <a class="button quiet" href=href>"Open in the builder"</a> " " })}
                    {log.map(|href| view! { <a class="button quiet" href=href>"Show in the request log"</a> })}
                </p>
            </header>
            <section class="chain-sheet" aria-label="Steps">
                <div id="live" data-live=watch.clone() data-count=live data-news="The timeline has changed.">
                    {remarks.into_iter().map(|text| view! { <p class="caption">{text}</p> }).collect_view()}
                    {(!steps.is_empty()).then(|| view! { <ol class="chain" role="list">{steps.into_iter().map(step).collect_view()}</ol> })}
                    {(more > 0).then(|| view! { <p class="caption"><span class="figure">{more}</span> " more events of this request are not shown. " <a href=link::builder("events.list")>"Read the feed"</a></p> })}
                    {total.map(|total| view! { <p class="chain-total"><span>"From the call to the last answer"</span> " " <span class="figure">{total}</span></p> })}
                </div>
                {watch.map(|_| view! {
                    <p class="unseen" role="status" id="live-status"></p>
                    <noscript><p class="caption">"Without JavaScript this page does not refresh itself. " <a href=here>"Look again"</a></p></noscript>
                })}
            </section>
        </main>
    }
}

fn step(step: Step) -> impl IntoView {
    let Step { at, gap, what } = step;
    let (depth, content) = match what {
        What::Called {
            line,
            status,
            duration_us,
        } => ("call", called(line, status, duration_us)),
        What::Changed {
            kind,
            id,
            data,
            sandbox_time,
        } => {
            let on = sandbox_time.map(|at| view! { " at " {moment(&at)} " on the sandbox’s clock" });
            let content = view! {
                <p><span class="chain-word">"Changed"</span> " " <code>{kind}</code></p>
                {members(data)}
                <p class="caption"><code>{id}</code> {on}</p>
            };
            ("event", content.into_any())
        }
        What::Queued {
            delivery,
            url,
            status,
        } => ("delivery", queued(&delivery, url, status)),
        What::Attempted(attempted) => ("attempt", attempt(attempted)),
        What::Due { number, within } => {
            let when = within.map_or_else(|| "due now".to_owned(), |within| format!("due in {within}"));
            let content = view! { <p><span class="chain-word">"Attempt " {number}</span> " " <span class="word waiting">{when}</span></p> };
            ("attempt", content.into_any())
        }
    };
    let class = format!("chain-step {depth}");
    view! {
        <li class=class>
            <p class="chain-time">{at.map_or_else(|| view! { <span>"–"</span> }.into_any(), |at| clock(at).into_any())}</p>
            <p class="chain-gap figure">{gap}</p>
            <div class="chain-what">{content}</div>
        </li>
    }
}

fn clock(at: Instant) -> impl IntoView {
    let Instant { moment, millis } = at;
    view! { <time datetime=moment.iso title=moment.date>{moment.time} <span class="chain-millis">{format!(".{millis:03}")}</span></time> }
}

fn called(line: String, status: u16, duration_us: u64) -> AnyView {
    let class = if status < 400 { "figure good" } else { "figure bad" };
    view! {
        <p><span class="chain-word">"Called"</span> " " <code>{line}</code></p>
        <p>"Answered " <span class=class>{status}</span> " in " <span class="figure">{duration(duration_us)}</span></p>
    }
    .into_any()
}

fn members(data: Vec<(String, String)>) -> impl IntoView {
    let rows = data
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd><code>{value}</code></dd></div> })
        .collect_view();
    view! { <dl class="chain-data">{rows}</dl> }
}

fn queued(delivery: &str, url: String, status: String) -> AnyView {
    let href = link::delivery(delivery);
    let class = format!("word {status}");
    view! {
        <p><span class="chain-word">"Delivery"</span> " " <a href=href>{url}</a> " " <span class=class>{status}</span></p>
    }
    .into_any()
}

fn attempt(attempted: Attempted) -> AnyView {
    let Attempted {
        number,
        manual,
        status,
        error,
        millis,
    } = attempted;
    let (class, outcome) = match (&error, status) {
        (None, Some(status)) => ("figure good", format!("{status} in {millis} ms")),
        (None, None) => ("figure good", format!("{millis} ms")),
        (Some((class, _)), Some(status)) => ("figure bad", format!("{status}, {class}, after {millis} ms")),
        (Some((class, _)), None) => ("figure bad", format!("{class}, after {millis} ms")),
    };
    view! {
        <p><span class="chain-word">"Attempt " {number}</span> " " <span class=class>{outcome}</span> {manual.then_some(", asked for by hand")}</p>
        {error.map(|(_, meaning)| view! { <p class="caption">{meaning}</p> })}
    }
    .into_any()
}

//! The document around every page: head, masthead, navigation, footer, scripts.

use crate::{
    link,
    model::{Assets, Frame, Theme},
    parts::keys,
};
use hydration_context::SsrSharedContext;
use leptos::{attr::custom::custom_attribute, prelude::*};
use std::sync::Arc;

/// A part of the portal, as the main navigation names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// None of them: home, search, errors.
    None,
    /// The docs.
    Docs,
    /// The request builder.
    Builder,
    /// The request log.
    Logs,
    /// The launch checklist.
    Checklist,
    /// The webhook console.
    Webhooks,
    /// The visitor's sandbox.
    Sandbox,
    /// The people around it.
    Workspace,
}

/// What the document says about its page.
pub(crate) struct Head {
    /// The title, without the portal's name.
    pub(crate) title: String,
    /// The meta description.
    pub(crate) description: String,
    /// Where the page stands.
    pub(crate) section: Section,
    /// The class of `<body>`, which carries the page's layout.
    pub(crate) class: &'static str,
    /// Whether the page has islands.
    pub(crate) islands: bool,
    /// A script of the page's own.
    pub(crate) script: Option<String>,
    /// Whether search engines may list it.
    pub(crate) listed: bool,
    /// The same page as Markdown.
    pub(crate) markdown_url: Option<String>,
}

/// Draws a whole document. The same input gives the same bytes.
pub(crate) fn document<V: IntoView + 'static>(frame: &Frame, head: Head, body: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| page(frame, head, body()).to_html());
    owner.unset_with_forced_cleanup();
    format!("<!DOCTYPE html>{}", without_markers(&html))
}

/// Draws a part of a document, for one that is already open.
pub(crate) fn fragment<V: IntoView + 'static>(body: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| body().to_html());
    owner.unset_with_forced_cleanup();
    html
}

/// Drops the empty comments by which a browser would find dynamic nodes, outside of islands, where nobody looks.
fn without_markers(html: &str) -> String {
    let mut lean = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<leptos-island") {
        let end = rest[start..]
            .find("</leptos-island>")
            .map_or(rest.len(), |end| start + end);
        lean.push_str(&rest[..start].replace("<!>", ""));
        lean.push_str(&rest[start..end]);
        rest = &rest[end..];
    }
    lean.push_str(&rest.replace("<!>", ""));
    lean
}

fn page(frame: &Frame, head: Head, body: impl IntoView) -> impl IntoView {
    let Frame {
        assets,
        theme,
        portal_url,
        path,
    } = frame.clone();
    let title = if head.title.is_empty() {
        "Aleta Developers".to_owned()
    } else {
        format!("{} · Aleta Developers", head.title)
    };
    let canonical = format!("{portal_url}{}", path.split('?').next().unwrap_or_default());
    view! {
        <html lang="en" data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>{title}</title>
                <meta name="description" content=head.description/>
                {(!head.listed).then(|| view! { <meta name="robots" content="noindex"/> })}
                <link rel="canonical" href=canonical/>
                {head.markdown_url.map(|url| view! { <link rel="alternate" type="text/markdown" href=url/> })}
                <meta name="color-scheme" content=color_scheme(theme)/>
                {theme_colors(theme)}
                <link rel="stylesheet" href=assets.stylesheet.clone()/>
                {preload(&assets)}
                <link rel="icon" type="image/svg+xml" href=assets.favicon.clone()/>
                {scripts(&assets, head.islands, head.script)}
            </head>
            <body class=head.class>
                <a class="skip" href="#main">"Skip to content"</a>
                {masthead(head.section)}
                {body.into_any()}
                {footer(theme, path)}
                {keys::list(head.section)}
            </body>
        </html>
    }
}

fn color_scheme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "light dark",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// The two papers, as `style/tokens.css` has them (a test compares).
pub(crate) const PAPER: (&str, &str) = ("#fbfaf6", "#101512");

fn theme_colors(theme: Theme) -> impl IntoView {
    let (light, dark) = PAPER;
    match theme {
        Theme::System => [("light", light), ("dark", dark)]
            .map(|(scheme, paper)| {
                let media = custom_attribute("media", format!("(prefers-color-scheme: {scheme})"));
                view! { <meta name="theme-color" {..media} content=paper/> }
            })
            .into_iter()
            .collect_view()
            .into_any(),
        Theme::Light => view! { <meta name="theme-color" content=light/> }.into_any(),
        Theme::Dark => view! { <meta name="theme-color" content=dark/> }.into_any(),
    }
}

fn preload(assets: &Assets) -> impl IntoView + use<> {
    let fonts = assets.fonts.clone();
    fonts
        .map(|href| view! { <link rel="preload" href=href r#as="font" type="font/woff2" crossorigin="anonymous"/> })
        .into_iter()
        .collect_view()
}

/// `page.js`, which fetches what else brings the page to life once the page has been painted.
fn scripts(assets: &Assets, islands: bool, script: Option<String>) -> impl IntoView + use<> {
    let Assets {
        page_js,
        islands_js,
        wasm_js,
        wasm,
        ..
    } = assets.clone();
    let on_islands = |address: String| islands.then_some(address);
    view! {
        <script type="module" id="page" src=page_js data-then=script data-script=on_islands(islands_js) data-js=on_islands(wasm_js) data-wasm=on_islands(wasm)></script>
    }
}

/// The mark: an A under a seal, as in `public/favicon.svg`.
pub(crate) fn mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <rect class="mark-ground" width="32" height="32" rx="4"/>
            <rect class="mark-rim" x="2.5" y="2.5" width="27" height="27" rx="2" fill="none"/>
            <path class="mark-letter" d="M9 24 16 7.5 23 24M11.6 18.5h8.8" fill="none"/>
        </svg>
    }
}

fn masthead(section: Section) -> impl IntoView {
    let links = [
        (Section::Docs, link::DOCS, "Docs"),
        (Section::Builder, link::BUILDER, "Builder"),
        (Section::Logs, link::LOGS, "Log"),
        (Section::Webhooks, link::WEBHOOKS, "Webhooks"),
        (Section::Checklist, link::CHECKLIST, "Checklist"),
        (Section::Sandbox, link::SANDBOX, "Sandbox"),
        (Section::Workspace, link::WORKSPACE, "Workspace"),
    ];
    view! {
        <header class="masthead">
            <div class="masthead-line">
                <a class="wordmark" href=link::HOME>
                    {mark()}
                    <span class="wordmark-name">"Aleta " <span class="wordmark-second">"Developers"</span></span>
                </a>
                <nav class="main-nav" aria-label="Main">
                    {links.map(|(target, href, label)| {
                        let here = (target == section).then_some("true");
                        view! { <a href=href aria-current=here>{label}</a> " " }
                    }).into_iter().collect_view()}
                </nav>
                <form class="search" role="search" action=link::SEARCH method="get">
                    <label class="unseen" for="search">"Search the docs"</label>
                    <input id="search" name="q" type="search" placeholder="Search the docs" autocomplete="off" enterkeyhint="search"/>
                    <kbd aria-hidden="true">"/"</kbd>
                </form>
            </div>
        </header>
    }
}

fn footer(theme: Theme, path: String) -> impl IntoView {
    view! {
        <footer class="foot">
            <div class="foot-line">
                <p>"Sandbox data is invented. Nothing here is a real person’s wealth."</p>
                <nav class="foot-nav" aria-label="For machines">
                    <a href=link::LLMS>"llms.txt"</a>
                </nav>
                {keys::button()}
                <form class="themes" method="post" action=link::THEME>
                    <input type="hidden" name="return" value=path/>
                    <fieldset>
                        <legend class="unseen">"Colours"</legend>
                        {Theme::ALL.map(|choice| {
                            let (value, label) = (choice.as_str(), theme_label(choice));
                            let pressed = if choice == theme { "true" } else { "false" };
                            view! { <button name="theme" value=value aria-pressed=pressed>{label}</button> }
                        }).into_iter().collect_view()}
                    </fieldset>
                </form>
            </div>
        </footer>
    }
}

fn theme_label(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "System",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}

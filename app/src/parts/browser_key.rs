//! A key pair made in the reader's browser: the frame that `public/key.js` fills.

use crate::link;
use leptos::{attr::custom::custom_attribute, prelude::*};

/// One step: what its button says, what was done when it worked, and where its outcome stands.
struct Step {
    name: &'static str,
    label: &'static str,
    about: &'static str,
    done: &'static str,
    outputs: &'static [(&'static str, &'static str)],
}

static STEPS: [Step; 4] = [
    Step {
        name: "make",
        label: "Make a key pair",
        about: "ECDSA on P-256. The private half is made not extractable: no script can read it, and it stays in this \
                browser.",
        done: "The pair is made and kept in this browser.",
        outputs: &[("public", "The public half")],
    },
    Step {
        name: "register",
        label: "Register the public half",
        about: "Goes to your sandbox, which answers with what an assertion has to carry.",
        done: "The public half is registered for your sandbox.",
        outputs: &[("issued", "What the assertion carries")],
    },
    Step {
        name: "exchange",
        label: "Sign and exchange",
        about: "Signs an assertion here and sends it to the token endpoint. Each press makes a new one.",
        done: "The assertion was sent.",
        outputs: &[
            ("assertion", "The assertion: header, claims, and as it is sent"),
            ("answer", "The answer of the token endpoint"),
        ],
    },
    Step {
        name: "forget",
        label: "Forget the pair",
        about: "Deletes it here and revokes it in the sandbox.",
        done: "The pair is gone.",
        outputs: &[],
    },
];

/// Draws the frame. Without JavaScript it says what to do instead.
pub(crate) fn browser_key() -> impl IntoView {
    let steps = STEPS.iter().map(step).collect_view();
    view! {
        <div
            class="browser-key"
            {..data("data-key", "")}
            {..data("data-register", link::BROWSER_KEY)}
            {..data("data-exchange", link::BROWSER_KEY_EXCHANGE)}
            {..data("data-forget", link::BROWSER_KEY_FORGET)}
        >
            <noscript>
                <p class="notice">"A browser makes keys by script, and scripts are off here. The commands below do the same from a shell."</p>
            </noscript>
            <ol class="key-steps" role="list">{steps}</ol>
            <p class="key-status" role="status" {..data("data-key-status", "")}></p>
        </div>
    }
}

fn step(step: &'static Step) -> impl IntoView {
    let outputs = step
        .outputs
        .iter()
        .map(|(name, label)| {
            let (mark, label) = (data(output(name), ""), *label);
            view! { <pre hidden tabindex="0" role="group" {..mark} aria-label=label></pre> }
        })
        .collect_view();
    view! {
        <li>
            <button class="button quiet" type="button" disabled {..data("data-step", step.name)} {..data("data-done", step.done)}>
                {step.label}
            </button>
            <p class="caption">{step.about}</p>
            {outputs}
        </li>
    }
}

fn output(name: &str) -> &'static str {
    match name {
        "public" => "data-key-public",
        "issued" => "data-key-issued",
        "assertion" => "data-key-assertion",
        _ => "data-key-answer",
    }
}

fn data(name: &'static str, value: &'static str) -> impl leptos::attr::Attribute {
    custom_attribute(name, value)
}

//! The items as data: title, why, and what would prove each.

use crate::store::{control::approvals::Matter, log::Habit};

/// One item of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Stable id.
    pub id: &'static str,
    /// Whether a launch waits for it.
    pub part: Part,
    /// What it is called.
    pub title: &'static str,
    /// Why it matters, one sentence.
    pub why: &'static str,
    /// What would prove it, in words, as exactly as the server checks it.
    pub rule_text: &'static str,
    /// What would prove it.
    pub rule: Rule,
}

/// Which part of the checklist an item belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A launch waits for it.
    Launch,
    /// A launch does without it, but not as well.
    Practice,
}

/// What would prove an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A call to any operation that was answered with success.
    SuccessfulCall,
    /// Calls that show how a client behaves.
    Habit(Habit),
    /// What a workspace asked for and Aleta's staff agreed to.
    Approval(Matter),
    /// What an endpoint answered.
    Endpoint(Answered),
}

/// What an endpoint answered that proves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It accepted a genuine delivery.
    Accepted,
    /// It refused a forged one, and accepted a genuine one.
    Refused,
}

/// The launch checklist, in order.
pub const ITEMS: [Item; 9] = [
    Item {
        id: "credentials-issued",
        part: Part::Launch,
        title: "Sandbox credentials issued",
        why: "Everything else is proven by calls, and a call needs credentials that work.",
        rule_text: "A call to any operation was made with an access token of this sandbox and answered with 2xx; a \
                    request sent from the builder counts. The sandbox's request log names the call.",
        rule: Rule::SuccessfulCall,
    },
    Item {
        id: "read-scopes-approved",
        part: Part::Launch,
        title: "Read scopes approved",
        why: "Production tokens carry only the scopes that someone at Aleta has agreed to.",
        rule_text: "The workspace asked for read scopes, and somebody of Aleta approved them. It stays proven while \
                    every read scope that calls of its programs have used is among them; what the builder sends does \
                    not count.",
        rule: Rule::Approval(Matter::ReadScopes),
    },
    Item {
        id: "webhook-secret-generated",
        part: Part::Launch,
        title: "Webhook secret generated",
        why: "Without the secret a receiver cannot tell a genuine event from a forged one.",
        rule_text: "A webhook endpoint exists, and has accepted a delivery that was signed with its secret. An inbox \
                    will do; deleting the endpoint opens the item again.",
        rule: Rule::Endpoint(Answered::Accepted),
    },
    Item {
        id: "retry-handling-tested",
        part: Part::Launch,
        title: "Retry handling tested",
        why: "Budgets and outages are certain to be met; a client that repeats too early makes both worse.",
        rule_text: "A program was answered with 429 or 503 and repeated the same call no earlier than Retry-After \
                    said, with no other try in between; the repeat succeeded. A planted fault will do; a request sent \
                    from the builder will not.",
        rule: Rule::Habit(Habit::Waited),
    },
    Item {
        id: "cutover-scheduled",
        part: Part::Launch,
        title: "Production cutover scheduled",
        why: "Someone has to be there on both sides when the first production call is made.",
        rule_text: "The workspace named a date for its first production call, and somebody of Aleta confirmed that \
                    same date. Another date opens the item again until it is confirmed too.",
        rule: Rule::Approval(Matter::Cutover),
    },
    Item {
        id: "signature-verified",
        part: Part::Practice,
        title: "Signature verified",
        why: "A receiver that takes whatever arrives lets anybody tell it what happened.",
        rule_text: "One and the same endpoint accepted a genuine delivery and refused a forged one with 400, 401, 403, \
                    406 or 422. An inbox does not count; accepting a later forgery opens the item again.",
        rule: Rule::Endpoint(Answered::Refused),
    },
    Item {
        id: "pagination-walked",
        part: Part::Practice,
        title: "Pagination walked",
        why: "What is read from the first page alone looks right until there are more than 25 of anything.",
        rule_text: "A list was followed by its cursor to the last page.",
        rule: Rule::Habit(Habit::Walked),
    },
    Item {
        id: "conditional-request-used",
        part: Part::Practice,
        title: "Conditional request used",
        why: "A 304 carries no body and computes nothing, so a client that compares may ask more often.",
        rule_text: "A call with If-None-Match was answered with 304.",
        rule: Rule::Habit(Habit::Compared),
    },
    Item {
        id: "idempotent-repeat-seen",
        part: Part::Practice,
        title: "Idempotent repeat seen",
        why: "A POST whose answer was lost can only be repeated safely under the key it was first sent with.",
        rule_text: "A POST was sent again with the Idempotency-Key of the first time and got the stored answer.",
        rule: Rule::Habit(Habit::Repeated),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_item_says_what_and_why_under_an_id_of_its_own() {
        let ids: BTreeSet<_> = ITEMS.iter().map(|item| item.id).collect();
        assert_eq!(ids.len(), ITEMS.len());
        for item in ITEMS {
            assert!(
                item.why.ends_with('.') && item.rule_text.ends_with('.'),
                "{}",
                item.id
            );
        }
    }
}

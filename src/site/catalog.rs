//! The operations as forms, worked out once.

use app::model::OperationLink;
use contract::{contract, form::Form};
use std::sync::LazyLock;

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    contract()
        .cards
        .iter()
        .map(|card| contract().form(card))
        .collect()
});

static LINKS: LazyLock<Vec<OperationLink>> = LazyLock::new(|| {
    let link = |form: &Form| OperationLink {
        id: form.operation.clone(),
        method: form.method,
        path: form.path.clone(),
        summary: form.summary.clone(),
        group: form.group.clone(),
    };
    FORMS.iter().map(link).collect()
});

/// Every operation, in the order of the docs.
pub(super) fn forms() -> &'static [Form] {
    &FORMS
}

/// The form of an operation.
pub(super) fn form(operation: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.operation == operation)
}

/// Every operation as the picker lists it.
pub(super) fn links() -> &'static [OperationLink] {
    &LINKS
}

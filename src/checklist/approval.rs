//! What people agree to: a workspace asks, somebody of Aleta's staff approves or returns it.

use contract::{Scope, ScopeSet, Timestamp};

use crate::{
    people::{Member, Staff},
    store::{
        StoreError,
        control::{
            Control,
            approvals::{self, ApprovalRow, Matter, NewStep, Step},
            workspaces::WorkspaceId,
        },
    },
};

/// The most characters of a note.
const LONGEST_NOTE: usize = 1_000;

/// How far ahead a cutover can be planned, in days.
pub const FARTHEST: i32 = 366;

/// Why nothing was asked for, or decided.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalError {
    /// No scope was chosen.
    #[error("Choose one read scope or more.")]
    NoScopes,
    /// The date is none.
    #[error("Name a day, as in 2026-09-30.")]
    NoDay,
    /// The date is over, or too far away.
    #[error("The day has to be today or later, and within a year.")]
    WrongDay,
    /// The note is too long.
    #[error("The note is too long: 1,000 characters are enough.")]
    LongNote,
    /// A matter is returned without saying why.
    #[error("Say in the note what has to change: the workspace sees it.")]
    NoReason,
    /// What was decided on is not what is asked any more.
    #[error("This is not what the workspace asks for any more. Nothing was decided; look at it again.")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is asked for, in the words in which it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    matter: Matter,
    text: String,
}

impl Subject {
    /// These read scopes; whatever is none is left out.
    ///
    /// # Errors
    /// When none is left.
    pub fn scopes<'a>(chosen: impl Iterator<Item = &'a str>) -> Result<Self, ApprovalError> {
        let scopes: ScopeSet = chosen
            .filter_map(|text| text.parse().ok())
            .filter(|scope| is_read(*scope))
            .collect();
        if scopes.is_empty() {
            return Err(ApprovalError::NoScopes);
        }
        Ok(Self {
            matter: Matter::ReadScopes,
            text: scopes.to_string(),
        })
    }

    /// The cutover on this day.
    ///
    /// # Errors
    /// When it is no day, or none from today to a year ahead.
    pub fn cutover(text: &str, now: Timestamp) -> Result<Self, ApprovalError> {
        let day: jiff::civil::Date = text.trim().parse().map_err(|_| ApprovalError::NoDay)?;
        let ahead = (day - now.date()).get_days();
        if !(0..=FARTHEST).contains(&ahead) {
            return Err(ApprovalError::WrongDay);
        }
        Ok(Self {
            matter: Matter::Cutover,
            text: day.to_string(),
        })
    }
}

/// Whether a scope only reads.
pub fn is_read(scope: Scope) -> bool {
    scope.as_str().ends_with(":read")
}

fn note(text: &str) -> Result<String, ApprovalError> {
    let line: String = text
        .trim()
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    if line.chars().count() > LONGEST_NOTE {
        return Err(ApprovalError::LongNote);
    }
    Ok(line)
}

/// Asks for something on behalf of a workspace; what was asked or agreed to before is open again.
///
/// # Errors
/// When the note is too long or the database fails.
pub async fn ask(
    control: &Control,
    member: &Member,
    (subject, text): (&Subject, &str),
    now: Timestamp,
) -> Result<(), ApprovalError> {
    let note = note(text)?;
    let mut write = control.begin().await?;
    let step = NewStep {
        matter: subject.matter,
        step: Step::Asked,
        subject: &subject.text,
        by: &member.email,
        note: &note,
    };
    approvals::add(&mut write, &member.workspace, step, now).await?;
    Ok(write.commit().await?)
}

/// What staff decide, on the step that they saw.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// What it is about.
    pub matter: Matter,
    /// The step that they saw.
    pub seq: i64,
    /// Whether they agree.
    pub approve: bool,
    /// What they write.
    pub note: &'a str,
}

/// Approves what a workspace asked for, or returns it with a reason.
///
/// # Errors
/// When something else is asked for by now, or a reason is missing.
pub async fn decide(
    control: &Control,
    staff: &Staff,
    (workspace, decision): (&WorkspaceId, Decision<'_>),
    now: Timestamp,
) -> Result<(), ApprovalError> {
    let note = note(decision.note)?;
    if note.is_empty() && !decision.approve {
        return Err(ApprovalError::NoReason);
    }
    let mut write = control.begin().await?;
    let asked = approvals::last(&mut write, workspace, decision.matter).await?;
    let asked = asked
        .filter(|last| last.step == Step::Asked && last.seq == decision.seq)
        .ok_or(ApprovalError::Stale)?;
    let step = NewStep {
        matter: decision.matter,
        step: if decision.approve {
            Step::Approved
        } else {
            Step::Returned
        },
        subject: &asked.subject,
        by: &staff.email,
        note: &note,
    };
    approvals::add(&mut write, workspace, step, now).await?;
    Ok(write.commit().await?)
}

/// The last step of a matter, and who asked for what it is about.
pub(super) fn standing(steps: &[ApprovalRow], matter: Matter) -> Option<(&ApprovalRow, &ApprovalRow)> {
    let mut of_matter = steps.iter().filter(|step| step.matter == matter);
    let last = of_matter.clone().next_back()?;
    let asked = of_matter.rfind(|step| step.step == Step::Asked)?;
    Some((last, asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-05-23T16:42:11Z".parse().unwrap()
    }

    #[test]
    fn only_read_scopes_can_be_asked_for() {
        let chosen = ["positions:read", "clients:write", "everything", "cashflows:read"];
        let subject = Subject::scopes(chosen.into_iter()).unwrap();
        assert_eq!(subject.text, "positions:read cashflows:read");
        assert!(matches!(
            Subject::scopes(["clients:write"].into_iter()),
            Err(ApprovalError::NoScopes)
        ));
    }

    #[test]
    fn a_cutover_is_from_today_to_a_year_ahead() {
        for good in ["2026-05-23", " 2026-09-30 ", "2027-05-24"] {
            assert_eq!(Subject::cutover(good, now()).unwrap().text, good.trim());
        }
        for bad in ["2026-05-22", "2027-05-25", "9999-12-31"] {
            assert!(
                matches!(Subject::cutover(bad, now()), Err(ApprovalError::WrongDay)),
                "{bad}"
            );
        }
        for none in ["", "soon", "2026-02-30", "30.09.2026"] {
            assert!(
                matches!(Subject::cutover(none, now()), Err(ApprovalError::NoDay)),
                "{none}"
            );
        }
    }

    #[test]
    fn a_note_is_one_line_and_ends() {
        assert_eq!(note(" two\r\nlines ").unwrap(), "two  lines");
        assert!(note(&"x".repeat(1_001)).is_err());
    }
}

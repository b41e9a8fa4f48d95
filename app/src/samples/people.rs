//! Sample data for the pages about people.

use crate::model::{
    JoinPage, Moment, PasswordPage, SignInPage, WorkspacePage,
    people::{ClaimView, InvitationView, JoinView, MemberView, OneTimeLink, WorkspaceView},
};

fn at(day: &str) -> Moment {
    Moment::from_rfc3339(&format!("{day}T09:30:00Z"))
}

pub(super) fn nobody() -> WorkspacePage {
    WorkspacePage::Nobody {
        notice: Some("You are no longer a member of that workspace.".into()),
    }
}

pub(super) fn unclaimed() -> WorkspacePage {
    WorkspacePage::Unclaimed(ClaimView {
        sandbox: Some("sandbox-7f3k".into()),
        ends: Some(at("2026-06-06")),
        typed: ("Nordlys Capital".into(), "mia@nordlys.example".into()),
        problem: Some("The password is too short: it needs 12 characters or more.".into()),
    })
}

fn member(email: &str, admin: bool) -> MemberView {
    MemberView {
        id: format!("prs_{email}"),
        email: email.into(),
        admin,
        joined: at("2026-05-23"),
        invited_by: (!admin).then(|| "mia@nordlys.example".into()),
        password_by: None,
        reader: false,
    }
}

pub(super) fn workspace(admin: bool) -> WorkspacePage {
    let (mia, jon) = (
        member("mia@nordlys.example", true),
        member("jon@nordlys.example", false),
    );
    let reset = MemberView {
        password_by: Some(("mia@nordlys.example".into(), at("2026-05-24"))),
        ..member(
            "a.very.long.address.of.a.colleague@integration.nordlys.example",
            false,
        )
    };
    let members = vec![
        MemberView { reader: admin, ..mia },
        MemberView {
            reader: !admin,
            ..jon
        },
        reset,
    ];
    WorkspacePage::Claimed(Box::new(WorkspaceView {
        name: "Nordlys Capital".into(),
        claimed: at("2026-05-23"),
        email: if admin {
            "mia@nordlys.example"
        } else {
            "jon@nordlys.example"
        }
        .into(),
        admin,
        sessions: if admin { 2 } else { 1 },
        members,
        invitations: vec![InvitationView {
            id: "inv_1".into(),
            label: "Kim, back office".into(),
            admin: false,
            by: "mia@nordlys.example".into(),
            ends: at("2026-05-30"),
        }],
        others: vec![("wsp_2".into(), "Halvorsen Advisers".into())],
        link: admin.then(|| OneTimeLink {
            purpose: "It lets one person into this workspace.".into(),
            url: "https://developers.aleta.io/join?code=5Zr0fV9cXq3nTg7LwK2mB8yD4hJ6pS1aQwErTyUiOpA".into(),
            ends: at("2026-05-30"),
        }),
        notice: (!admin).then(|| "You are in.".into()),
        problem: (!admin).then(|| "Only an admin of the workspace may do that.".into()),
    }))
}

pub(super) fn sign_in(staff: bool) -> SignInPage {
    SignInPage {
        staff,
        email: "mia@nordlys.example".into(),
        back: "/workspace".into(),
        left_behind: (!staff).then(|| "sandbox-7f3k".into()),
        notice: staff.then(|| "The password is set. Sign in with it.".into()),
        problem: (!staff).then(|| "No account has this e-mail address and password.".into()),
    }
}

pub(super) fn join(signed_in: bool) -> JoinPage {
    JoinPage::Open(Box::new(JoinView {
        code: "5Zr0fV9c".into(),
        workspace: "Nordlys Capital".into(),
        by: "mia@nordlys.example".into(),
        admin: signed_in,
        ends: at("2026-05-30"),
        signed_in: signed_in.then(|| "jon@nordlys.example".into()),
        email: String::new(),
        left_behind: (!signed_in).then(|| "sandbox-7f3k".into()),
        problem: None,
    }))
}

pub(super) fn password() -> PasswordPage {
    PasswordPage::Open {
        code: "5Zr0fV9c".into(),
        email: "mia@nordlys.example".into(),
        problem: None,
    }
}

//! Who looks at the demo office's figures: users in each status, and the invites of two of them.

use super::literal::{Kind, birth, literal, object, objects};
use crate::store::{
    StoreError,
    tenant::{WriteTx, invites as invite_rows, users as user_rows},
};
use contract::{
    ids::{InviteId, UserId},
    users::{INVITE_DAYS, Invite, InviteState, User, UserStatus},
};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Adds them all.
pub(super) async fn fill(tx: &mut WriteTx) -> Result<(), StoreError> {
    for user in users() {
        user_rows::insert(tx, &user).await?;
    }
    for invite in invites() {
        invite_rows::insert(tx, &invite).await?;
    }
    Ok(())
}

fn users() -> impl Iterator<Item = User> {
    use UserStatus::{Active, Disabled, Invited};
    [
        (1, 1, "Astrid", "Berg", Invited, "1"),
        (2, 1, "Ingrid", "Halvorsen", Active, "1 2 3"),
        (3, 1, "Mikkel", "Lund", Disabled, "2"),
        (4, 2, "Sofie", "Krag", Invited, "4"),
        (5, 3, "Dana", "Whitfield", Active, "5 6"),
    ]
    .into_iter()
    .map(|(number, client, first, last, status, views)| User {
        id: user(number),
        client_id: object(Kind::Client, client),
        email: literal(&format!("{first}.{last}@example.com").to_lowercase()),
        first_name: literal(first),
        last_name: literal(last),
        status,
        reporting_entity_ids: objects(Kind::ReportingEntity, views),
        created_at: birth(),
        updated_at: birth(),
    })
}

/// An invite of each invited user, by how many days before the sandbox it was made.
fn invites() -> impl Iterator<Item = Invite> {
    [(1, 1, 0), (2, 4, 75)].into_iter().map(|(number, of, days)| {
        let made = birth().plus_millis(-days * DAY_MILLIS);
        Invite {
            id: invite(number),
            user_id: user(of),
            state: InviteState::Valid,
            expires_at: made.plus_millis(INVITE_DAYS * DAY_MILLIS),
            created_at: made,
            updated_at: made,
        }
    })
}

fn user(number: u32) -> UserId {
    literal(&format!("6f9d1c3e-2b4a-4c5d-8e7f-0a1b2c3d5e{number:02}"))
}

fn invite(number: u32) -> InviteId {
    literal(&format!("6f9d1c3e-2b4a-4c5d-8e7f-0a1b2c3d6e{number:02}"))
}

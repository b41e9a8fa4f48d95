-- A link is a right on paper, and must not outlive the right it was made with. A person's password links go whenever
-- their memberships or roles change, and whatever an admin made goes when they are no admin of that workspace any more.
-- Triggers see to it, so that no way into or out of a workspace can forget it.

ALTER TABLE password_links ADD COLUMN admin_workspace_id TEXT REFERENCES workspaces (id) ON DELETE CASCADE;
ALTER TABLE password_links ADD COLUMN admin_id TEXT REFERENCES people (id) ON DELETE CASCADE;
ALTER TABLE password_links ADD COLUMN maker_staff_email TEXT REFERENCES staff (email) ON DELETE CASCADE;
ALTER TABLE invitations ADD COLUMN inviter_id TEXT REFERENCES people (id) ON DELETE CASCADE;

-- Who made these is known by address only. They would have been good for a day at most.
DELETE FROM password_links WHERE person_id IS NOT NULL;

UPDATE invitations SET inviter_id = (SELECT id FROM people WHERE email = invited_by);
DELETE FROM invitations WHERE NOT EXISTS (
    SELECT 1 FROM members WHERE members.workspace_id = invitations.workspace_id
    AND members.person_id = invitations.inviter_id AND members.role = 'admin'
);

CREATE INDEX password_links_by_admin ON password_links (admin_id) WHERE admin_id IS NOT NULL;
CREATE INDEX password_links_by_admin_workspace ON password_links (admin_workspace_id)
    WHERE admin_workspace_id IS NOT NULL;
CREATE INDEX password_links_by_maker_staff ON password_links (maker_staff_email) WHERE maker_staff_email IS NOT NULL;
CREATE INDEX invitations_by_inviter ON invitations (inviter_id);

CREATE TRIGGER links_end_when_a_member_is_added AFTER INSERT ON members BEGIN
    DELETE FROM password_links WHERE person_id = new.person_id;
END;

CREATE TRIGGER links_end_when_a_role_changes AFTER UPDATE OF role ON members WHEN new.role <> old.role BEGIN
    DELETE FROM password_links WHERE person_id = new.person_id;
    DELETE FROM password_links WHERE admin_id = new.person_id AND admin_workspace_id = new.workspace_id;
    DELETE FROM invitations WHERE inviter_id = new.person_id AND workspace_id = new.workspace_id;
END;

CREATE TRIGGER links_end_when_a_member_is_removed AFTER DELETE ON members BEGIN
    DELETE FROM password_links WHERE person_id = old.person_id;
    DELETE FROM password_links WHERE admin_id = old.person_id AND admin_workspace_id = old.workspace_id;
    DELETE FROM invitations WHERE inviter_id = old.person_id AND workspace_id = old.workspace_id;
END;

-- A second look at the same, for the transaction in which a link is used: an admin's link opens the account of a person
-- who is in that admin's workspace and in no other.
CREATE VIEW good_password_links AS
SELECT * FROM password_links AS link
WHERE admin_id IS NULL
OR (
    EXISTS (SELECT 1 FROM members WHERE members.workspace_id = link.admin_workspace_id
        AND members.person_id = link.admin_id AND members.role = 'admin')
    AND EXISTS (SELECT 1 FROM members WHERE members.workspace_id = link.admin_workspace_id
        AND members.person_id = link.person_id)
    AND NOT EXISTS (SELECT 1 FROM members WHERE members.workspace_id <> link.admin_workspace_id
        AND members.person_id = link.person_id)
);

-- What is known of a participant before the first question, and how they like to be asked.
ALTER TABLE participants ADD COLUMN about TEXT NOT NULL DEFAULT '{}';
CREATE TABLE participant_needs (
    scheme_number BIGINT NOT NULL,
    reference TEXT NOT NULL,
    needs TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, reference)
);

ALTER TABLE invitations ADD COLUMN occasion TEXT;
ALTER TABLE invitations ADD COLUMN ends_on DATE NOT NULL DEFAULT '9999-12-31';
ALTER TABLE invitations ADD COLUMN answered_at TIMESTAMP;
ALTER TABLE invitations ADD COLUMN unfinished BOOLEAN NOT NULL DEFAULT FALSE;

-- Ways in, by keyed hash of what stands in the link or is typed. A way that is taken back is deleted.
CREATE TABLE entry_codes (
    scheme_number BIGINT NOT NULL,
    code_hash BYTEA NOT NULL,
    invitation_id TEXT,
    open_link_id TEXT,
    draft_id TEXT,
    PRIMARY KEY (scheme_number, code_hash)
);
CREATE INDEX entry_codes_by_invitation ON entry_codes (scheme_number, invitation_id);

CREATE TABLE open_links (
    scheme_number BIGINT NOT NULL,
    id TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    council TEXT NOT NULL,
    unit TEXT,
    created_at TIMESTAMP NOT NULL,
    closed_at TIMESTAMP,
    sent BIGINT NOT NULL,
    unfinished BIGINT NOT NULL,
    PRIMARY KEY (scheme_number, id)
);

-- How many answers came through an open link from one address on one day: a keyed hash, deleted after the day.
CREATE TABLE open_link_uses (
    scheme_number BIGINT NOT NULL,
    open_link_id TEXT NOT NULL,
    day DATE NOT NULL,
    address_hash BYTEA NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (scheme_number, open_link_id, day, address_hash)
);

-- What a person has said so far. A draft of an invitation has the invitation's id.
CREATE TABLE drafts (
    scheme_number BIGINT NOT NULL,
    id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    body TEXT NOT NULL,
    response_id TEXT,
    updated_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, id)
);
CREATE INDEX drafts_by_end ON drafts (ends_at);

CREATE TABLE sittings (
    scheme_number BIGINT NOT NULL,
    token_hash BYTEA NOT NULL,
    draft_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (scheme_number, token_hash)
);
CREATE INDEX sittings_by_draft ON sittings (scheme_number, draft_id);

-- Staff who are signed in on pages. Handing a tablet over ends the session: it is locked until somebody signs in again.
CREATE TABLE staff_sessions (
    token_hash BYTEA PRIMARY KEY,
    account_id TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    ends_at TIMESTAMP NOT NULL
);

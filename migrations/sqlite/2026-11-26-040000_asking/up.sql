-- Who is asked when. A participant has arrangements with dates, councils over time, a key worker and a language.
ALTER TABLE participants ADD COLUMN earlier_councils TEXT NOT NULL DEFAULT '[]';
ALTER TABLE participants ADD COLUMN arrangements TEXT NOT NULL DEFAULT '[]';
ALTER TABLE participants ADD COLUMN worker TEXT;
ALTER TABLE participants ADD COLUMN language TEXT;
ALTER TABLE participants ADD COLUMN entered_on DATE NOT NULL DEFAULT '1970-01-01';
UPDATE participants SET entered_on = supported_from;
-- Reasons are a coded list from now on; words could say anything of anybody.
UPDATE participants SET not_asked_reason = 'other' WHERE not_asked_reason IS NOT NULL;
CREATE INDEX participants_by_worker ON participants (scheme_number, worker);

-- The day on which a person was asked; due_on is the day for which.
ALTER TABLE invitations ADD COLUMN asked_on DATE NOT NULL DEFAULT '1970-01-01';
UPDATE invitations SET asked_on = date(created_at);
CREATE INDEX invitations_by_end ON invitations (scheme_number, ends_on);

-- One row for each reminder that went out: the key is what makes it go once.
CREATE TABLE reminders (
    scheme_number BIGINT NOT NULL,
    invitation_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    reminded_on DATE NOT NULL,
    marked_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, invitation_id, number)
) WITHOUT ROWID;

-- What happened to a person that stops asking at once, until it is lifted.
CREATE TABLE life_events (
    scheme_number BIGINT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    begins_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT NOT NULL,
    lifted_on DATE,
    lifted_at TIMESTAMP,
    lifted_by TEXT,
    PRIMARY KEY (scheme_number, id)
);
CREATE INDEX life_events_by_person ON life_events (scheme_number, person);

-- Why a person was not asked on one occasion, or was asked and could not take part.
CREATE TABLE asking_notes (
    scheme_number BIGINT NOT NULL,
    person TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    due_on DATE NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    noted_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT NOT NULL,
    PRIMARY KEY (scheme_number, person, questionnaire, due_on, kind)
) WITHOUT ROWID;

-- How a scheme asks: a schedule for each questionnaire, and waves with one common date.
CREATE TABLE schedules (
    scheme_number BIGINT NOT NULL,
    questionnaire TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, questionnaire)
);
CREATE TABLE waves (
    scheme_number BIGINT NOT NULL,
    id TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    due_on DATE NOT NULL,
    occasion TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (scheme_number, id)
);

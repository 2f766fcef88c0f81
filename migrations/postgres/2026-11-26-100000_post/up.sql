-- Messages to people who are asked stand in the outbox beside the mails: of which invitation each is, which reminder (none = the
-- invitation itself), by which way it goes (mail or text), and when it was held back for good.
ALTER TABLE outbox ADD COLUMN way TEXT NOT NULL DEFAULT 'mail';
ALTER TABLE outbox ADD COLUMN invitation_id TEXT;
ALTER TABLE outbox ADD COLUMN reminder BIGINT;
ALTER TABLE outbox ADD COLUMN stopped_at TIMESTAMP;
CREATE INDEX outbox_by_invitation ON outbox (scheme_number, invitation_id) WHERE invitation_id IS NOT NULL;

DROP INDEX outbox_by_invitation;
DELETE FROM outbox WHERE invitation_id IS NOT NULL;
ALTER TABLE outbox DROP COLUMN stopped_at;
ALTER TABLE outbox DROP COLUMN reminder;
ALTER TABLE outbox DROP COLUMN invitation_id;
ALTER TABLE outbox DROP COLUMN way;

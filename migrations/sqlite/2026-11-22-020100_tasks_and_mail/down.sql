DROP TABLE outbox;
DROP TABLE safeguarding_tasks;

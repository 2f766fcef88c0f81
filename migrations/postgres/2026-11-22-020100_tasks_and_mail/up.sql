-- Answers that somebody must look at. What was said is not here; person, items and response are cleared when the response is erased.
CREATE TABLE safeguarding_tasks (
    scheme_number BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    response_id TEXT COLLATE "C",
    person TEXT COLLATE "C",
    items TEXT COLLATE "C",
    supporter BOOLEAN NOT NULL,
    sent_by TEXT COLLATE "C",
    raised_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    told TEXT COLLATE "C" NOT NULL,
    step BIGINT NOT NULL,
    next_at TIMESTAMP,
    acknowledged_at TIMESTAMP,
    acknowledged_by TEXT COLLATE "C",
    PRIMARY KEY (scheme_number, id)
);
CREATE INDEX safeguarding_tasks_by_response ON safeguarding_tasks (scheme_number, response_id);
-- next_at is set only while somebody else is still to be told.
CREATE INDEX safeguarding_tasks_by_next ON safeguarding_tasks (next_at) WHERE next_at IS NOT NULL;

-- Mail that is to be sent, written in the transaction of the act that causes it. next_try_at is set only while it is to be tried.
CREATE TABLE outbox (
    id TEXT COLLATE "C" PRIMARY KEY,
    scheme_number BIGINT,
    kind TEXT COLLATE "C" NOT NULL,
    task_id TEXT COLLATE "C",
    step BIGINT,
    to_name TEXT COLLATE "C" NOT NULL,
    to_address TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    next_try_at TIMESTAMP,
    attempts BIGINT NOT NULL,
    sent_at TIMESTAMP,
    failed_at TIMESTAMP,
    last_error TEXT COLLATE "C"
);
CREATE INDEX outbox_by_next_try ON outbox (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX outbox_by_task ON outbox (scheme_number, task_id);

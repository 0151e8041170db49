-- Version 1. Times are milliseconds since 1970, amounts thousandths of a credit.
CREATE TABLE accounts(
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL,
    open INTEGER NOT NULL DEFAULT 1,
    daily INTEGER NOT NULL DEFAULT 0 CHECK (daily >= 0),
    daily_day INTEGER NOT NULL DEFAULT 0,
    lasting INTEGER NOT NULL DEFAULT 0 CHECK (lasting >= 0),
    held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
    active INTEGER NOT NULL DEFAULT 0 CHECK (active >= 0),
    slots INTEGER,
    rate INTEGER,
    last_tag INTEGER NOT NULL DEFAULT 0,
    renews_at INTEGER,
    paid_until INTEGER,
    hook_version INTEGER NOT NULL DEFAULT 1,
    hook_rotated_at INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);
CREATE TABLE keys(
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts(id),
    kind TEXT NOT NULL,
    -- SHA-256 of a static key, or the access key of a pair; the secret of a pair is derived, not stored.
    hash BLOB UNIQUE,
    access TEXT UNIQUE,
    hint TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
);
CREATE TABLE jobs(
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts(id),
    dialect TEXT NOT NULL,
    product TEXT NOT NULL,
    model TEXT NOT NULL,
    external TEXT,
    state TEXT NOT NULL,
    -- Start tag of fair queueing: the lowest is made first.
    tag INTEGER NOT NULL,
    slots INTEGER NOT NULL,
    price INTEGER NOT NULL,
    held_daily INTEGER NOT NULL,
    held_day INTEGER NOT NULL,
    wish TEXT NOT NULL,
    warnings TEXT NOT NULL,
    result TEXT,
    error_code TEXT,
    error_message TEXT,
    callback TEXT,
    parent INTEGER,
    progress INTEGER NOT NULL DEFAULT 0,
    worker TEXT,
    attempt INTEGER NOT NULL DEFAULT 0,
    strikes INTEGER NOT NULL DEFAULT 0,
    beats INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER,
    expires_at INTEGER,
    -- Its files are gone or going: by request or by age.
    deleted INTEGER NOT NULL DEFAULT 0,
    swept INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_queue ON jobs(tag, id) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs(id) WHERE state = 'running';
CREATE INDEX jobs_account ON jobs(account, product, id);
CREATE INDEX jobs_expiry ON jobs(expires_at) WHERE expires_at IS NOT NULL AND deleted = 0;
CREATE INDEX jobs_unswept ON jobs(id) WHERE deleted = 1 AND swept = 0;
CREATE UNIQUE INDEX jobs_external ON jobs(account, external) WHERE external IS NOT NULL;
-- Double entry: every row moves an amount from one book to another of an account.
CREATE TABLE entries(
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts(id),
    job INTEGER,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    note TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX entries_once ON entries(job, kind, source, target) WHERE job IS NOT NULL;
CREATE INDEX entries_account ON entries(account, id);
-- What is to be told to whom. A job's events go out in order.
CREATE TABLE callbacks(
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    job INTEGER NOT NULL,
    url TEXT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL
);
CREATE INDEX callbacks_due ON callbacks(due_at) WHERE state = 'waiting';
CREATE INDEX callbacks_job ON callbacks(job, id) WHERE state = 'waiting';
-- How far fair queueing has come.
CREATE TABLE queue(id INTEGER PRIMARY KEY CHECK (id = 1), virtual INTEGER NOT NULL, waiting INTEGER NOT NULL);
INSERT INTO queue VALUES (1, 0, 0);
-- Counts that would take long to count.
CREATE TRIGGER jobs_taken AFTER INSERT ON jobs BEGIN
    UPDATE accounts SET active = active + NEW.slots WHERE id = NEW.account;
    UPDATE queue SET waiting = waiting + 1;
END;
CREATE TRIGGER jobs_unqueued AFTER UPDATE OF state ON jobs WHEN OLD.state = 'queued' AND NEW.state <> 'queued' BEGIN
    UPDATE queue SET waiting = waiting - 1;
END;
CREATE TRIGGER jobs_requeued AFTER UPDATE OF state ON jobs WHEN OLD.state <> 'queued' AND NEW.state = 'queued' BEGIN
    UPDATE queue SET waiting = waiting + 1;
END;
CREATE TRIGGER jobs_over AFTER UPDATE OF state ON jobs WHEN OLD.state IN ('queued', 'running') AND NEW.state NOT IN ('queued', 'running') BEGIN
    UPDATE accounts SET active = active - NEW.slots WHERE id = NEW.account;
END;

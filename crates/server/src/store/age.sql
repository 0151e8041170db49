-- Version 2. What is kept is kept for time that the service ran through, not for what the wall clock says: a clock that jumps removes nothing.
-- Milliseconds that it ran, and at how many of them a job's files may go.
ALTER TABLE queue ADD COLUMN ran INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN keep_until INTEGER;
UPDATE jobs SET keep_until = max(expires_at - CAST(strftime('%s', 'now') AS INTEGER) * 1000, 0) WHERE expires_at > 0 AND deleted = 0;
DROP INDEX jobs_expiry;
CREATE INDEX jobs_expiry ON jobs(keep_until) WHERE keep_until IS NOT NULL AND deleted = 0;

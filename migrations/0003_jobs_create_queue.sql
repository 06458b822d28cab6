-- Background work: a queue with leases and retries, and what each attempt came to. Jobs of the whole
-- installation have the nil organization.
CREATE TABLE job (
  organization_id {{id}} NOT NULL,
  job_id {{id}} NOT NULL,
  kind TEXT NOT NULL,
  -- At most one unfinished job of a kind has a given key.
  job_key TEXT,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  -- When a worker may take it: the due time, and while it is leased the end of the lease.
  available_at {{instant}} NOT NULL,
  attempts {{int}} NOT NULL,
  most_attempts {{int}} NOT NULL,
  created_at {{instant}} NOT NULL,
  finished_at {{instant}},
  CONSTRAINT job_state_known CHECK (state IN ('queued', 'leased', 'done', 'dead')),
  CONSTRAINT job_finish_time CHECK ((finished_at IS NULL) = (state IN ('queued', 'leased'))),
  CONSTRAINT job_attempts_counted CHECK (attempts >= 0 AND most_attempts >= 1),
  PRIMARY KEY (organization_id, job_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_job__key ON job (organization_id, kind, job_key) WHERE job_key IS NOT NULL AND finished_at IS NULL;
-- Workers look through all organizations for what is due.
CREATE INDEX idx_job__available ON job (kind, available_at) WHERE finished_at IS NULL;
CREATE INDEX idx_job__finished ON job (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE job_attempt (
  organization_id {{id}} NOT NULL,
  job_id {{id}} NOT NULL,
  attempt {{int}} NOT NULL,
  worker_id {{id}} NOT NULL,
  started_at {{instant}} NOT NULL,
  ended_at {{instant}},
  outcome TEXT NOT NULL,
  -- Error code and text of a failure; never personal data.
  error TEXT,
  CONSTRAINT job_attempt_outcome_known CHECK (outcome IN ('running', 'done', 'failed', 'lost')),
  PRIMARY KEY (organization_id, job_id, attempt),
  FOREIGN KEY (organization_id, job_id) REFERENCES job (organization_id, job_id)
) {{clustered}};

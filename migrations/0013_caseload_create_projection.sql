-- The caseload as it is read: one row for each patient with an episode (the open one, else the last that
-- closed). Bucket 0 is the list, bucket 1 what is closed and settled; in each, rows of one care manager lie together.
-- `triggers` says on which day which rule fires, so a row changes only when a fact changes; `body` is the part
-- of the answer that time does not change. Rebuildable at any time: concord caseload rebuild.
-- care_manager_id is nil (all zero) while nobody has been chosen.
CREATE TABLE caseload_row (
  organization_id {{id}} NOT NULL,
  bucket {{int}} NOT NULL,
  care_manager_id {{id}} NOT NULL,
  episode_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  state TEXT NOT NULL,
  name_key TEXT NOT NULL,
  triggers {{bytes}} NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (organization_id, bucket, care_manager_id, episode_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_caseload_row__patient ON caseload_row (organization_id, patient_id);

-- "Not now": an attention line somebody has put off until a day, with the reason. Kept with the patient's other
-- facts; a later one for the same rule is a new row.
CREATE TABLE attention_deferral (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  deferral_id {{id}} NOT NULL,
  episode_id {{id}} NOT NULL,
  rule TEXT NOT NULL,
  made_date {{date}} NOT NULL,
  until_date {{date}} NOT NULL,
  reason TEXT NOT NULL,
  made_by {{id}} NOT NULL,
  made_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, deferral_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id),
  FOREIGN KEY (organization_id, episode_id) REFERENCES episode (organization_id, episode_id)
) {{clustered}};

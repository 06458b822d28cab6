-- "Not now": an attention line somebody has put off, with the reason.
CREATE TABLE attention_deferral (
  organization_id {{id}} NOT NULL,
  episode_id {{id}} NOT NULL,
  rule TEXT NOT NULL,
  until_date {{date}} NOT NULL,
  reason TEXT NOT NULL,
  deferred_by {{id}} NOT NULL,
  deferred_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, episode_id, rule)
) {{clustered}};

-- What a program manager states for reports: the assumptions behind costs, each version kept, and changes that explain a chart.
CREATE TABLE report_assumptions (
  organization_id {{id}} NOT NULL,
  version {{int}} NOT NULL,
  assumed_values TEXT NOT NULL,
  reason TEXT NOT NULL,
  changed_by {{id}} NOT NULL,
  changed_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, version),
  FOREIGN KEY (organization_id) REFERENCES organization (organization_id)
) {{clustered}};

CREATE TABLE report_annotation (
  organization_id {{id}} NOT NULL,
  annotation_id {{id}} NOT NULL,
  on_date {{date}} NOT NULL,
  site_id {{id}},
  figure TEXT,
  words TEXT NOT NULL,
  created_by {{id}} NOT NULL,
  created_at {{instant}} NOT NULL,
  ended_at {{instant}},
  ended_by {{id}},
  end_reason TEXT NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, annotation_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id),
  CONSTRAINT report_annotation_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) {{clustered}};
CREATE INDEX idx_report_annotation__date ON report_annotation (organization_id, on_date, annotation_id);

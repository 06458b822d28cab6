-- Minutes with who, what for and their corrections; what billing needs to know besides; months, charges and exports.

-- A corrected or removed entry stays: ended_at says when, replaced_by_id by what. (staff_role came with 0019.)
ALTER TABLE time_entry ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE time_entry ADD COLUMN source TEXT NOT NULL DEFAULT 'concord';
ALTER TABLE time_entry ADD COLUMN entered_by {{id}};
ALTER TABLE time_entry ADD COLUMN entered_at {{instant}};
ALTER TABLE time_entry ADD COLUMN ended_at {{instant}};
ALTER TABLE time_entry ADD COLUMN ended_by {{id}};
ALTER TABLE time_entry ADD COLUMN end_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE time_entry ADD COLUMN replaced_by_id {{id}};
-- The month board reads one month of everybody from this index alone.
CREATE INDEX idx_time_entry__month ON time_entry (organization_id, entry_date, patient_id, entry_id, staff_id, staff_name, minutes, activity,
  start_minute, separately_billed, staff_role, entered_at, ended_at);
CREATE INDEX idx_time_entry__staff ON time_entry (organization_id, staff_id, entry_date);
CREATE INDEX idx_time_entry__name ON time_entry (organization_id, staff_name, entry_date) WHERE staff_id IS NULL;

-- One running clock a person.
CREATE TABLE running_timer (
  organization_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  activity TEXT NOT NULL,
  note TEXT NOT NULL,
  started_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, user_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- The visit with the billing practitioner that must come before the program's services.
CREATE TABLE initiating_visit (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  visit_date {{date}} NOT NULL,
  visit_id {{id}} NOT NULL,
  code TEXT NOT NULL,
  practitioner TEXT NOT NULL,
  source TEXT NOT NULL,
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  removed_at {{instant}},
  PRIMARY KEY (organization_id, patient_id, visit_date, visit_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- Services somebody else bills in the same month: advanced primary care management, general behavioral health integration.
CREATE TABLE outside_service (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  service_date {{date}} NOT NULL,
  service_id {{id}} NOT NULL,
  code TEXT NOT NULL,
  practitioner TEXT NOT NULL,
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  removed_at {{instant}},
  PRIMARY KEY (organization_id, patient_id, service_date, service_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- Minutes of the day (site time) where they are known; without them the whole day counts as inside.
CREATE TABLE inpatient_stay (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  admit_date {{date}} NOT NULL,
  stay_id {{id}} NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('inpatient', 'observation')),
  admit_minute {{int}},
  discharge_date {{date}},
  discharge_minute {{int}},
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  removed_at {{instant}},
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, admit_date, stay_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- Time codes or the add-on, where both could be meant: what a person decided for one patient and month.
CREATE TABLE billing_choice (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  month_start {{date}} NOT NULL,
  family TEXT NOT NULL CHECK (family IN ('time_codes', 'apcm', 'general_bhi', 'none')),
  reason TEXT NOT NULL,
  chosen_by {{id}} NOT NULL,
  chosen_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, month_start),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- What a payer takes, by category and plan name ('' for every plan); a change is a new version.
CREATE TABLE payer_setting (
  organization_id {{id}} NOT NULL,
  payer_category TEXT NOT NULL,
  plan_name TEXT NOT NULL,
  version {{int}} NOT NULL,
  valid_from {{date}} NOT NULL,
  settings TEXT NOT NULL,
  reason TEXT NOT NULL,
  changed_by {{id}} NOT NULL,
  changed_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, payer_category, plan_name, version)
) {{clustered}};

-- A month of a site. Months close in order; nothing of a closed month changes.
CREATE TABLE billing_month (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  month_start {{date}} NOT NULL,
  closed_at {{instant}},
  closed_by {{id}},
  PRIMARY KEY (organization_id, site_id, month_start),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};

CREATE TABLE billing_event (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  month_start {{date}} NOT NULL,
  event_id {{id}} NOT NULL,
  at {{instant}} NOT NULL,
  by_user {{id}} NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('close', 'reopen', 'export')),
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (organization_id, site_id, month_start, event_id)
) {{clustered}};

-- Where a patient's course of billing stands after a closed month, so that the next one need not look back.
CREATE TABLE billing_course (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  month_start {{date}} NOT NULL,
  patient_id {{id}} NOT NULL,
  last_service_date {{date}} NOT NULL,
  first_service_date {{date}} NOT NULL,
  initial_month {{date}},
  PRIMARY KEY (organization_id, site_id, month_start, patient_id)
) {{clustered}};

-- One row a code, patient and month. Exported rows never change: a correction voids them (credited by the next export) and adds another.
CREATE TABLE charge (
  organization_id {{id}} NOT NULL,
  charge_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  month_start {{date}} NOT NULL,
  patient_id {{id}} NOT NULL,
  reference TEXT NOT NULL,
  service_date {{date}} NOT NULL,
  code TEXT NOT NULL,
  units {{int}} NOT NULL CONSTRAINT charge_units CHECK (units > 0),
  minutes_counted {{int}} NOT NULL,
  payer_category TEXT NOT NULL,
  plan_name TEXT NOT NULL,
  practitioner TEXT NOT NULL,
  confirm TEXT NOT NULL,
  missing TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'held', 'declined', 'exported', 'voided', 'credited')),
  decided_by {{id}},
  decided_at {{instant}},
  decision_reason TEXT NOT NULL,
  export_id {{id}},
  credit_export_id {{id}},
  made_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, charge_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE INDEX idx_charge__month ON charge (organization_id, site_id, month_start, patient_id);
CREATE UNIQUE INDEX idx_charge__reference ON charge (organization_id, reference);
CREATE UNIQUE INDEX idx_charge__once ON charge (organization_id, patient_id, month_start, code) WHERE state IN ('ready', 'held', 'declined', 'exported');

-- What was handed to the billing system, as it was handed over.
CREATE TABLE charge_export (
  organization_id {{id}} NOT NULL,
  export_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  month_start {{date}} NOT NULL,
  reference TEXT NOT NULL,
  at {{instant}} NOT NULL,
  by_user {{id}} NOT NULL,
  charges {{int}} NOT NULL,
  credits {{int}} NOT NULL,
  csv TEXT NOT NULL,
  dft TEXT NOT NULL,
  PRIMARY KEY (organization_id, export_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};
CREATE INDEX idx_charge_export__month ON charge_export (organization_id, site_id, month_start);

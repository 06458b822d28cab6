-- Acknowledges or closes, if the version is still the one that was edited; $1 organization, $2 patient, $3 event, $4 that version, then the columns
UPDATE safety_event SET acknowledged_by = $5, acknowledged_at = $6, level = $7, disposition = $8, closed_by = $9, closed_at = $10,
  reassess_date = $11, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND safety_event_id = $3 AND version = $4

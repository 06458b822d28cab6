-- The measurement that the answer came to belong to; $1 organization, $2 patient, $3 event, $4 measurement
UPDATE safety_event SET measurement_id = $4
WHERE organization_id = $1 AND patient_id = $2 AND safety_event_id = $3 AND measurement_id IS NULL

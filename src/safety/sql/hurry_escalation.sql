-- The next call for help is due now; $1 organization, $2 patient, $3 event, $4 now
UPDATE safety_event SET next_escalation_at = $4 WHERE organization_id = $1 AND patient_id = $2 AND safety_event_id = $3

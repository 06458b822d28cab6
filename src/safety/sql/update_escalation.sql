-- Stores a call for help, if no other came before it. The version stays: nobody who has the event open must load it again.
-- $1 organization, $2 patient, $3 event, $4 calls before this one, $5 calls now, $6 when the next one is due, $7 first call
UPDATE safety_event SET escalations = $5, next_escalation_at = $6, notified_at = $7
WHERE organization_id = $1 AND patient_id = $2 AND safety_event_id = $3 AND escalations = $4

-- What an event is about, said again; $1 organization, $2 patient, $3 event, $4 signal
UPDATE safety_event SET signal = $4 WHERE organization_id = $1 AND patient_id = $2 AND safety_event_id = $3

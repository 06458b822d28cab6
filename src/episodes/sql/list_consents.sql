-- A patient's consents, newest first; $1 organization, $2 patient
SELECT consent_id, patient_id, kind, method, text_version, language, given_date, withdrawn_date, recorded_by, version
FROM consent WHERE organization_id = $1 AND patient_id = $2 ORDER BY given_date DESC, consent_id DESC

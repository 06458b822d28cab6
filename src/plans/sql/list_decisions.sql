-- A patient's decisions, newest first; $1 organization, $2 patient
SELECT decision_id, decided_date, aid, aid_version, topic, language, options, weights, choice, choice_words, took_part, note, labels,
  replaces, replaced_by, recorded_by, version
FROM decision WHERE organization_id = $1 AND patient_id = $2 ORDER BY decided_date DESC, decision_id DESC

-- A patient of a hand-over; $1 organization, $2 hand-over, $3 patient
INSERT INTO hand_over_patient (organization_id, hand_over_id, patient_id) VALUES ($1, $2, $3)

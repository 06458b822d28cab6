-- Treatment contacts that were not corrected; $1 organization, $2 first and $3 last patient
-- NULL: clinical for certain, as most are; else what contacts::is_clinical asks for, in one piece.
SELECT patient_id, contact_date,
  CASE WHEN modality IN ('in_person', 'video', 'phone') AND staff_role IN ('care_manager', 'other_cocm_clinician') AND with_whom = 'patient' THEN NULL
    ELSE COALESCE(modality, '') || '|' || staff_role || '|' || with_whom || '|' || source END
FROM contact
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3 AND kind = 'treatment' AND replaced_by_id IS NULL

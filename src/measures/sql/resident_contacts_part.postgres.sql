-- Treatment contacts of a part of the table, for several readers at once on PostgreSQL; $1 organization, $2 first page, $3 the page after the last
-- NULL: clinical for certain, as most are; else what contacts::is_clinical asks for, in one piece.
SELECT patient_id, contact_date,
  CASE WHEN modality IN ('in_person', 'video', 'phone') AND staff_role IN ('care_manager', 'other_cocm_clinician') AND with_whom = 'patient' THEN NULL
    ELSE COALESCE(modality, '') || '|' || staff_role || '|' || with_whom || '|' || source END
FROM contact
WHERE organization_id = $1 AND ctid >= CAST('(' || CAST($2 AS TEXT) || ',0)' AS tid) AND ctid < CAST('(' || CAST($3 AS TEXT) || ',0)' AS tid) AND kind = 'treatment' AND replaced_by_id IS NULL

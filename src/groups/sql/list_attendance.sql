-- Who came to a session, the newest version of each row; $1 organization, $2 group, $3 session
SELECT a.session_id, a.member_id, a.version, a.patient_id, a.status, a.note, a.names_accepted, a.contact_id, a.recorded_by, a.recorded_at
FROM group_attendance a WHERE a.organization_id = $1 AND a.group_id = $2 AND a.session_id = $3
  AND a.version = (SELECT MAX(b.version) FROM group_attendance b WHERE b.organization_id = a.organization_id AND b.group_id = a.group_id
    AND b.session_id = a.session_id AND b.member_id = a.member_id)
ORDER BY a.member_id

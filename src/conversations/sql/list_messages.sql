-- A page of a conversation, newest first; $1 organization, $2 patient, $3 messages before this one, $4 how many, $5 who asks, $6 TRUE
-- when they may see what is for treating clinicians
SELECT message_id, written_at, author_id, author_role, words, labels, treating_only, corrects_id, replaced_by_id
FROM team_message WHERE organization_id = $1 AND patient_id = $2 AND message_id < $3
  AND (treating_only = FALSE OR treating_only = $6 OR author_id = $5)
ORDER BY message_id DESC LIMIT $4

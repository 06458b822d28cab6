-- Removes answers that were never sent, long after their check-in ended; $1 ended before
DELETE FROM check_in_answer WHERE saved_at < $1 AND EXISTS (SELECT 1 FROM check_in c WHERE c.organization_id = check_in_answer.organization_id
  AND c.check_in_id = check_in_answer.check_in_id AND c.ended_at < $1)

-- Size of the table of scores in pages, asked on PostgreSQL only
SELECT 0 AS pages

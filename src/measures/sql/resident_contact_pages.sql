-- Size of the table of contacts in pages, asked on PostgreSQL only
SELECT 0 AS pages

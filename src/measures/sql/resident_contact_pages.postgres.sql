-- Size of the table of contacts in pages
SELECT CAST(pg_relation_size('contact') / current_setting('block_size')::int AS BIGINT) AS pages

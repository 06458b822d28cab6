-- Size of the table of scores in pages
SELECT CAST(pg_relation_size('measurement') / current_setting('block_size')::int AS BIGINT) AS pages

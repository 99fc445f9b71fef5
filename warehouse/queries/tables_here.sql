-- One row a table of the ledger that is open.
SELECT database_name AS "database", table_name AS "name"
FROM duckdb_tables()
WHERE NOT internal AND database_name = current_database()
ORDER BY table_name;

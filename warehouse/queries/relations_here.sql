-- One row a table or view of the ledger that is open.
SELECT table_name AS "name", 'table' AS kind FROM duckdb_tables()
WHERE NOT internal AND database_name = current_database()
UNION ALL
SELECT view_name, 'view' FROM duckdb_views() WHERE NOT internal AND database_name = current_database()
ORDER BY "name";

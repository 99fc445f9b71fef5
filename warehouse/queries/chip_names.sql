-- One row a known chip: its id and the name to show.
SELECT chip_id, name FROM chips ORDER BY chip_id;

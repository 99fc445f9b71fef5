-- One row a company and topmost parent that a standing observation names.
SELECT DISTINCT party.id AS id, party.root AS root
FROM (SELECT unnest(parties) AS party FROM observations WHERE superseded_by IS NULL);

-- One row a company in deal $deal_id, those that give before those that get.
SELECT company_id, shown_name(companies.name, company_id) AS name, "role", side, root_id, claims
FROM deal_parties
LEFT JOIN companies USING (company_id)
WHERE deal_id = $deal_id
ORDER BY side, company_id;

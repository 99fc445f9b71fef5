-- One row a company in one of the deals $deal_ids, those that most claims name first.
SELECT deal_parties.deal_id, deal_parties.side, deal_parties.company_id,
       shown_name(companies.name, deal_parties.company_id) AS name, coalesce(companies.aliases, []) AS aliases
FROM deal_parties
LEFT JOIN companies USING (company_id)
WHERE deal_parties.deal_id IN (SELECT unnest($deal_ids))
ORDER BY deal_parties.deal_id, deal_parties.claims DESC, name;

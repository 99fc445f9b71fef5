-- One row a deal of $type between companies $one and $other (ids, or topmost parents), the earliest first.
SELECT deals.deal_id, deals.status, deals.first_on
FROM deals
WHERE deals.type = $type AND deals.merged_into IS NULL AND NOT deals.withdrawn
  AND EXISTS (FROM deal_parties WHERE deal_parties.deal_id = deals.deal_id AND $one IN (company_id, root_id))
  AND EXISTS (FROM deal_parties WHERE deal_parties.deal_id = deals.deal_id AND $other IN (company_id, root_id))
ORDER BY deals.first_on, deals.deal_id;

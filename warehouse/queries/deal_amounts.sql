-- One row a sum stated for deal $deal_id, the settled one first.
SELECT money_text(amount, currency, bound) AS amount_text, amount, currency, bound, usd, fx_date, semantics, settled,
       contested, claims, sources, best_tier, first_on, last_on, reason
FROM deal_amounts
WHERE deal_id = $deal_id
ORDER BY settled DESC, semantics, amount DESC, currency;

-- One row a claim whose dollar value does not follow from its sum and rate.
SELECT observation_id, amount, currency, fx_rate, usd
FROM observations
WHERE (usd IS NOT NULL AND fx_rate IS NULL) OR abs(usd - amount * fx_rate) > 0.01 + 1e-9 * usd;

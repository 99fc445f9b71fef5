-- One row an event of deal $deal_id, retracted ones included, in the order in which the ledger learnt of them.
SELECT deal_events.event_id, deal_events.kind, deal_events.occurred_on, deal_events.status,
       deal_events.previous_status,
       money_text(deal_events.amount, deal_events.currency, deal_events.bound) AS amount_text, deal_events.usd,
       deal_events.reason, deal_events.recorded_at, deal_events.retracted_at, deal_events.replaces,
       observations.evidence, observations.lang, articles.url
FROM deal_events
LEFT JOIN observations USING (observation_id)
LEFT JOIN articles USING (version_id)
WHERE deal_events.deal_id = $deal_id
ORDER BY deal_events.recorded_at, deal_events.occurred_on, status_rank(deal_events.status);

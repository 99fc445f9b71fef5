-- Grain: one deal, merged and withdrawn ones included.
-- needs: macros
CREATE OR REPLACE VIEW deal_headlines AS
WITH named AS (
    SELECT deal_parties.deal_id, deal_parties.side, deal_parties.company_id,
           shown_name(companies.name, deal_parties.company_id) AS name
    FROM deal_parties
    LEFT JOIN companies USING (company_id)
),
sides AS (
    SELECT deal_id,
           list(name ORDER BY name) FILTER (side = 'active') AS givers,
           list(name ORDER BY name) FILTER (side = 'passive') AS takers,
           list(name ORDER BY name) FILTER (side = 'both') AS allies,
           list(company_id ORDER BY company_id) AS company_ids
    FROM named
    GROUP BY deal_id
)
SELECT deal_id, headline_text(givers, takers, allies) AS headline, givers, takers, allies, company_ids
FROM sides;
COMMENT ON VIEW deal_headlines IS 'one row a deal: its parties by name and side, and a headline such as "Amazon → OpenAI"';
COMMENT ON COLUMN deal_headlines.deal_id IS 'the deal';
COMMENT ON COLUMN deal_headlines.headline IS 'who → whom; partners joined by +';
COMMENT ON COLUMN deal_headlines.givers IS 'names on the active side: investor, acquirer, provider, lender';
COMMENT ON COLUMN deal_headlines.takers IS 'names on the passive side: investee, target, customer, borrower';
COMMENT ON COLUMN deal_headlines.allies IS 'names that stand on both sides: partners, issuers';
COMMENT ON COLUMN deal_headlines.company_ids IS 'ids of all parties';

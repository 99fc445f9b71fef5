-- A ledger with the skew of the real one, drawn by hashing, so that the same scale gives the same rows.
-- Variables: articles, claims, deals, companies. Tables stand as the migrations make them.

CREATE OR REPLACE TEMP MACRO draw(number, salt) AS hash(number, salt)::DOUBLE / 18446744073709551616.0;
-- Rank in a crowd of whom the first are named most: the first of 3,000 in 7 % of all draws, the first ten in 15 %.
CREATE OR REPLACE TEMP MACRO rank_of(number, salt, crowd) AS floor(crowd * pow(draw(number, salt), 3))::BIGINT;
-- Five years, twice as dense at their end as at their beginning.
CREATE OR REPLACE TEMP MACRO day_of(number, salt) AS
    DATE '2021-07-01' + (1826 * pow(draw(number, salt), 0.6))::INTEGER;
CREATE OR REPLACE TEMP MACRO pick(items, number, salt) AS items[1 + floor(len(items) * draw(number, salt))::BIGINT];

INSERT INTO sources BY NAME
SELECT 'source-' || range AS source_id, 'Source ' || range AS name, 1 + range % 4 AS tier FROM range(200);

INSERT INTO companies BY NAME
SELECT 'company-' || range AS company_id, 'Company ' || range AS name,
       CASE WHEN range > 400 AND range % 9 = 0 THEN 'company-' || range % 400 END AS parent_id
FROM range(getvariable('companies'));

INSERT INTO chips BY NAME SELECT 'chip-' || range AS chip_id, 'Chip ' || range AS name FROM range(300);

SET VARIABLE sentences = (SELECT list(told ORDER BY range) FROM (
    SELECT range, 'Of ' || (hash(range) % 100000) || ' matters that '
        || array_to_string([pick(['supply', 'power', 'credit', 'chips', 'rent', 'growth', 'debt', 'demand', 'cloud'],
                                 range * 17 + nth, 'word') FOR nth IN range(14)], ' ') || ' touch, one was told.' AS told
    FROM range(4000)
));

-- One row a deal, with all that its claims and events draw on. A pair of companies may have several deals.
CREATE TEMP TABLE drawn AS
SELECT range AS number, 'deal-' || range AS deal_id,
       'company-' || rank_of(range, 'giver', getvariable('companies')) AS giver,
       'company-' || (getvariable('companies') - 1 - rank_of(range, 'taker', getvariable('companies'))) AS taker,
       pick([
           ['equity_investment', 'investor', 'investee'], ['acquisition', 'acquirer', 'target'],
           ['compute_contract', 'provider', 'customer'], ['compute_contract', 'provider', 'customer'],
           ['chip_supply', 'provider', 'customer'], ['debt_financing', 'lender', 'borrower'],
           ['equity_investment', 'investor', 'investee'], ['partnership', 'partner', 'partner']
       ], range, 'kind') AS kind,
       round(pow(10, 8 + 3 * draw(range, 'sum')), -7) AS usd,
       day_of(range, 'day') AS first_on,
       CASE WHEN draw(range, 'chip') < 0.35 THEN 'chip-' || rank_of(range, 'which chip', 300) END AS chip_id,
       1 + floor(-ln(1 - draw(range, 'claims')) * (getvariable('claims') / getvariable('deals') - 0.5))::INTEGER AS claims,
       1 + floor(3 * draw(range, 'steps'))::INTEGER AS steps
FROM range(getvariable('deals'))
WHERE giver <> taker;

-- One row a claim. Its article is drawn without putting back: no article states two.
CREATE TEMP TABLE stated AS
SELECT row_number() OVER (ORDER BY drawn.number, nth) - 1 AS number, drawn.number AS deal_number,
       drawn.* EXCLUDE (number, nth), nth,
       first_on + (nth * 40 * draw(drawn.number, 'pace') / claims)::INTEGER AS occurred_on,
       ['in_talks', 'announced', 'completed'][least(steps, 1 + (nth * steps) // claims)] AS status
FROM (SELECT *, unnest(range(claims)) AS nth FROM drawn) AS drawn;

-- Articles from one that states a deal to the next.
SET VARIABLE apart = (SELECT getvariable('articles') // count(*) FROM stated);

INSERT INTO articles BY NAME
SELECT 'article-' || n || '@1' AS version_id, 'article-' || n AS article_id,
       'source-' || rank_of(n, 'source', 200) AS source_id, 'https://example.org/' || n AS url,
       coalesce(giver || ' and ' || taker || ': ' || kind[1] || ' of ' || usd || ' dollars', 'News item ' || n) AS title,
       array_to_string([pick(getvariable('sentences'), n * 20 + nth, 'sentence')
                        FOR nth IN range(4 + (hash(n) % 14)::BIGINT)], ' ') AS text,
       pick(['en', 'en', 'en', 'ja', 'zh', 'ko', 'de', 'fr'], n, 'lang') AS lang,
       coalesce(occurred_on, day_of(n, 'day'))::TIMESTAMPTZ + to_seconds(hash(n) % 80000) AS published_at,
       'second' AS "precision", 'feed' AS published_from, published_at + INTERVAL 1 HOUR AS seen_at, 'page' AS text_from,
       [] AS notes, [hash(n, nth) % 4294967296 FOR nth IN range(128)]::UBIGINT[] AS sketch, seen_at AS recorded_at
FROM (SELECT range AS n FROM range(getvariable('articles')))
LEFT JOIN stated ON stated.number * getvariable('apart') = n;

INSERT INTO observations BY NAME
SELECT 'claim-' || number AS observation_id, articles.version_id, articles.article_id, articles.source_id,
       1 + hash(articles.source_id) % 4 AS tier, articles.lang, stated.kind[1] AS type, status, 'asserted' AS modality,
       FALSE AS negated, pick(['official', 'named', 'anonymous', 'unattributed'], number, 'voice') AS attribution,
       draw(number, 'background') < 0.15 AS background,
       [{'id': giver, 'root': coalesce(one.parent_id, giver), 'role': stated.kind[2]},
        {'id': taker, 'root': coalesce(other.parent_id, taker), 'role': stated.kind[3]}] AS parties,
       CASE WHEN draw(number, 'told') < 0.8 THEN usd END AS amount, CASE WHEN amount IS NOT NULL THEN 'USD' END AS currency,
       CASE WHEN amount IS NOT NULL THEN 'exact' END AS bound, CASE WHEN amount IS NOT NULL THEN 'total' END AS semantics,
       amount AS usd, CASE WHEN amount IS NOT NULL THEN 1.0 END AS fx_rate,
       CASE WHEN chip_id IS NULL THEN [] ELSE [chip_id] END AS chips, stated.occurred_on, FALSE AS dated,
       published_at::DATE AS published_on, title AS evidence, 0 AS evidence_start, length(title) AS evidence_end,
       0.9 AS confidence, 'drawn-1' AS extractor, [] AS notes, seen_at, articles.recorded_at
FROM stated
JOIN articles
  ON articles.version_id = 'article-' || (stated.number * getvariable('apart')) || '@1'
LEFT JOIN companies AS one ON one.company_id = giver
LEFT JOIN companies AS other ON other.company_id = taker;

INSERT INTO readings BY NAME
SELECT version_id, 'drawn-1' AS extractor, lang, TRUE AS relevant, 1 AS claims, recorded_at FROM articles;

INSERT INTO decisions BY NAME
SELECT 'decision-' || number AS decision_id, 'claim-' || number AS observation_id,
       CASE nth WHEN 0 THEN 'create' ELSE 'update' END AS "action", deal_id, 'drawn' AS reason,
       observations.recorded_at
FROM stated JOIN observations ON observation_id = 'claim-' || number;

INSERT INTO deal_events BY NAME
SELECT 'event-' || number AS event_id, deal_id, CASE nth WHEN 0 THEN 'new' ELSE 'status' END AS kind, status, usd AS amount,
       'USD' AS currency, 'exact' AS bound, usd, occurred_on, 'claim-' || number AS observation_id, 'drawn' AS reason,
       occurred_on::TIMESTAMPTZ + INTERVAL 1 DAY AS recorded_at
FROM stated
QUALIFY nth = 0 OR status <> lag(status) OVER (PARTITION BY deal_id ORDER BY nth);

INSERT INTO deals BY NAME
SELECT drawn.deal_id, kind[1] AS type, last(status ORDER BY nth) AS status, 'drawn' AS status_reason, usd AS amount,
       'USD' AS currency, 'exact' AS bound, usd, 'drawn' AS amount_reason, min(occurred_on) AS first_on,
       max(occurred_on) AS last_on, max(occurred_on) AS status_on, drawn.deal_id AS thread_id,
       CASE WHEN drawn.number % 40 = 39 THEN 'deal-' || (drawn.number - 1) END AS parent_id, FALSE AS withdrawn,
       min(occurred_on)::TIMESTAMPTZ + INTERVAL 1 DAY AS first_recorded_at, max(occurred_on)::TIMESTAMPTZ + INTERVAL 1 DAY AS updated_at
FROM (SELECT stated.* EXCLUDE (number), stated.deal_number AS number FROM stated) AS drawn
GROUP BY drawn.number, drawn.deal_id, kind, usd;

INSERT INTO deal_parties BY NAME
SELECT deal_id, party.id AS company_id, party.root AS root_id, party."role" AS "role",
       CASE party."role" WHEN 'partner' THEN 'both' WHEN kind[2] THEN 'active' ELSE 'passive' END AS side,
       claims, first_on::TIMESTAMPTZ AS recorded_at
FROM (SELECT drawn.*, unnest([
          {'id': giver, 'root': coalesce(one.parent_id, giver), 'role': drawn.kind[2]},
          {'id': taker, 'root': coalesce(other.parent_id, taker), 'role': drawn.kind[3]}]) AS party
      FROM drawn
      LEFT JOIN companies AS one ON one.company_id = giver
      LEFT JOIN companies AS other ON other.company_id = taker);

INSERT INTO deal_amounts BY NAME
SELECT deal_id, 'total' AS semantics, usd AS amount, 'USD' AS currency, 'exact' AS bound, usd, TRUE AS settled,
       FALSE AS contested, 'drawn' AS reason, claims, 1 AS sources, 1 AS best_tier, first_on, first_on AS last_on,
       '' AS observation_id
FROM drawn;

INSERT INTO deal_compute BY NAME
SELECT deal_id, chip_id, NULL::DOUBLE AS gigawatts, NULL::BIGINT AS units, claims, '' AS observation_id
FROM drawn WHERE chip_id IS NOT NULL;

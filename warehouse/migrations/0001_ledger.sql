-- The ledger of deals. No PRIMARY KEY and no CHECK: the same tables also live in DuckLake, which has neither.
-- The single writer appends by anti-join on the key named in each table's comment, and checks/*.sql watch over it.

CREATE TABLE sources (
    source_id VARCHAR NOT NULL, name VARCHAR NOT NULL, homepage VARCHAR, country VARCHAR, language VARCHAR,
    kind VARCHAR, tier INTEGER NOT NULL, poll_minutes INTEGER, feeds VARCHAR[]
);
COMMENT ON TABLE sources IS 'one row a publisher (key: source_id)';
COMMENT ON COLUMN sources.source_id IS 'id of the source, the name of its TOML file';
COMMENT ON COLUMN sources.name IS 'name of the publisher';
COMMENT ON COLUMN sources.homepage IS 'address of its front page';
COMMENT ON COLUMN sources.country IS 'ISO 3166-1 country code';
COMMENT ON COLUMN sources.language IS 'ISO 639-1 code of the language it writes in';
COMMENT ON COLUMN sources.kind IS 'what it is: wire, newspaper, company, regulator, aggregator ...';
COMMENT ON COLUMN sources.tier IS 'credibility, 1 (wires, filings) to 4 (aggregators)';
COMMENT ON COLUMN sources.poll_minutes IS 'minutes between two polls of its feeds';
COMMENT ON COLUMN sources.feeds IS 'addresses of its feeds';

CREATE TABLE companies (
    company_id VARCHAR NOT NULL, name VARCHAR NOT NULL, kind VARCHAR, country VARCHAR, parent_id VARCHAR,
    aliases VARCHAR[]
);
COMMENT ON TABLE companies IS 'one row a known company, public body or fund (key: company_id)';
COMMENT ON COLUMN companies.company_id IS 'canonical id; an id that starts with ~ elsewhere is provisional and has no row here';
COMMENT ON COLUMN companies.name IS 'common English name';
COMMENT ON COLUMN companies.kind IS 'what it is: lab, cloud, chipmaker, fund, government ...';
COMMENT ON COLUMN companies.country IS 'ISO 3166-1 code of its seat';
COMMENT ON COLUMN companies.parent_id IS 'company that owns it, or null';
COMMENT ON COLUMN companies.aliases IS 'names in all scripts that the reader knows it by';

CREATE TABLE chips (
    chip_id VARCHAR NOT NULL, name VARCHAR NOT NULL, vendor VARCHAR, family VARCHAR, generation VARCHAR, kind VARCHAR
);
COMMENT ON TABLE chips IS 'one row a chip family or product (key: chip_id)';
COMMENT ON COLUMN chips.chip_id IS 'id as vendor-product';
COMMENT ON COLUMN chips.name IS 'name of the product';
COMMENT ON COLUMN chips.vendor IS 'company that designs it';
COMMENT ON COLUMN chips.family IS 'family that it belongs to';
COMMENT ON COLUMN chips.generation IS 'generation within the family';
COMMENT ON COLUMN chips.kind IS 'gpu, accelerator, cpu, system ...';

CREATE TABLE deal_types (
    type VARCHAR NOT NULL, name VARCHAR NOT NULL, slug VARCHAR NOT NULL, family VARCHAR NOT NULL
);
COMMENT ON TABLE deal_types IS 'one row a type of deal (key: type)';
COMMENT ON COLUMN deal_types.type IS 'id of the type';
COMMENT ON COLUMN deal_types.name IS 'name to show';
COMMENT ON COLUMN deal_types.slug IS 'word that stands for it in deal ids';
COMMENT ON COLUMN deal_types.family IS 'types of one family can name the same transaction';

CREATE TABLE fx_rates (
    currency VARCHAR NOT NULL, rate_date DATE NOT NULL, usd DOUBLE NOT NULL, source VARCHAR NOT NULL
);
COMMENT ON TABLE fx_rates IS 'one row a rate that a claim was converted with (key: currency, rate_date)';
COMMENT ON COLUMN fx_rates.currency IS 'ISO 4217 code';
COMMENT ON COLUMN fx_rates.rate_date IS 'business day of the rate';
COMMENT ON COLUMN fx_rates.usd IS 'US dollars for one unit';
COMMENT ON COLUMN fx_rates.source IS 'who published the rate';

CREATE TABLE articles (
    version_id VARCHAR NOT NULL, article_id VARCHAR NOT NULL, source_id VARCHAR NOT NULL, url VARCHAR NOT NULL,
    title VARCHAR NOT NULL, text VARCHAR NOT NULL, lang VARCHAR, author VARCHAR,
    published_at TIMESTAMPTZ, "precision" VARCHAR NOT NULL, published_from VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL, text_from VARCHAR NOT NULL, raw_sha256 VARCHAR, notes VARCHAR[],
    sketch UBIGINT[], duplicate_of VARCHAR, similarity DOUBLE, recorded_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE articles IS 'one row a document version (key: version_id)';
COMMENT ON COLUMN articles.version_id IS 'id of this text of the article';
COMMENT ON COLUMN articles.article_id IS 'id of the article, stable for its canonical address';
COMMENT ON COLUMN articles.source_id IS 'publisher';
COMMENT ON COLUMN articles.url IS 'canonical address';
COMMENT ON COLUMN articles.title IS 'headline as published';
COMMENT ON COLUMN articles.text IS 'body text in its own language';
COMMENT ON COLUMN articles.lang IS 'ISO 639-1 code of the language read';
COMMENT ON COLUMN articles.author IS 'byline, empty where none is given';
COMMENT ON COLUMN articles.published_at IS 'when the publisher says it appeared (UTC), null where unknown';
COMMENT ON COLUMN articles."precision" IS 'how exact published_at is: second, minute, day, unknown';
COMMENT ON COLUMN articles.published_from IS 'where published_at comes from: feed, page, url, file, unknown';
COMMENT ON COLUMN articles.seen_at IS 'when we first saw this version (UTC)';
COMMENT ON COLUMN articles.text_from IS 'page, feed or file';
COMMENT ON COLUMN articles.raw_sha256 IS 'hash that names the raw body in the store';
COMMENT ON COLUMN articles.notes IS 'what was odd about the document';
COMMENT ON COLUMN articles.sketch IS 'smallest hashes of the text''s shingles, to find near-duplicates';
COMMENT ON COLUMN articles.duplicate_of IS 'article_id of the original that this text repeats, null for an original';
COMMENT ON COLUMN articles.similarity IS 'share of shingles in common with that original, 0 to 1';
COMMENT ON COLUMN articles.recorded_at IS 'when the row was written (UTC)';

CREATE TABLE readings (
    version_id VARCHAR NOT NULL, extractor VARCHAR NOT NULL, lang VARCHAR, relevant BOOLEAN NOT NULL,
    claims INTEGER NOT NULL, error VARCHAR, recorded_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE readings IS 'one row a reading of a document version by one extractor version (key: version_id, extractor)';
COMMENT ON COLUMN readings.version_id IS 'document version that was read';
COMMENT ON COLUMN readings.extractor IS 'version of the extractor';
COMMENT ON COLUMN readings.lang IS 'language it was read in';
COMMENT ON COLUMN readings.relevant IS 'whether triage found anything tracked';
COMMENT ON COLUMN readings.claims IS 'number of deals that the document states';
COMMENT ON COLUMN readings.error IS 'why it could not be read, else null';
COMMENT ON COLUMN readings.recorded_at IS 'when the row was written (UTC)';

CREATE TABLE observations (
    observation_id VARCHAR NOT NULL, version_id VARCHAR NOT NULL, article_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL, tier INTEGER NOT NULL, lang VARCHAR,
    type VARCHAR NOT NULL, status VARCHAR NOT NULL, modality VARCHAR NOT NULL, negated BOOLEAN NOT NULL,
    attribution VARCHAR NOT NULL, background BOOLEAN NOT NULL,
    parties STRUCT(id VARCHAR, root VARCHAR, "role" VARCHAR)[] NOT NULL,
    amount DOUBLE, currency VARCHAR, bound VARCHAR, semantics VARCHAR, usd DOUBLE, fx_rate DOUBLE, fx_date DATE,
    valuation DOUBLE, valuation_currency VARCHAR,
    chips VARCHAR[] NOT NULL, gigawatts DOUBLE, units BIGINT,
    occurred_on DATE NOT NULL, dated BOOLEAN NOT NULL, published_on DATE NOT NULL,
    evidence VARCHAR NOT NULL, evidence_start INTEGER NOT NULL, evidence_end INTEGER NOT NULL,
    confidence DOUBLE NOT NULL, extractor VARCHAR NOT NULL, notes VARCHAR[],
    seen_at TIMESTAMPTZ NOT NULL, recorded_at TIMESTAMPTZ NOT NULL,
    superseded_by VARCHAR, superseded_at TIMESTAMPTZ, superseded_reason VARCHAR
);
COMMENT ON TABLE observations IS 'one row a deal as one reading of one document version states it; append-only (key: observation_id)';
COMMENT ON COLUMN observations.observation_id IS 'id of the claim';
COMMENT ON COLUMN observations.version_id IS 'document version that states it';
COMMENT ON COLUMN observations.article_id IS 'its article';
COMMENT ON COLUMN observations.source_id IS 'its publisher';
COMMENT ON COLUMN observations.tier IS 'credibility of the publisher when the claim was recorded, 1 best';
COMMENT ON COLUMN observations.lang IS 'language of the document';
COMMENT ON COLUMN observations.type IS 'type of deal claimed (deal_types)';
COMMENT ON COLUMN observations.status IS 'in_talks, announced, completed, ended';
COMMENT ON COLUMN observations.modality IS 'asserted, rumoured or conditional';
COMMENT ON COLUMN observations.negated IS 'the text says that it is not, or no longer, so';
COMMENT ON COLUMN observations.attribution IS 'who says it: official, named, anonymous, other_outlet, unattributed';
COMMENT ON COLUMN observations.background IS 'mentioned in passing, without a date of its own: no news';
COMMENT ON COLUMN observations.parties IS 'company ids with their role; root is the topmost parent';
COMMENT ON COLUMN observations.amount IS 'headline sum in plain units of its currency';
COMMENT ON COLUMN observations.currency IS 'ISO 4217 code of the report';
COMMENT ON COLUMN observations.bound IS 'exact, about, over, under, up_to, range';
COMMENT ON COLUMN observations.semantics IS 'total or conditional';
COMMENT ON COLUMN observations.usd IS 'the sum in US dollars by the rate of the day, null where no rate is known';
COMMENT ON COLUMN observations.fx_rate IS 'US dollars for one unit, as used';
COMMENT ON COLUMN observations.fx_date IS 'business day of that rate';
COMMENT ON COLUMN observations.valuation IS 'company value that the same sentence states';
COMMENT ON COLUMN observations.valuation_currency IS 'its currency';
COMMENT ON COLUMN observations.chips IS 'chip ids that the deal is about';
COMMENT ON COLUMN observations.gigawatts IS 'power of the capacity, GW';
COMMENT ON COLUMN observations.units IS 'number of chips';
COMMENT ON COLUMN observations.occurred_on IS 'day in the world that the claim speaks of';
COMMENT ON COLUMN observations.dated IS 'whether the text gave that day; else it is the day of publication';
COMMENT ON COLUMN observations.published_on IS 'day of publication, or of first sight where unknown';
COMMENT ON COLUMN observations.evidence IS 'the words that say so';
COMMENT ON COLUMN observations.evidence_start IS 'first code point of the evidence in title + newline + text';
COMMENT ON COLUMN observations.evidence_end IS 'code point after the evidence';
COMMENT ON COLUMN observations.confidence IS 'of the extractor, 0 to 1';
COMMENT ON COLUMN observations.extractor IS 'version of the extractor';
COMMENT ON COLUMN observations.notes IS 'what linking could not settle, such as a missing rate';
COMMENT ON COLUMN observations.seen_at IS 'when the document version was first seen (UTC)';
COMMENT ON COLUMN observations.recorded_at IS 'when the claim was recorded (UTC)';
COMMENT ON COLUMN observations.superseded_by IS 'version_id/extractor of the reading that replaces this one, else null';
COMMENT ON COLUMN observations.superseded_at IS 'when that happened (UTC)';
COMMENT ON COLUMN observations.superseded_reason IS 'corrected article or newer extractor';

CREATE TABLE decisions (
    decision_id VARCHAR NOT NULL, observation_id VARCHAR NOT NULL, "action" VARCHAR NOT NULL, deal_id VARCHAR,
    reason VARCHAR NOT NULL, recorded_at TIMESTAMPTZ NOT NULL, replaced_at TIMESTAMPTZ
);
COMMENT ON TABLE decisions IS 'one row a decision on which deal a claim belongs to; the open one has no replaced_at (key: decision_id)';
COMMENT ON COLUMN decisions.decision_id IS 'id of the decision';
COMMENT ON COLUMN decisions.observation_id IS 'claim decided on';
COMMENT ON COLUMN decisions."action" IS 'create, update or skip';
COMMENT ON COLUMN decisions.deal_id IS 'deal it belongs to, null where skipped';
COMMENT ON COLUMN decisions.reason IS 'why';
COMMENT ON COLUMN decisions.recorded_at IS 'when it was taken (UTC)';
COMMENT ON COLUMN decisions.replaced_at IS 'when a later decision replaced it (UTC)';

CREATE TABLE deals (
    deal_id VARCHAR NOT NULL, type VARCHAR NOT NULL, status VARCHAR NOT NULL, status_reason VARCHAR NOT NULL,
    amount DOUBLE, currency VARCHAR, bound VARCHAR, usd DOUBLE, amount_reason VARCHAR,
    first_on DATE NOT NULL, last_on DATE NOT NULL, status_on DATE NOT NULL,
    thread_id VARCHAR NOT NULL, parent_id VARCHAR, merged_into VARCHAR, withdrawn BOOLEAN NOT NULL,
    first_recorded_at TIMESTAMPTZ NOT NULL, updated_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE deals IS 'one row a transaction (key: deal_id)';
COMMENT ON COLUMN deals.deal_id IS 'readable id that never changes once given';
COMMENT ON COLUMN deals.type IS 'type of deal (deal_types)';
COMMENT ON COLUMN deals.status IS 'current status: in_talks, announced, completed, ended';
COMMENT ON COLUMN deals.status_reason IS 'why this status holds';
COMMENT ON COLUMN deals.amount IS 'settled headline sum in plain units of its currency';
COMMENT ON COLUMN deals.currency IS 'ISO 4217 code of that sum';
COMMENT ON COLUMN deals.bound IS 'exact, about, over, under, up_to, range';
COMMENT ON COLUMN deals.usd IS 'the sum in US dollars';
COMMENT ON COLUMN deals.amount_reason IS 'why this sum holds where reports differ';
COMMENT ON COLUMN deals.first_on IS 'earliest day that any claim speaks of';
COMMENT ON COLUMN deals.last_on IS 'latest day with news of it';
COMMENT ON COLUMN deals.status_on IS 'day since which the status holds';
COMMENT ON COLUMN deals.thread_id IS 'earliest deal of the same parties and kind that this one continues (its own id if none)';
COMMENT ON COLUMN deals.parent_id IS 'the round or programme that this deal is a part of, else null';
COMMENT ON COLUMN deals.merged_into IS 'deal that later evidence showed to be the same one, else null';
COMMENT ON COLUMN deals.withdrawn IS 'no standing claim supports it any more';
COMMENT ON COLUMN deals.first_recorded_at IS 'when the ledger first knew of it (UTC)';
COMMENT ON COLUMN deals.updated_at IS 'when the row last changed (UTC)';

CREATE TABLE deal_events (
    event_id VARCHAR NOT NULL, deal_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, status VARCHAR NOT NULL,
    previous_status VARCHAR, amount DOUBLE, currency VARCHAR, bound VARCHAR, usd DOUBLE, previous_usd DOUBLE,
    occurred_on DATE NOT NULL, observation_id VARCHAR NOT NULL, reason VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL, retracted_at TIMESTAMPTZ, replaces VARCHAR
);
COMMENT ON TABLE deal_events IS 'one row a change of a deal''s status or sum; bitemporal, append-only (key: event_id, recorded_at)';
COMMENT ON COLUMN deal_events.event_id IS 'id of the event';
COMMENT ON COLUMN deal_events.deal_id IS 'its deal';
COMMENT ON COLUMN deal_events.kind IS 'new, status, reopened, amount or conflict (a claim that did not prevail)';
COMMENT ON COLUMN deal_events.status IS 'status after the event; for a conflict the status claimed in vain';
COMMENT ON COLUMN deal_events.previous_status IS 'status before it, null for the first';
COMMENT ON COLUMN deal_events.amount IS 'settled sum after the event, in plain units';
COMMENT ON COLUMN deal_events.currency IS 'ISO 4217 code of that sum';
COMMENT ON COLUMN deal_events.bound IS 'exact, about, over, under, up_to, range';
COMMENT ON COLUMN deal_events.usd IS 'the sum in US dollars';
COMMENT ON COLUMN deal_events.previous_usd IS 'the sum in US dollars before the event';
COMMENT ON COLUMN deal_events.occurred_on IS 'day in the world';
COMMENT ON COLUMN deal_events.observation_id IS 'claim that best shows it';
COMMENT ON COLUMN deal_events.reason IS 'why the event was recorded so';
COMMENT ON COLUMN deal_events.recorded_at IS 'since when the ledger says so (UTC)';
COMMENT ON COLUMN deal_events.retracted_at IS 'since when the ledger no longer says so (UTC), null while it does';
COMMENT ON COLUMN deal_events.replaces IS 'retracted event of the same content that this one redates or proves better: no news';

CREATE TABLE deal_parties (
    deal_id VARCHAR NOT NULL, company_id VARCHAR NOT NULL, root_id VARCHAR NOT NULL, "role" VARCHAR NOT NULL,
    side VARCHAR NOT NULL, claims INTEGER NOT NULL, recorded_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE deal_parties IS 'one row a company in a deal (key: deal_id, company_id)';
COMMENT ON COLUMN deal_parties.deal_id IS 'the deal';
COMMENT ON COLUMN deal_parties.company_id IS 'the company; ~ marks a name that no row knows yet';
COMMENT ON COLUMN deal_parties.root_id IS 'its topmost parent';
COMMENT ON COLUMN deal_parties."role" IS 'investor, investee, acquirer, target, provider, customer, lender, borrower, partner, issuer';
COMMENT ON COLUMN deal_parties.side IS 'active (gives money, service or goods), passive (gets it) or both';
COMMENT ON COLUMN deal_parties.claims IS 'standing claims that name it';
COMMENT ON COLUMN deal_parties.recorded_at IS 'when the first of them was recorded (UTC)';

CREATE TABLE deal_amounts (
    deal_id VARCHAR NOT NULL, semantics VARCHAR NOT NULL, amount DOUBLE NOT NULL, currency VARCHAR NOT NULL,
    bound VARCHAR NOT NULL, usd DOUBLE, fx_rate DOUBLE, fx_date DATE, settled BOOLEAN NOT NULL, contested BOOLEAN NOT NULL,
    reason VARCHAR NOT NULL, claims INTEGER NOT NULL, sources INTEGER NOT NULL, best_tier INTEGER NOT NULL,
    first_on DATE NOT NULL, last_on DATE NOT NULL, observation_id VARCHAR NOT NULL
);
COMMENT ON TABLE deal_amounts IS 'one row a sum stated for a deal (key: deal_id, semantics, amount, currency)';
COMMENT ON COLUMN deal_amounts.deal_id IS 'the deal';
COMMENT ON COLUMN deal_amounts.semantics IS 'total, tranche, conditional, cumulative or valuation';
COMMENT ON COLUMN deal_amounts.amount IS 'the sum in plain units';
COMMENT ON COLUMN deal_amounts.currency IS 'ISO 4217 code';
COMMENT ON COLUMN deal_amounts.bound IS 'exact, about, over, under, up_to, range';
COMMENT ON COLUMN deal_amounts.usd IS 'the sum in US dollars';
COMMENT ON COLUMN deal_amounts.fx_rate IS 'US dollars for one unit, as used';
COMMENT ON COLUMN deal_amounts.fx_date IS 'business day of that rate';
COMMENT ON COLUMN deal_amounts.settled IS 'whether it is the sum that the deal shows';
COMMENT ON COLUMN deal_amounts.contested IS 'whether it stands against the settled sum, at the same time';
COMMENT ON COLUMN deal_amounts.reason IS 'why it prevails or does not';
COMMENT ON COLUMN deal_amounts.claims IS 'standing claims that state it';
COMMENT ON COLUMN deal_amounts.sources IS 'publishers among them';
COMMENT ON COLUMN deal_amounts.best_tier IS 'best tier among them';
COMMENT ON COLUMN deal_amounts.first_on IS 'earliest day it was stated for';
COMMENT ON COLUMN deal_amounts.last_on IS 'latest day it was stated for';
COMMENT ON COLUMN deal_amounts.observation_id IS 'claim that best shows it';

CREATE TABLE deal_compute (
    deal_id VARCHAR NOT NULL, chip_id VARCHAR, gigawatts DOUBLE, units BIGINT, claims INTEGER NOT NULL,
    observation_id VARCHAR NOT NULL
);
COMMENT ON TABLE deal_compute IS 'one row a chip of a deal, or its capacity where no chip is named (key: deal_id, chip_id)';
COMMENT ON COLUMN deal_compute.deal_id IS 'the deal';
COMMENT ON COLUMN deal_compute.chip_id IS 'chip family, null where none is named';
COMMENT ON COLUMN deal_compute.gigawatts IS 'power of the whole deal''s capacity, GW (the same on each of its rows)';
COMMENT ON COLUMN deal_compute.units IS 'number of chips in the whole deal (the same on each of its rows)';
COMMENT ON COLUMN deal_compute.claims IS 'standing claims that state it';
COMMENT ON COLUMN deal_compute.observation_id IS 'claim that best shows it';

CREATE TABLE fetch_log (
    source_id VARCHAR NOT NULL, url VARCHAR NOT NULL, kind VARCHAR NOT NULL, state VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL, status INTEGER, final_url VARCHAR, moved_to VARCHAR, content_type VARCHAR,
    etag VARCHAR, last_modified VARCHAR, body_sha256 VARCHAR, bytes BIGINT, elapsed_ms BIGINT, error VARCHAR,
    retry_after_s BIGINT, items INTEGER
);
COMMENT ON TABLE fetch_log IS 'one row a request (key: url, fetched_at)';
COMMENT ON COLUMN fetch_log.source_id IS 'source it was made for';
COMMENT ON COLUMN fetch_log.url IS 'address asked for';
COMMENT ON COLUMN fetch_log.kind IS 'feed or page';
COMMENT ON COLUMN fetch_log.state IS 'what came of it: ok, not_modified, not_found, timeout ...';
COMMENT ON COLUMN fetch_log.fetched_at IS 'when (UTC)';
COMMENT ON COLUMN fetch_log.status IS 'HTTP status, null without an answer';
COMMENT ON COLUMN fetch_log.final_url IS 'where redirects led';
COMMENT ON COLUMN fetch_log.moved_to IS 'new address, where all redirects were permanent';
COMMENT ON COLUMN fetch_log.content_type IS 'content type of the answer';
COMMENT ON COLUMN fetch_log.etag IS 'entity tag of the answer';
COMMENT ON COLUMN fetch_log.last_modified IS 'Last-Modified header of the answer';
COMMENT ON COLUMN fetch_log.body_sha256 IS 'hash that names the raw body in the store';
COMMENT ON COLUMN fetch_log.bytes IS 'size of the body';
COMMENT ON COLUMN fetch_log.elapsed_ms IS 'duration in milliseconds';
COMMENT ON COLUMN fetch_log.error IS 'what went wrong, empty if nothing';
COMMENT ON COLUMN fetch_log.retry_after_s IS 'seconds that the server asked us to wait';
COMMENT ON COLUMN fetch_log.items IS 'entries found in the feed, null for a page';

CREATE TABLE feed_state (
    feed_url VARCHAR NOT NULL, source_id VARCHAR NOT NULL, etag VARCHAR, last_modified VARCHAR, moved_to VARCHAR,
    next_poll_at TIMESTAMPTZ, last_fetched_at TIMESTAMPTZ, last_ok_at TIMESTAMPTZ, last_item_at TIMESTAMPTZ,
    last_state VARCHAR, failures INTEGER NOT NULL
);
COMMENT ON TABLE feed_state IS 'one row a feed (key: feed_url)';
COMMENT ON COLUMN feed_state.feed_url IS 'address as the source declares it';
COMMENT ON COLUMN feed_state.source_id IS 'its source';
COMMENT ON COLUMN feed_state.etag IS 'entity tag to send with the next poll';
COMMENT ON COLUMN feed_state.last_modified IS 'Last-Modified to send with the next poll';
COMMENT ON COLUMN feed_state.moved_to IS 'address it has moved to for good';
COMMENT ON COLUMN feed_state.next_poll_at IS 'not to be polled before (UTC)';
COMMENT ON COLUMN feed_state.last_fetched_at IS 'last poll (UTC)';
COMMENT ON COLUMN feed_state.last_ok_at IS 'last poll that was answered well (UTC)';
COMMENT ON COLUMN feed_state.last_item_at IS 'publication time of its newest entry (UTC)';
COMMENT ON COLUMN feed_state.last_state IS 'what came of the last poll';
COMMENT ON COLUMN feed_state.failures IS 'polls failed in a row';

CREATE TABLE run_log (
    run_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, started_at TIMESTAMPTZ NOT NULL, ended_at TIMESTAMPTZ,
    state VARCHAR NOT NULL, counts VARCHAR, error VARCHAR
);
COMMENT ON TABLE run_log IS 'one row a run of the pipeline or of a stage (key: run_id)';
COMMENT ON COLUMN run_log.run_id IS 'id of the run';
COMMENT ON COLUMN run_log.kind IS 'what ran: run, load, publish, digest ...';
COMMENT ON COLUMN run_log.started_at IS 'start (UTC)';
COMMENT ON COLUMN run_log.ended_at IS 'end (UTC), null while it runs';
COMMENT ON COLUMN run_log.state IS 'running, ok or failed';
COMMENT ON COLUMN run_log.counts IS 'JSON object of what was counted';
COMMENT ON COLUMN run_log.error IS 'what went wrong';

CREATE TABLE digest_log (
    digest_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, covers_from TIMESTAMPTZ, covers_until TIMESTAMPTZ NOT NULL,
    recipients VARCHAR[], events INTEGER NOT NULL, state VARCHAR NOT NULL, error VARCHAR, sent_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE digest_log IS 'one row a digest or alert sent (key: digest_id)';
COMMENT ON COLUMN digest_log.digest_id IS 'id of the message';
COMMENT ON COLUMN digest_log.kind IS 'digest or alert';
COMMENT ON COLUMN digest_log.covers_from IS 'events recorded after this time (UTC), null for the first';
COMMENT ON COLUMN digest_log.covers_until IS 'and up to this one (UTC)';
COMMENT ON COLUMN digest_log.recipients IS 'who got it';
COMMENT ON COLUMN digest_log.events IS 'events it tells of';
COMMENT ON COLUMN digest_log.state IS 'sent or failed';
COMMENT ON COLUMN digest_log.error IS 'what went wrong';
COMMENT ON COLUMN digest_log.sent_at IS 'when (UTC)';

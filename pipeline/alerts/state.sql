-- What alerts have told, and what they still hold: SQLite, apart from the ledger, so that sending never waits for it.
-- Times are ISO 8601 in UTC.

-- One row a rule that was ever used: up to where it has looked through the ledger.
CREATE TABLE IF NOT EXISTS rules (
    rule TEXT PRIMARY KEY,
    watched_since TEXT NOT NULL,   -- when it was written; what the ledger knew before is no news to it
    covered_until TEXT NOT NULL    -- recorded_at of the last event that it has judged
) STRICT;

-- One row an event that a rule found. It is in one message of the rule, for good.
CREATE TABLE IF NOT EXISTS found (
    rule TEXT NOT NULL,
    event TEXT NOT NULL,
    message TEXT,                  -- null while the event is held
    withdrawn_at TEXT,             -- when it was seen that the ledger no longer stands by a held event
    PRIMARY KEY (rule, event)
) STRICT;
CREATE INDEX IF NOT EXISTS found_held ON found (rule) WHERE message IS NULL AND withdrawn_at IS NULL;

-- One row a message, frozen: every try sends this content.
CREATE TABLE IF NOT EXISTS messages (
    message TEXT PRIMARY KEY,
    rule TEXT NOT NULL,
    released_at TEXT NOT NULL,
    content TEXT NOT NULL          -- JSON, see alert.schema.json
) STRICT;

-- One row a message to one target.
CREATE TABLE IF NOT EXISTS deliveries (
    message TEXT NOT NULL REFERENCES messages,
    target TEXT NOT NULL,          -- mail:<address> or webhook:<name>
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    try_at TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    updated_at TEXT NOT NULL,
    PRIMARY KEY (message, target)
) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (try_at) WHERE state = 'waiting';

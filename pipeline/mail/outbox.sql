-- The outbox: what was written to whom, and what became of it. SQLite, apart from the ledger, which only one process
-- may write and which readers get as a copy. Times are ISO 8601 in UTC.

-- One row a letter. (recipient_key, series, period) is what makes a letter the same letter.
CREATE TABLE IF NOT EXISTS letters (
    message_id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,           -- as the subscription spells it
    recipient_key TEXT NOT NULL,       -- as spellings are compared
    series TEXT NOT NULL,              -- digest/daily, alert/<rule> ...
    period TEXT NOT NULL,              -- 2026-04-02, 2026-W14 ...
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'quiet', 'superseded', 'cancelled')),
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    body BLOB,                         -- the whole message; null once it is no longer needed
    changes INTEGER NOT NULL,          -- how many changes of the ledger it tells
    covers_from TEXT, covers_until TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    doubts INTEGER NOT NULL DEFAULT 0, -- tries that a server may have taken without saying so
    error TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    UNIQUE (recipient_key, series, period)
) STRICT;
CREATE INDEX IF NOT EXISTS letters_by_state ON letters (state);

-- Claims are also replaced when a company gets its row (pipeline/relink.py).
COMMENT ON COLUMN observations.superseded_reason IS 'corrected article, newer extractor or companies changed';

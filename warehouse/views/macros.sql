-- No grain: small functions that the views share.

CREATE OR REPLACE MACRO status_rank(status) AS
    CASE status WHEN 'in_talks' THEN 0 WHEN 'announced' THEN 1 WHEN 'completed' THEN 2 WHEN 'ended' THEN 3 END;

-- A name to show: the company's own, else the id without the mark of a provisional one.
CREATE OR REPLACE MACRO shown_name(name, id) AS coalesce(name, ltrim(id, '~'));

-- "Amazon → OpenAI", "Apple + OpenAI": names by side.
CREATE OR REPLACE MACRO headline_text(givers, takers, allies) AS
    concat_ws(' + ',
        nullif(concat_ws(' → ', array_to_string(givers, ', '), array_to_string(takers, ', ')), ''),
        array_to_string(allies, ' + ')
    );

-- "over $10 bn": three significant digits, the scale that reads best, the bound in words.
CREATE OR REPLACE MACRO money_text(amount, currency, bound) AS
    CASE WHEN amount IS NOT NULL THEN
        CASE bound
            WHEN 'about' THEN 'about ' WHEN 'over' THEN 'over ' WHEN 'under' THEN 'under ' WHEN 'up_to' THEN 'up to '
            WHEN 'range' THEN 'from ' ELSE ''
        END
        || CASE currency
            WHEN 'USD' THEN '$' WHEN 'EUR' THEN '€' WHEN 'GBP' THEN '£' WHEN 'JPY' THEN '¥' ELSE currency || ' '
        END
        || CASE
            WHEN amount >= 1e12 THEN regexp_replace(printf('%.2f', amount / 1e12), '\.?0+$', '') || ' tn'
            WHEN amount >= 1e9 THEN regexp_replace(printf('%.2f', amount / 1e9), '\.?0+$', '') || ' bn'
            WHEN amount >= 1e6 THEN regexp_replace(printf('%.1f', amount / 1e6), '\.?0+$', '') || ' m'
            ELSE printf('%.0f', amount)
        END
    END;

COMMENT ON MACRO status_rank IS 'place of a status in the order of progress, 0 to 3';
COMMENT ON MACRO shown_name IS 'name to show for a company id';
COMMENT ON MACRO headline_text IS 'who → whom, from lists of names by side; partners joined by +';
COMMENT ON MACRO money_text IS 'a sum to read, such as "over $10 bn"';

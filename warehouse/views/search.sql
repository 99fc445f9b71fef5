-- Grain: one article that a text is found in, the best first: FROM search('アマゾン 出資').
-- needs: macros, claims
-- Words of alphabets are found whole. Chinese, Japanese and Korean, which set no blanks (or glue particles to words), are
-- cut into pairs of characters instead, in the query only: that a pair occurs is looked up in the text itself. A column
-- store scans faster than it would look up lists of occurrences, and the index is no larger than the text.
-- Scored by BM25 (Robertson and Zaragoza 2009; k1 = 1.2, b = 0.75) with a headline counting for three texts.

-- Text as search compares it: no case, accents, width or punctuation, and East Asian runs apart from what is around them.
CREATE OR REPLACE MACRO search_text("text") AS
    ' ' || trim(regexp_replace(
        regexp_replace(
            translate(lower(nfc_normalize("text")),
                'àáâãäåāçćčèéêëēęìíîïīłñńòóôõöøōśšùúûüūýÿźżž０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
                'aaaaaaaccceeeeeeiiiiilnnooooooossuuuuuyyzzz0123456789abcdefghijklmnopqrstuvwxyz'),
            '([\p{Han}\p{Hiragana}\p{Katakana}ー\p{Hangul}]+)', ' \1 ', 'g'),
        '[^\p{L}\p{N}\p{M}]+', ' ', 'g')) || ' ';

-- What to look for: words with a blank on either side, pairs of characters without. Pairs with hiragana in them, which
-- carries grammar, count only where there is nothing else.
CREATE OR REPLACE MACRO search_terms(query) AS (
    WITH words AS (
        SELECT unnest(string_split(trim(search_text(query)), ' ')) AS word
    ),
    terms AS (
        SELECT DISTINCT CASE WHEN regexp_matches(word, '[\p{Han}\p{Hiragana}\p{Katakana}ー\p{Hangul}]')
                        THEN unnest(CASE WHEN length(word) = 1 THEN [word]
                             ELSE list_transform(range(1, length(word)), lambda place: word[place:place + 1]) END)
                        ELSE ' ' || word || ' ' END AS term
        FROM words
        WHERE word <> ''
    )
    SELECT list(term ORDER BY term)
    FROM terms
    WHERE NOT regexp_matches(term, '\p{Hiragana}')
       OR NOT EXISTS (SELECT 1 FROM terms AS other WHERE NOT regexp_matches(other.term, '\p{Hiragana}'))
);

CREATE OR REPLACE MACRO search(query) AS TABLE
WITH terms AS (
    SELECT unnest(search_terms(query)) AS term
),
hits AS (
    SELECT words.version_id, terms.term, length(words.body) AS size,
           (3 * (length(words.title) - length(replace(words.title, terms.term, '')))
            + length(words.body) - length(replace(words.body, terms.term, ''))) / length(terms.term) AS times
    FROM article_words AS words
    JOIN terms ON contains(words.title, terms.term) OR contains(words.body, terms.term)
),
weighed AS (
    SELECT *, avg(size) OVER () AS usual_size,
           ln(1 + ((SELECT count(*) FROM article_words) + 0.5) / (count(*) OVER (PARTITION BY term) + 0.5)) AS rarity
    FROM hits
),
found AS (
    SELECT version_id, arg_max(trim(term), rarity) AS rarest,
           sum(rarity * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * size / usual_size))) AS score
    FROM weighed
    GROUP BY version_id
    HAVING count(*) >= 0.7 * (SELECT count(*) FROM terms)
),
told AS (
    SELECT version_id, list(DISTINCT deal_id ORDER BY deal_id) AS deal_ids
    FROM found
    JOIN claims USING (version_id)
    WHERE deal_id IS NOT NULL
    GROUP BY version_id
)
SELECT round(found.score, 2) AS score, articles.published_at, coalesce(sources.name, articles.source_id) AS source,
       articles.lang, articles.title,
       regexp_replace(substr(articles.text, greatest(1, strpos(lower(articles.text), found.rarest) - 40), 120), '\s+', ' ', 'g')
           AS excerpt,
       articles.url, coalesce(told.deal_ids, []) AS deal_ids, articles.article_id, articles.version_id
FROM found
JOIN articles USING (version_id)
LEFT JOIN sources USING (source_id)
LEFT JOIN told USING (version_id)
WHERE NOT EXISTS (
    SELECT 1 FROM articles AS newer WHERE newer.article_id = articles.article_id AND newer.seen_at > articles.seen_at
)
ORDER BY found.score DESC, articles.published_at DESC, articles.article_id;

COMMENT ON MACRO search_text IS 'text as search compares it: no case, accents, width or punctuation';
COMMENT ON MACRO search_terms IS 'what search looks for: whole words of alphabets, pairs of characters of Chinese, Japanese and Korean';
COMMENT ON MACRO TABLE search IS 'one row an article (its newest version) in whose headline or text at least 70 % of the words are found, the best first: score, published_at, source, lang, title, excerpt, url, deal_ids';

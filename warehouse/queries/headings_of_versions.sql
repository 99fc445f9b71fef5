-- One row a document version of $version_ids: its headline and address.
SELECT version_id, title, url FROM articles WHERE version_id IN (SELECT unnest($version_ids));

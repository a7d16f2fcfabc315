CREATE INDEX law_provision_by_path ON law_provision (document, path);

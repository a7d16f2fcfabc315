CREATE INDEX law_provision_by_position ON law_provision (document, position);

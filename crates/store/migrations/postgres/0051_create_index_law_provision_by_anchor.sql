CREATE UNIQUE INDEX law_provision_by_anchor ON law_provision (anchor);

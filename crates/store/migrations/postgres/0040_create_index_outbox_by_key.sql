CREATE UNIQUE INDEX outbox_by_key ON outbox (destination, key);

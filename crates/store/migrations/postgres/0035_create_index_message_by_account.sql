CREATE INDEX message_by_account ON message (account, id);

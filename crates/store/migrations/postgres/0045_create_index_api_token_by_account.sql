CREATE INDEX api_token_by_account ON api_token (account);

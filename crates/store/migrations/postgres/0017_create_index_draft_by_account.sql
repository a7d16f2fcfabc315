CREATE INDEX draft_by_account ON draft (account, updated_at);

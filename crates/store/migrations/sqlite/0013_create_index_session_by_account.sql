CREATE INDEX session_by_account ON session (account);

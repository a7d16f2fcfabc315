ALTER TABLE account ADD COLUMN password_due BIGINT;

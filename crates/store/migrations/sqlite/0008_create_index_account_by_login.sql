CREATE UNIQUE INDEX account_by_login ON account (login);

INSERT INTO chain (name, seq, hash) VALUES ('access_log', 0, zeroblob(32));

INSERT INTO chain (name, seq, hash) VALUES ('event', 0, zeroblob(32));

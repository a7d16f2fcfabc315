INSERT INTO chain (name, seq, hash) VALUES ('access_log', 0, decode(repeat('00', 32), 'hex'));

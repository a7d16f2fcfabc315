INSERT INTO chain (name, seq, hash) VALUES ('event', 0, decode(repeat('00', 32), 'hex'));

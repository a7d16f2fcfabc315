CREATE INDEX access_log_by_record ON access_log (record, record_id, seq);

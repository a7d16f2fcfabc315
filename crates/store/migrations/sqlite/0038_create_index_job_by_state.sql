CREATE INDEX job_by_state ON job (state, run_at);

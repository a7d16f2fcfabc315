CREATE INDEX event_by_stream ON event (stream, stream_id, seq);

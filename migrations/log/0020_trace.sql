-- A call is found by the id that its caller quotes. Ids begin with their time, so this index grows at its end.

CREATE INDEX requests_by_id ON requests (request_id);

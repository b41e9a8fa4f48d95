-- The docs show a reader's last calls beside each operation, and the request log is filtered by it: neither may read a
-- week of calls to find five.

CREATE INDEX requests_by_operation ON requests (operation_id, seq);

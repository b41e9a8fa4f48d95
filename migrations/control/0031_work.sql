-- Which sandboxes have work waiting in their own files, so that a server finds it after a restart without opening them.

ALTER TABLE sandboxes ADD COLUMN has_work INTEGER NOT NULL DEFAULT 0 CHECK (has_work IN (0, 1));
CREATE INDEX sandboxes_with_work ON sandboxes (id) WHERE has_work = 1;

-- How long an unused workspace keeps its sandboxes depends on whether somebody has claimed it, and the sweep that removes
-- them has to know that for every workspace at once.

ALTER TABLE workspaces ADD COLUMN claimed_at INTEGER;

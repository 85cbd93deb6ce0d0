"""Edit clouds before sampling: remove points, extract objects from scans. Edits are stored as data."""

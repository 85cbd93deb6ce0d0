"""What is done to a cloud before it is sampled: points left out, objects taken from a scan; as data."""

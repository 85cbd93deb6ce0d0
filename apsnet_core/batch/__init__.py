"""Work on many files, each with its own result: on this machine, for a share of them, or on a cluster."""

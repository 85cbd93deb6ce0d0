"""Many files, each to a result of its own: on this machine, a share of them, or on a cluster."""

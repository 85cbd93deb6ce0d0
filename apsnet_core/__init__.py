"""Point-cloud sampling with APSNet and its peers: everything the window does, without a window."""

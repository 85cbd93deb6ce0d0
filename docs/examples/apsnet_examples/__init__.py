"""Plug-ins for APSNet Studio, each in a file of its own."""

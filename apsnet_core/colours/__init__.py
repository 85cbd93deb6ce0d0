"""Colour points by numbers, with a legend, in the same way for the window, pictures and reports."""

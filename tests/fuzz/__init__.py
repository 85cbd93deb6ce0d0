"""Fuzz the readers with randomly damaged files: none may crash them, stall them, or be read wrongly."""

"""Throws damaged files at everything that reads one; `make fuzz` runs it, nothing imports it."""

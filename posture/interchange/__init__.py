"""Writes what was measured in the forms that other programs read; it measures nothing."""

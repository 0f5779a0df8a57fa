"""Tells how far apart a clinic's own photos of the same people are, from photos that it took."""

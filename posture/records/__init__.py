"""Keeps people, visits and the photos that were to be kept; the only importer of the database.

It measures and shows nothing. Whoever reads or writes comes through an `Access`, which knows their
clinic: nothing here returns what is another clinic's.
"""

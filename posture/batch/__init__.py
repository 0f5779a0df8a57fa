"""Measures many photos, on the cores of one machine or on a Dask cluster, into one table."""

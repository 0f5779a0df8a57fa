"""Puts a visit on a page to hand over, as PDF."""

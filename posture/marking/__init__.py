"""Measures from points that a person placed on the bones, or taped, and guesses where they lie."""

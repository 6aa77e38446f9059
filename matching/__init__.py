"""Finds the earlier request that a request repeats, changes or answers."""

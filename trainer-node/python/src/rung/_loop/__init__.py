"""Loops that are their own trainer: the way from an ask to the end of what it gave."""

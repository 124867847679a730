"""Dictation as it is seen: the sign above all windows, the texts that wait, and what was said before."""

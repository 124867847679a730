"""Behaviour over time: QtCore only, no widgets."""

"""Benchmarks that anyone can repeat: `make bench`. They print figures and fail on nothing."""

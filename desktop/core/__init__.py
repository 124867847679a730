"""Values and rules: no Qt, no threads, no devices."""

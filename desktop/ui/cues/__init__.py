"""The transcript as cues: a table to edit them, the problems they have, and the style they keep to."""

"""The transcript as a document: flowing text by segment, time and speaker in the margin, edited in place."""

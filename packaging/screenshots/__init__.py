"""Takes the pictures of the README: the real program, in light and dark, on an X screen of its own."""

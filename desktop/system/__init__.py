"""The machine around the program."""

"""The recorder in the window, the small one above all windows, and the view for reading along."""

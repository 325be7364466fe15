"""Pages: the grid, the model, its files and pictures."""

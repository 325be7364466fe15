"""What people print on: their printers, and the usual ones by name."""

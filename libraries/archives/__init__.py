"""What is inside archives, read without unpacking them. Pure: no Django, no rows, and nothing is ever written to a disk."""

"""What is typed into the search box: a small language of words and fields, read into a tree. No Django, no rows."""

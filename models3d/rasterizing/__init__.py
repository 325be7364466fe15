"""Pages that are drawn rather than stored as pixels: SVG drawings and the first page of a PDF, as pictures."""

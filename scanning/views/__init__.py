"""Pages: activity and reports, path templates, what belongs to a model."""

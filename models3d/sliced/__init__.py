"""What a slicer wrote into its files: settings, time and material, read from the two ends of a file only."""

"""Raw sources to the files in data/."""

"""From raw sources and OpenStreetMap extracts to the files in data/."""

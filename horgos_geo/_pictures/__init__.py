"""What maps, charts and tables are drawn with; `maps` and `charts` are the doors."""

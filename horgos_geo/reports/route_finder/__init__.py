"""One HTML file that finds any route between the listed places itself."""

"""One HTML file with every computed route, found by clicking."""

"""Results held against published distances and times, and the fit that uses them."""

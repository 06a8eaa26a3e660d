"""Names, towns and tables of places; `places` is the door."""

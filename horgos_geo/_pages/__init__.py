"""From notebooks to pages, one or many at a time; `report` and `sweep` are the doors."""

"""How paths are found, and what their parts take; `routing.Router` is the door."""

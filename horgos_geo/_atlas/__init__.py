"""The route finder's routes and page; `atlas` and `explore` are the doors."""

"""From a question to a route: snapping, engines, costs, legs."""

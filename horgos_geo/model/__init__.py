"""What exists and what is asked: network, places, scenario, parameters, basemap."""

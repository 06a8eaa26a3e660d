"""Questions over many routes: comparisons, gateways, corridors, closures, isochrones."""

"""What can be chosen in a scenario, a file or an option, each from a short list."""

from __future__ import annotations

from typing import Literal

#: Modes of the edges of a network, and where an edge comes from, in the order of their codes.
MODES = ("road", "rail", "ferry", "transfer")
SOURCES = ("osm", "healed", "curated")

Mode = Literal["road", "rail"]
#: How modes are named together: both are what people call multimodal.
ModeLabel = Literal["road", "rail", "multimodal"]
#: What the best path has least of.
Minimise = Literal["distance", "time", "cost", "co2e", "generalised"]
Cargo = Literal["container", "vehicles-driven", "vehicles-carrier", "vehicles-rail"]
#: Which end of the published waits to use.
Level = Literal["low", "central", "high"]
#: The datum of coordinates: of the world, by Chinese law, of Baidu.
Datum = Literal["wgs84", "gcj02", "bd09"]

"""What can be chosen in a scenario, a file or an option, each from a short list."""

from __future__ import annotations

from typing import Literal

Mode = Literal["road", "rail"]
#: How modes are named together: both are what people call multimodal.
ModeLabel = Literal["road", "rail", "multimodal"]
#: What the best path has least of.
Minimise = Literal["distance", "time", "cost", "co2e", "generalised"]
Cargo = Literal["container", "vehicles-driven", "vehicles-carrier", "vehicles-rail"]
#: Which end of the published waits to use.
Level = Literal["low", "central", "high"]

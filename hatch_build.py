"""Put the data and the notebooks into the wheel, so that `horgos` works outside a checkout."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataHook(BuildHookInterface):  # type: ignore[misc,type-arg]
    """An editable install reads both from the checkout; only a real wheel carries copies."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the two folders to the files of a standard wheel."""
        if version == "standard":
            for folder in ("data", "notebooks"):
                build_data["force_include"][folder] = f"horgos_geo/_{folder}"

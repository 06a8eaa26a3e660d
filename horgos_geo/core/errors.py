"""What can go wrong, named. Each message says what was wrong and what to do next."""

from __future__ import annotations


class HorgosError(Exception):
    """Base of every error that a user can cause or mend."""


class PlaceNotFound(HorgosError, LookupError):
    """No place of that name, or none close enough to it."""


class NoRoute(HorgosError, LookupError):
    """No route between two places, where a route was asked for and not a status."""


class BadCoordinates(HorgosError, ValueError):
    """Coordinates that are not a point on land here: swapped, out of range, not numbers."""


class ScenarioError(HorgosError, ValueError):
    """A scenario or parameter with an invalid value."""


class DataError(HorgosError, ValueError):
    """A data file that is damaged or not what it says."""


class MissingData(HorgosError, FileNotFoundError):
    """A file that should be there and is not."""


class OutputError(HorgosError, OSError):
    """A result that could not be written where it was asked for."""


class ReportError(HorgosError, RuntimeError):
    """A notebook that failed while it ran."""


class BadBudget(HorgosError, ValueError):
    """A budget of hours or kilometres that is no such number."""

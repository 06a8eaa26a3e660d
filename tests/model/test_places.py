"""Places: every way to write one, and every way to get it wrong."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from horgos_geo.core.errors import BadCoordinates, HorgosError, MissingData, PlaceNotFound
from horgos_geo.core.name_keys import clean, fold, spellings
from horgos_geo.model import places


@pytest.mark.parametrize(
    "text",
    [
        "Horgos", "horgos", "HORGOS", "Khorgos", "Khorgas", "Huoerguosi", "Huo'erguosi",
        "Huo’erguosi", "霍尔果斯", "霍爾果斯", "霍尔果斯口岸", "Хоргос", "хоргос", "Qorğas",
        "Korgas", "Қорғас", " Horgos ",
        "Hоrgоs",  # with Cyrillic о
    ],
)  # fmt: skip
def test_horgos_has_many_spellings(text: str) -> None:
    assert places.resolve(text).id == "horgos"


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("Almaty", "almaty"), ("Алматы", "almaty"), ("Alma-Ata", "almaty"), ("阿拉木图", "almaty"),
        ("阿拉木圖", "almaty"), ("tashkent", "tashkent"), ("Ташкент", "tashkent"), ("Łódź", "lodz"),
        ("lodz", "lodz"), ("Małaszewicze", "malaszewicze"), ("Nizhny-Novgorod", "nizhny-novgorod"),
        ("Санкт Петербург", "saint-petersburg"), ("Nur-Sultan", "astana"), ("Warszawa", "warsaw"),
        ("Moskau", "moscow"), ("Қарағанды", "karaganda"), ("Khorgos Gateway", "altynkol"),
        ("Alashankou", "alashankou"), ("阿拉山口", "alashankou"), ("Chongqing", "chongqing"),
        ("重慶", "chongqing"), ("Ürümqi", "urumqi"), ("Osh", "osh"), ("UFA", "ufa"),
        ("mary", "mary"), ("KAZ", "astana"), ("KZ", "astana"), ("kaz", "astana"),
        ("Kazakhstan", "astana"), ("哈萨克斯坦", "astana"), ("Казахстан", "astana"),
        ("Turkey", "ankara"), ("Türkiye", "ankara"), ("CHN", "beijing"), ("Georgia", "tbilisi"),
    ],
)  # fmt: skip
def test_names_in_all_scripts(text: str, id_: str) -> None:
    assert places.resolve(text).id == id_


def test_every_name_and_id_means_its_own_place() -> None:
    listed = [*places.gateways(), *places.destinations(), *places.origins()]
    for place in listed:
        assert places.resolve(place.id) == place
        assert places.resolve(place.name) == place
        assert places.resolve(place.label("zh")) == place
        assert places.resolve(place.label("ru")) == place


def test_countries_lead_to_their_capital() -> None:
    for country in places.countries().values():
        capital = places.resolve(country.iso3)
        assert places.resolve(country.iso2) == capital
        # Hong Kong, Macau and such lie where their own code says.
        assert capital.country == country.iso3


def test_towns_of_the_gazetteer() -> None:
    turin = places.resolve("Torino")
    assert (turin.name, turin.country, turin.kind) == ("Turin", "ITA", "town")
    assert places.resolve(turin.id) == turin
    assert places.resolve("Brest").country == "BLR"
    assert places.resolve("Brest, France").country == "FRA"
    assert places.resolve("Brest, FRA") == places.resolve("Brest，法国")
    assert places.resolve("Lào Cai").country == "VNM"
    # A town that is shipped as a destination is given with its terminal.
    assert places.resolve("gn1526384") == places.resolve("Almaty")


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        # A town of weight goes by its own name, whatever else was or is called so abroad.
        ("Stavropol", "Stavropol", "RUS"), ("Ставрополь", "Stavropol", "RUS"),
        ("Stavropol, RUS", "Stavropol", "RUS"), ("Tolyatti", "Tolyatti", "RUS"),
        ("Alexandria", "Alexandria", "ROU"), ("Talas", "Talas", "KGZ"), ("Талас", "Talas", "KGZ"),
        ("Kuybyshev", "Kuybyshev", "RUS"), ("Куйбышев", "Kuybyshev", "RUS"),
        ("Vienne", "Vienne", "FRA"), ("Trnava", "Trnava", "SVK"), ("Piraeus", "Piraeus", "GRC"),
        ("Cham", "Cham", "DEU"), ("Tripoli", "Tripoli", "LBN"),
        # A hamlet or an island town does not take the name from a city.
        ("Singapur", "Singapore", "SGP"), ("Baki", "Baku", "AZE"), ("Pekin", "Beijing", "CHN"),
        ("Leningrad", "Saint Petersburg", "RUS"), ("Odessa", "Odesa", "UKR"),
        ("St. Petersburg", "Saint Petersburg", "RUS"), ("Tiflis", "Tbilisi", "GEO"),
        # The same place under a longer name stays the listed one.
        ("Delhi", "New Delhi", "IND"), ("Kuryk", "Kuryk port", "KAZ"),
        ("Karasu", "Karasu (Kulma)", "CHN"), ("Khorgos", "Horgos", "CHN"),
        # Persian, Arabic, Hebrew, Georgian and Armenian.
        ("تهران", "Tehran", "IRN"), ("مشهد", "Mashhad", "IRN"), ("سمرقند", "Samarkand", "UZB"),
        ("תל אביב", "Tel Aviv", "ISR"), ("თბილისი", "Tbilisi", "GEO"), ("ბათუმი", "Batumi", "GEO"),
        ("Երևան", "Yerevan", "ARM"), ("بغداد", "Baghdad", "IRQ"), ("اسطنبول", "Istanbul", "TUR"),
    ],
)  # fmt: skip
def test_an_own_name_comes_before_another_s_alias(text: str, name: str, country: str) -> None:
    place = places.resolve(text)
    assert (place.name, place.country) == (name, country)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Cairo", "Cairo, EGY, which lies outside Europe and Asia"), ("Каир", "Cairo, EGY"),
        ("开罗", "Cairo, EGY"), ("New York", "New York City, USA"), ("Lagos", "write Lagos, PRT"),
        ("Victoria", "Victoria, CAN"), ("Nairobi", "Nairobi, KEN"), ("Sydney", "Sydney, AUS"),
        ("Casablanca", "Casablanca, MAR"), ("San Jose", "San Jose, USA"),
        ("New York, USA", "cannot be reached"), ("Egypt", "cannot be reached"),
        ("埃及", "Egypt cannot be reached"), ("Бразилия", "Brazil cannot be reached"),
    ],
)  # fmt: skip
def test_large_cities_outside_are_known_and_refused(text: str, words: str) -> None:
    with pytest.raises(PlaceNotFound, match=words):
        places.resolve(text)


@pytest.mark.parametrize("text", ["Lagos, PRT", "Victoria, ROU", "New York, UKR", "Caira"])
def test_a_country_or_the_full_name_tells_them_apart(text: str) -> None:
    assert places.resolve(text).country in ("PRT", "ROU", "UKR", "ITA")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Almaty", ""), ("almaty", ""), ("阿拉木图", ""),
        ("Torino, ITA", "Torino is taken as Turin, ITA."),
        ("Moskau", "Moskau is taken as Moscow, RUS."),
        ("Brest", "Brest is taken as Brest, BLR; also: Brest, FRA."),
        ("Khorgos", "Khorgos is taken as Horgos, CHN; also: Khorgos, KAZ."),
        ("Stavropol", "Stavropol is taken as Stavropol, RUS; also: Tolyatti, RUS."),
        ("KAZ", "KAZ is taken as its capital Astana, KAZ."),
        ("43.25,76.91", ""),
    ],
)  # fmt: skip
def test_what_a_name_was_taken_for_is_said(text: str, note: str) -> None:
    assert places.resolve(text).note == note


def test_namesakes_of_weight_are_named() -> None:
    assert "Kara Suu, KGZ" in places.resolve("Karasu").note
    assert "Alexandria, EGY (outside Europe and Asia)" in places.resolve("Alexandria").note


def test_a_place_may_be_given_in_any_form() -> None:
    shapely = pytest.importorskip("shapely")
    almaty = places.resolve("Almaty")
    assert places.resolve(almaty) is almaty
    for form in ((44.21, 80.41), shapely.Point(80.41, 44.21)):
        place = places.resolve(form)
        assert (place.lat, place.lon, place.kind) == (44.21, 80.41, "point")
    for wrong in (None, 43.25, (1, 2, 3), {"lat": 1}, shapely.Point(), shapely.LineString()):
        with pytest.raises(BadCoordinates, match=r"Give|Write"):
            places.resolve(wrong)  # type: ignore[arg-type]
    with pytest.raises(BadCoordinates, match="longitude before latitude"):
        places.resolve((80.41, 44.21))


def test_one_string_is_one_place_and_groups_are_many() -> None:
    import geopandas as gpd
    import shapely

    assert [p.id for p in places.select("Almaty")] == ["almaty"]
    assert places.select("central-asia") == places.destinations("central-asia")
    assert [p.id for p in places.select(["Almaty", "Алматы", "Osh"])] == ["almaty", "osh"]
    assert [p.name for p in places.select((43.25, 76.91))] == ["43.25,76.91"]
    assert [p.id for p in places.select(("Almaty", "Osh"))] == ["almaty", "osh"]
    point = shapely.Point(76.91, 43.25)
    assert places.select(point) == places.select([point]) == places.select(gpd.GeoSeries([point]))
    assert places.select([(43.25, 76.91), "Osh"])[1].id == "osh"


def test_the_pole_is_no_mistake_of_order() -> None:
    assert (places.resolve("90,0").lat, places.resolve("90,0").lon) == (90.0, 0.0)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("44.21,80.41", 44.21, 80.41),
        (" 44.21 , 80.41 ", 44.21, 80.41),
        ("44.21 80.41", 44.21, 80.41),
        ("44.21;80.41", 44.21, 80.41),
        ("44.21°N, 80.41°E", 44.21, 80.41),
        ("(44.21, 80.41)", 44.21, 80.41),
        ("38.7,-9.1", 38.7, -9.1),
        ("38.7N 9.1W", 38.7, -9.1),
        ("44°12'36\"N 80°24'36\"E", 44.21, 80.41),
        ("44°12.6′N, 80°24.6′E", 44.21, 80.41),
        ("北纬44.21 东经80.41", 44.21, 80.41),
        ("44.21 с.ш. 80.41 в.д.", 44.21, 80.41),
        ("64.7,177.5", 64.7, 177.5),
    ],
)
def test_coordinates(text: str, lat: float, lon: float) -> None:
    place = places.resolve(text)
    assert (place.lat, place.lon, place.kind, place.country) == (lat, lon, "point", "")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("80.41,44.21", "Write 44.21,80.41"),
        ("104.1,30.6", "Write 30.6,104.1"),
        ("91,200", "not on Earth"),
        ("nan,80", "no two numbers"),
        ("inf,80", "no two numbers"),
        ("80.41E 44.21N", "another order"),
        ("44.21", "not a pair"),
        ("44,2 80,4", "not a pair"),
        ("1,2,3", "not a pair"),
    ],
)
def test_bad_coordinates_say_what_to_do(text: str, hint: str) -> None:
    with pytest.raises(BadCoordinates, match="Write") as caught:
        places.resolve(text)
    assert hint in str(caught.value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Tashkant", "Tashkent"),
        ("Novosibrsk", "Novosibirsk"),
        ("Kazahkstan", "Kazakhstan"),
        ("Horgoss", "Horgos"),
        ("Xyzzyplugh", "another spelling"),
        ("", "No place was given"),
        (" \t\x00\u202e", "No place was given"),
        ("a" * 10_000, "at most 200"),
        ("USA", "cannot be reached by land"),
        ("Brazil", "cannot be reached by land"),
        ("🚂", "another spelling"),
        ("|", "another spelling"),
        (".*", "another spelling"),
        ("gn999999999", "another spelling"),
    ],
)
def test_a_miss_says_what_to_do(text: str, hint: str) -> None:
    with pytest.raises(PlaceNotFound) as caught:
        places.resolve(text)
    assert hint in str(caught.value)
    assert isinstance(caught.value, LookupError)
    assert len(str(caught.value)) < 300


def test_a_message_shows_no_control_characters() -> None:
    with pytest.raises(PlaceNotFound) as caught:
        places.resolve("\u202eevil\x1b[31m\nplace")
    assert "“evil[31m place”" in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"[-+0-9.,; NSEW°]{1,12}", fullmatch=True))
def test_no_text_crashes(text: str) -> None:
    try:
        place = places.resolve(text)
    except HorgosError:
        return
    assert -180 <= place.lon <= 180
    assert -90 <= place.lat <= 90


def test_search_lists_the_likeliest_first() -> None:
    brest = places.search("Brest")
    assert [p.country for p in brest[:2]] == ["BLR", "FRA"]
    assert places.search("Novosib")[0].id == "novosibirsk"
    assert places.search("霍")[0].id == "horgos"
    assert places.search("Tashkant")[0].id == "tashkent"
    assert [p.country for p in places.search("Brest, FRA")][:1] == ["FRA"]
    assert len(places.search("San", limit=3)) == 3
    assert len({p.id for p in places.search("Al", limit=50)}) == 50


@pytest.mark.parametrize("text", ["", "a" * 500, "🚂", "\x00"])
def test_search_of_nothing_finds_nothing(text: str) -> None:
    assert places.search(text) == []


def test_groups() -> None:
    story = places.destinations("story")
    assert {p.country for p in story} == {"KAZ", "UZB", "RUS"}
    assert places.destinations(["KAZ", "UZB", "RUS"]) == story
    assert len(places.destinations("headline")) == 10
    assert "central-asia" in places.group_names()
    with pytest.raises(PlaceNotFound, match="Did you mean central-asia"):
        places.destinations("central asia")
    with pytest.raises(PlaceNotFound, match="Known are"):
        places.destinations(["nowhere at all"])


def test_labels_fall_back_to_english() -> None:
    almaty = places.resolve("Almaty")
    assert [almaty.label(code) for code in ("en", "zh", "ru", "de")] == [
        "Almaty", "阿拉木图", "Алматы", "Almaty",
    ]  # fmt: skip
    assert hash(almaty) == hash(places.resolve("Алматы"))


def test_lookups_are_quick() -> None:
    places.resolve("Turin")

    def milliseconds(text: str) -> float:
        start = time.perf_counter()
        places.resolve(text)
        return (time.perf_counter() - start) * 1000

    assert min(milliseconds("Samarkand") for _ in range(3)) < 20
    assert min(milliseconds("Torino") for _ in range(3)) < 150


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Łódź", "lodz"), ("Saint-Petersburg", "saint petersburg"), ("霍爾果斯", "霍尔果斯"),
        ("Ё", "е"), ("İzmir", "izmir"), ("Huo'erguosi", "HUOERGUOSI"),
        ("Türkmenbaşy", "turkmenbasy"), ("Ｔａｓｈｋｅｎｔ", "Tashkent"), ("Straße", "strasse"),
    ],
)  # fmt: skip
def test_folded_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_folding_keeps_vowel_signs_and_drops_the_rest() -> None:
    assert fold("दिल्ली") != fold("दल्ल")
    assert fold("!?—…") == ""
    assert fold(fold("Қарағанды")) == fold("Қарағанды")
    assert "moscow" in spellings(fold("Mоscоw"))
    assert clean("a\u200bb\x07 \n c") == "ab c"


def test_a_table_of_places_is_many_places(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("город;страна\nАлматы;\nБрест;Франция\n", "cp1251")
    for form in (tmp_path / "towns.csv", str(tmp_path / "towns.csv")):
        assert [place.country for place in places.select(form)] == ["KAZ", "FRA"]
        assert [place.country for place in places.select([form, "Osh"])] == ["KAZ", "FRA", "KGZ"]
    with pytest.raises(MissingData, match="no file"):
        places.select(["nowhere.xlsx"])


def test_groups_of_countries_go_by_name() -> None:
    assert places.destinations("Узбекистан") == places.destinations("UZB")
    assert places.destinations(["Kazakhstan", "乌兹别克斯坦", "ru"]) == places.destinations("story")

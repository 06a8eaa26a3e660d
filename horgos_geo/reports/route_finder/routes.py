"""Every route that the atlas shows: destinations × modes × scenarios × criteria."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import product
from multiprocessing import get_context

from horgos_geo.model.network import Network, load_network
from horgos_geo.model.places import Place
from horgos_geo.routing.route import Route
from horgos_geo.routing.status import OK
from horgos_geo.routing.router import Router
from horgos_geo.model.scenario import Scenario, load_scenario, shipped_scenarios

MODES = ("road", "rail", "multimodal")
CRITERIA = ("time", "distance", "cost", "co2e")
#: As the page offers them: the plain one, what opens, what shuts, how long one waits.
ORDER = (
    "base", "all-ferries", "caspian", "no-russia-belarus", "iran-closed", "horgos-closed",
    "optimistic-borders", "pessimistic-borders",
)  # fmt: skip

Progress = Callable[[int, int], None]
Task = tuple[str, str]  # mode, scenario id; no id: the detours
Answer = dict[str, list[Route]]  # by criterion, or by place id for the detours


@dataclass(frozen=True)
class Computed:
    """What was asked and what was found.

    `routes` holds, for each mode, scenario id and criterion, one route a destination, in the order
    of `destinations`. `detours` holds, by place id, what remains when a transit country is shut.
    """

    origin: Place
    destinations: tuple[Place, ...]
    modes: tuple[str, ...]
    criteria: tuple[str, ...]
    scenarios: dict[str, Scenario]
    routes: dict[tuple[str, str, str], list[Route]]
    detours: dict[str, list[Route]] = field(default_factory=dict)


def scenarios() -> dict[str, Scenario]:
    """Return the shipped scenarios by id, the plain one first."""
    order = {name: i for i, name in enumerate(ORDER)}
    names = sorted(shipped_scenarios(), key=lambda name: (order.get(name, len(order)), name))
    return {name: load_scenario(name) for name in names}


def compute(
    origin: Place,
    destinations: Sequence[Place],
    *,
    network: Network | None = None,
    among: dict[str, Scenario] | None = None,
    modes: Sequence[str] = MODES,
    criteria: Sequence[str] = CRITERIA,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Computed:
    """Find the best route to every destination by every mode, scenario and criterion.

    Parameters
    ----------
    origin
        Where all routes begin.
    destinations
        Where they end.
    network
        Default: the one that comes with the package.
    among
        Scenarios by id. Default: the shipped ones.
    modes, criteria
        What to go by and what to have least of.
    jobs
        Processes; each holds a network of its own, so only with the default network.
    progress
        Called with how many of how many tables are done.
    """
    known = among if among is not None else scenarios()
    tasks = [*product(modes, known), *((mode, "") for mode in modes)]
    found: dict[tuple[str, str, str], list[Route]] = {}
    detours: dict[str, list[Route]] = {}
    ask = (origin, tuple(destinations), tuple(criteria))
    if jobs > 1 and network is None:
        answers = _in_processes(tasks, known, ask, jobs)
    else:
        router = Router(network or load_network())
        answers = (_answer(router, task, known, ask) for task in tasks)
    for done, ((mode, scenario), answer) in enumerate(zip(tasks, answers, strict=True), 1):
        for key, routes in answer.items():
            if scenario:
                found[mode, scenario, key] = routes
            else:
                detours.setdefault(key, []).extend(routes)
        if progress:
            progress(done, len(tasks))
    return Computed(
        origin, tuple(destinations), tuple(modes), tuple(criteria), dict(known), found, detours
    )


Ask = tuple[Place, tuple[Place, ...], tuple[str, ...]]


def _answer(router: Router, task: Task, known: dict[str, Scenario], ask: Ask) -> Answer:
    mode, scenario = task
    origin, destinations, criteria = ask
    if not scenario:
        plain = next(iter(known.values())).model_dump()
        return _detours(router.with_(**{**plain, "modes": mode, "minimise": "time"}), ask)
    changes = known[scenario].model_dump() | {"modes": mode}
    return {
        criterion: router.with_(**{**changes, "minimise": criterion}).routes(origin, destinations)
        for criterion in criteria
    }


def _detours(router: Router, ask: Ask) -> Answer:
    """Shut each transit country in turn and ask again for the places reached through it."""
    origin, destinations, _ = ask
    through: dict[str, list[Place]] = {}
    for route in router.routes(origin, destinations):
        for country in set(route.countries[1:]) - {route.destination.country, origin.country}:
            through.setdefault(country, []).append(route.destination)
    answer: Answer = {}
    for country, places in sorted(through.items()):
        closed = (*router.scenario.closed_countries, country)
        for route in router.with_(closed_countries=closed).routes(origin, places):
            if route.status == OK:
                answer.setdefault(route.destination.id, []).append(route)
    return answer


_router: Router | None = None


def _in_processes(
    tasks: list[Task], known: dict[str, Scenario], ask: Ask, jobs: int
) -> Iterator[Answer]:
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_work, tasks, [known] * len(tasks), [ask] * len(tasks))


def _work(task: Task, known: dict[str, Scenario], ask: Ask) -> Answer:
    global _router  # noqa: PLW0603  one network a process
    if _router is None:
        _router = Router(load_network())
    return _answer(_router, task, known, ask)

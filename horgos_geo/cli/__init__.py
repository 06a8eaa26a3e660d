"""The command `horgos`.

Each command has a file here and a place in `COMMANDS`. A command imports what it needs inside its
function: a cold `horgos route` must answer in 2.5 seconds. Results go to stdout, everything else
to stderr.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from horgos_geo.cli import (
    cars,
    compare,
    corridors,
    crossings,
    distances,
    gateways,
    isochrones,
    matrix,
    network,
    notebooks,
    places,
    report,
    route,
    route_finder,
    sweep,
    trace,
)
from horgos_geo.core.errors import HorgosError, OutputError, ReportError

INTERRUPTED = 130

app = typer.Typer(
    name="horgos",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _horgos(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
) -> None:
    """Land routes from Horgos (霍尔果斯) to Belt and Road destinations, by road and rail, offline.

    [bold]Examples[/bold]

    horgos route Horgos Tashkent --mode rail

    horgos route 霍尔果斯 Duisburg --mode multimodal --minimise time --close RUS --ferry

    horgos report --set origin=Alashankou --out reports

    A place is a name in any listed spelling, [i]lat,lon[/i], or a country code (its capital).
    Results go to stdout; with [i]--format json[/i] as one JSON document.
    """


# What stands first in the help is what most people come for.
COMMANDS = (
    route.route,
    compare.compare,
    corridors.corridors,
    trace.trace,
    gateways.gateways,
    isochrones.isochrones,
    cars.cars,
    places.places,
    crossings.crossings,
    distances.distances,
    matrix.matrix,
    report.report,
    notebooks.notebooks,
    route_finder.route_finder,
    sweep.sweep,
)
for command in COMMANDS:
    app.command()(command)
app.add_typer(network.app, name="network")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; one clear sentence on stderr for each error, never a traceback.

    Exit codes: 0 done, 1 failed, 2 wrong input, 130 interrupted.

    Parameters
    ----------
    arguments
        What follows ``horgos``; the process's own arguments by default.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    given = [_shield(text) for text in given if text != "--debug"]
    _use_utf8()
    try:
        if "--version" in given[:1]:
            from importlib.metadata import version

            print(version("horgos-geo"))
        else:
            code = app(args=given, prog_name="horgos", standalone_mode=False)
            if code == INTERRUPTED:
                raise KeyboardInterrupt
            if isinstance(code, int) and code:
                sys.exit(code)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has closed it, as `head` does. Keep the exit quiet too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (KeyboardInterrupt, typer.Abort):
        _say("interrupted.")
        sys.exit(INTERRUPTED)
    except Exception as error:
        if debug:
            raise
        sys.exit(_explain(error))


def _explain(error: Exception) -> int:
    """Say what went wrong in one sentence and return the exit code."""
    if isinstance(error, HorgosError):
        _say(str(error))
        return 1 if isinstance(error, ReportError | OutputError) else 2
    if hasattr(error, "format_message"):  # typer's own: unknown option, missing argument
        command = getattr(getattr(error, "ctx", None), "command_path", "horgos")
        message = (
            " ".join(error.format_message().split()).replace(": Value error, ", ": ").rstrip(".")
        )
        if message:
            _say(f"{message}{'' if message.endswith('?') else '.'} See {command} --help.")
        return int(getattr(error, "exit_code", 2))
    if isinstance(error, MemoryError):
        _say("out of memory. Ask for less at a time.")
        return 1
    if isinstance(error, OSError) and error.strerror:
        what = f"use {str(error.filename)[:200]!r}" if error.filename else "read or write"
        _say(f"cannot {what}: {error.strerror}. Check the path and the room on the disk.")
        return 1
    reason = " ".join(str(error).split())[:300].rstrip(".")
    _say(f"unexpected {type(error).__name__}: {reason}. Add --debug to see where.")
    return 1


def _shield(text: str) -> str:
    # "-6.2,106.8" is a place south of the equator, not an option.
    return f" {text}" if re.fullmatch(r"-\d[\d.]*\s*[,;]\s*-?\d[\d.]*", text) else text


def _say(sentence: str) -> None:
    print(f"horgos: {sentence}", file=sys.stderr)


def _use_utf8() -> None:
    # Names stand in three scripts; a terminal or pipe set otherwise must not end a command.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and (stream.encoding or "").lower().replace("-", "") != "utf8":
            reconfigure(**({"errors": "replace"} if stream.isatty() else {"encoding": "utf-8"}))

"""Lets ``python -m horgos_geo.cli`` be the command."""

from horgos_geo.cli import main

main()

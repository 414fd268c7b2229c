"""``python -m benchmarks NAME [--json]``: measure on servers of our own."""

import argparse
import json
import os
import sys
from importlib import import_module

from benchmarks.setting import postgres_settings
from tools.servers import servers

NAMES = ("rescore", "freshness", "count", "preview", "sweep", "decide", "dashboard")


def main(arguments: list[str]) -> int:
    """Run one benchmark; its module has ``options(parser)`` and ``run(options) -> dict``.

    ``SERVER`` of a module are further settings of PostgreSQL that its measuring needs.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object at the end")
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    modules = {name: import_module(f"benchmarks.{name}") for name in NAMES}
    for name, module in modules.items():
        own = names.add_parser(name, help=(module.__doc__ or "").splitlines()[0])
        own.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        module.options(own)
    options = parser.parse_args(arguments)
    settings = postgres_settings() | getattr(modules[options.name], "SERVER", {})
    with servers(fsync=True, settings=settings) as environment:
        os.environ.update(environment)
        figures = modules[options.name].run(options) | {"postgresql_settings": settings}
    for name, figure in figures.items():
        print(f"{name:>24}  {figure}")
    if options.json:
        print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

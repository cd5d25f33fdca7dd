"""Runs the benchmarks that are named, or all of them; `--list` only says what there is."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from collections.abc import Sequence

import tests.benchmarks


def names() -> list[str]:
    """The benchmarks: every module here with a `main`."""
    found = (module.name for module in pkgutil.iter_modules(tests.benchmarks.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when a promise is broken, 2 when a name is unknown."""
    known = names()
    if "--list" in arguments:
        for name in known:
            module = importlib.import_module(f"tests.benchmarks.{name}")
            print(f"{name:<16} {(module.__doc__ or '').splitlines()[0]}")
        return 0
    unknown = [name for name in arguments if name not in known]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    broken = []
    for name in arguments or known:
        print(f"== {name}", flush=True)
        begun = time.perf_counter()
        try:
            importlib.import_module(f"tests.benchmarks.{name}").main()
        except AssertionError as error:
            broken.append(name)
            print(f"BROKEN: {error}")
        print(f"   took {time.perf_counter() - begun:.1f} s", flush=True)
    if broken:
        print(f"broken: {', '.join(broken)}")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The rules of the house, as tests: layers, style, types, and what no file may contain."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "crm_desktop"
MAX_LINES = 420
LONGER = {
    # A migration is history and is not split.
    "crm_desktop/model/migrations/versions/0001_initial.py": 680,
}

FORBIDDEN_MODULES = {
    # They run what they read.
    "pickle",
    "shelve",
    "marshal",
    "dill",
    "joblib",
    "diskcache",
    # They reach the network.
    "http",
    "urllib.request",
    "requests",
    "httpx",
    "smtplib",
    "imaplib",
    "ftplib",
    "PySide6.QtNetwork",
    "PySide6.QtWebEngineWidgets",
}
FORBIDDEN_CALLS = {
    "processEvents": "let the event loop run; move the work to a lane",
    "terminate": "a killed thread leaves its locks and its files as they are",
    "eval": "it runs what it reads",
    "exec_": "spelt exec since Qt 6",
}


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that belongs to the project, from git where there is one."""
    if shutil.which("git"):
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        if listing.returncode == 0:
            names = [name for name in listing.stdout.decode().split("\0") if name]
            return tuple(path for name in names if (path := ROOT / name).is_file())
    folders = ("crm_desktop", "tests", "packaging", "resources")
    return tuple(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


def modules(*folders: Path) -> Iterator[tuple[str, str, ast.Module]]:
    """Name, text and syntax tree of every module below `folders`."""
    for path in tracked_files():
        if path.suffix == ".py" and any(folder in path.parents for folder in folders):
            text = path.read_text(encoding="utf-8")
            yield str(path.relative_to(ROOT)), text, ast.parse(text)


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_or_is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def run_tool(*arguments: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_imports_only_go_down():
    # Not in this process: it reconfigures logging.
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    result = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_ruff_finds_nothing():
    run_tool("ruff", "check", "--no-cache", ".")


def test_the_code_is_formatted():
    run_tool("ruff", "format", "--no-cache", "--check", ".")


def test_the_types_hold():
    run_tool("mypy")


def test_every_module_says_what_it_is():
    silent = [name for name, _text, tree in modules(PACKAGE) if not doc_of(tree)]
    assert not silent


def doc_of(tree: ast.Module) -> str | None:
    # A package that only marks a folder may be empty.
    return ast.get_docstring(tree) if tree.body else "empty"


def test_modules_stay_small():
    long = {
        name: lines
        for name, text, _tree in modules(PACKAGE)
        if (lines := text.count("\n")) > LONGER.get(name, MAX_LINES)
    }
    assert not long


def test_the_lower_floors_need_only_the_standard_library():
    own = {"crm_desktop"}
    foreign = [
        (name, module)
        for name, _text, tree in modules(PACKAGE / "base", PACKAGE / "domain")
        for module in imported(tree)
        if module.split(".")[0] not in own | set(sys.stdlib_module_names)
        and (name, module) != ("crm_desktop/base/paths.py", "platformdirs")
    ]
    assert not foreign


def test_nothing_unsafe_and_no_network_is_imported():
    found = [
        (name, module)
        for name, _text, tree in modules(PACKAGE)
        for module in imported(tree)
        if any(is_or_is_in(module, forbidden) for forbidden in FORBIDDEN_MODULES)
    ]
    assert not found


def _called(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node


def test_nothing_forbidden_is_called():
    found = [
        (name, call, node.lineno, FORBIDDEN_CALLS[call])
        for name, _text, tree in modules(PACKAGE)
        for call, node in _called(tree)
        if call in FORBIDDEN_CALLS
    ]
    assert not found


def test_arrays_are_never_unpickled_and_yaml_never_runs():
    found = [
        (name, node.lineno)
        for name, _text, tree in modules(PACKAGE, ROOT / "tests")
        for call, node in _called(tree)
        for keyword in node.keywords
        if call == "load"
        and (keyword.arg == "Loader" or ast.unparse(keyword) == "allow_pickle=True")
    ]
    found += [
        (name, 0)
        for name, text, _tree in modules(PACKAGE, ROOT / "tests")
        if name != "tests/test_architecture.py" and "yaml.load(" in text
    ]
    assert not found


def test_tests_wait_for_events_and_never_sleep():
    found = [
        (name, node.lineno)
        for name, _text, tree in modules(ROOT / "tests")
        for call, node in _called(tree)
        if call in ("sleep", "qWait", "processEvents")
    ]
    assert not found


def machine_paths() -> list[str]:
    """Where this checkout, its interpreter and its owner's home happen to be."""
    places = {str(ROOT), sys.prefix, sys.base_prefix}
    if sys.platform != "win32":
        import pwd

        places.add(pwd.getpwuid(os.getuid()).pw_dir)
    # Shared by every machine, so they tell nothing.
    return sorted(places - {"/", "/usr", "/usr/local"})


def test_no_file_names_a_place_on_somebodys_machine():
    pattern = re.compile("|".join(rf"{re.escape(place)}(?![\w.-])" for place in machine_paths()))
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [(str(path.relative_to(ROOT)), match.group()) for match in pattern.finditer(text)]
    assert not found


@pytest.mark.parametrize("folder", ["crm_desktop", "tests"])
def test_no_work_is_left_as_a_note(folder):
    pattern = re.compile(r"#\s*(TODO|FIXME|XXX|HACK)\b")
    found = [
        (name, match.group())
        for name, text, _tree in modules(ROOT / folder)
        for match in pattern.finditer(text)
    ]
    assert not found


def test_the_check_runs_what_readme_prints():
    commands = re.findall(r"^python3 -m pip install .*$", (ROOT / "README.md").read_text(), re.M)
    assert len(commands) == 2
    [check] = [command for command in commands if "pytest" in command]
    assert check in (ROOT / ".ci" / "run").read_text().splitlines()

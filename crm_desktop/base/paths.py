"""Where the program keeps things: data, settings and logs of the person, and its own resources."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

APPLICATION = "crm-desktop"


def private_directory(path: Path) -> Path:
    """`path`, created if needed with mode 0700."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def data_directory() -> Path:
    """The person's data folder (XDG, macOS or Windows convention), mode 0700."""
    return private_directory(Path(platformdirs.user_data_dir(APPLICATION, appauthor=False)))


def configuration_directory() -> Path:
    """The folder of settings that belong to the program rather than to one database."""
    return private_directory(Path(platformdirs.user_config_dir(APPLICATION, appauthor=False)))


def log_directory() -> Path:
    """The folder of log files, mode 0700."""
    return private_directory(Path(platformdirs.user_log_dir(APPLICATION, appauthor=False)))


def default_database() -> Path:
    """The database that opens when none is named."""
    return data_directory() / "people.sqlite"


def sample_database() -> Path:
    """The throw-away database of the sample life; never the person's own."""
    return data_directory() / "sample.sqlite"


def resource(*parts: str) -> Path:
    """A file that ships with the program: from the wheel, the checkout or a frozen bundle."""
    package = Path(__file__).resolve().parents[1]
    roots = [package / "resources", package.parent / "resources"]
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        roots.insert(0, Path(bundle) / "resources")
    for root in roots:
        candidate = root.joinpath(*parts)
        if candidate.exists():
            return candidate
    raise FileNotFoundError(os.path.join("resources", *parts))


def create_private_file(path: Path) -> None:
    """Create `path` empty with mode 0600 unless it exists; an existing file is left as it is."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    try:
        os.close(os.open(path, flags, 0o600))
    except FileExistsError:
        return

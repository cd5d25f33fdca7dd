"""What the window remembers between runs: where it stood, what it showed, which databases."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from crm_desktop.base.paths import configuration_directory, create_private_file

RECENT_LIMIT = 6


class WindowMemory:
    """A private ini file in the configuration folder. Unreadable values read as not set."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or configuration_directory() / "window.ini"
        create_private_file(self.path)
        self._settings = QSettings(str(self.path), QSettings.Format.IniFormat)

    def text(self, key: str, default: str = "") -> str:
        """The text kept under `key`."""
        value = self._settings.value(key, default)
        return value if isinstance(value, str) else default

    def flag(self, key: str, default: bool = False) -> bool:
        """The yes or no kept under `key`."""
        return {"true": True, "false": False}.get(self.text(key).lower(), default)

    def number(self, key: str, default: int) -> int:
        """The whole number kept under `key`."""
        try:
            return int(self.text(key))
        except ValueError:
            return default

    def bytes(self, key: str) -> QByteArray:
        """The bytes kept under `key`, as Qt writes geometry and splitters."""
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep(self, key: str, value: str | bool | int | QByteArray) -> None:
        """Remember `value`; written to disk by Qt within seconds, and at the end."""
        if isinstance(value, QByteArray):
            self._settings.setValue(key, value)
        else:
            self._settings.setValue(
                key, str(value).lower() if isinstance(value, bool) else str(value)
            )

    def recent_databases(self) -> tuple[Path, ...]:
        """Databases opened before that still exist, latest first."""
        count = self._settings.beginReadArray("recent")
        paths = []
        for index in range(count):
            self._settings.setArrayIndex(index)
            value = self._settings.value("path")
            if isinstance(value, str) and Path(value).is_file():
                paths.append(Path(value))
        self._settings.endArray()
        return tuple(paths)

    def add_recent_database(self, path: Path) -> None:
        """Put `path` first among the recent databases."""
        others = [other for other in self.recent_databases() if other != path]
        kept = [path, *others][:RECENT_LIMIT]
        self._settings.remove("recent")
        self._settings.beginWriteArray("recent", len(kept))
        for index, each in enumerate(kept):
            self._settings.setArrayIndex(index)
            self._settings.setValue("path", str(each))
        self._settings.endArray()

    def save(self) -> None:
        """Write everything to disk now."""
        self._settings.sync()

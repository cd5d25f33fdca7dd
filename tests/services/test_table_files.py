"""CSV files: whole or not at all, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.services.table_files import write_csv


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "top.csv"
    rows = [("Zoë, “the boss”", 12.5, None), ("two\nlines", -3, "東京")]
    assert write_csv(path, ("Name", "Score", "City"), rows) == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read(path)[1:] == [["Zoë, “the boss”", "12.5", ""], ["two\nlines", "-3", "東京"]]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "=cmd|' /C calc'!A0"],
)
def test_nothing_runs_in_a_spreadsheet(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "x.csv", ("Name",), [(text,)])
    assert read(tmp_path / "x.csv")[1] == [f"'{text}"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "top.csv"
    path.write_text("mine")

    def rows() -> Iterator[tuple[str]]:
        yield ("one",)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_csv(path, ("Name",), rows())
    assert path.read_text() == "mine"
    assert [file.name for file in tmp_path.glob("*") if file.is_file()] == ["top.csv"]


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"“top.csv” cannot be written"):
        write_csv(tmp_path / "nowhere" / "top.csv", ("Name",), [])

"""Single message files and folders of them."""

from __future__ import annotations

from pathlib import Path

from crm_desktop.domain.imports import Reject
from crm_desktop.domain.messages import Draft
from crm_desktop.importers import eml

TEXT = "From: ada@e.example\nTo: bo@e.example\nSubject: {}\n\nHello\n"


def write(folder: Path, **subjects: str) -> list[Path]:
    paths = []
    for name, subject in subjects.items():
        path = folder / f"{name}.eml"
        path.write_text(TEXT.format(subject))
        paths.append(path)
    return paths


def test_a_folder_is_read_in_the_order_of_names_from_any_place(tmp_path: Path):
    source = eml.folder(tmp_path, write(tmp_path, b="two", a="one", c="three"))
    assert source.total == 3
    whole = list(eml.read(source))
    assert [item.subject for item in whole if isinstance(item, Draft)] == ["one", "two", "three"]
    for item in whole:
        assert list(eml.read(source, start=item.next_offset)) == whole[item.next_offset :]


def test_a_single_file(tmp_path: Path):
    (path,) = write(tmp_path, a="one")
    source = eml.file(path)
    (item,) = eml.read(source)
    assert isinstance(item, Draft)
    assert (item.subject, item.next_offset, source.total) == ("one", 1, 1)
    assert list(eml.read(source, start=1)) == []


def test_a_folder_changes_with_its_files(tmp_path: Path):
    paths = write(tmp_path, a="one", b="two")
    before = eml.folder(tmp_path, paths)
    assert eml.folder(tmp_path, paths) == before
    paths[0].write_text(TEXT.format("something longer"))
    assert eml.folder(tmp_path, paths).fingerprint != before.fingerprint


def test_apples_frame_is_taken_off(tmp_path: Path):
    text = TEXT.format("one")
    path = tmp_path / "1.emlx"
    path.write_text(f"{len(text)}\n{text}<?xml version='1.0'?><plist></plist>")
    (item,) = eml.read(eml.file(path))
    assert isinstance(item, Draft)
    assert (item.subject, item.preview) == ("one", "Hello")


def test_an_empty_file_is_a_reject(tmp_path: Path):
    path = tmp_path / "a.eml"
    path.touch()
    (item,) = eml.read(eml.file(path))
    assert isinstance(item, Reject)
    assert item.where == "a.eml"

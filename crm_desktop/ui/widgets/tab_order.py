"""Letting Tab follow the eye where widgets are made late. Qt goes by age.

WORKAROUND PySide6 6.11: Qt's own chain is not asked. `nextInFocusChain` makes Python take the
widget that it gives for a child of the one asked, so that when that one goes, the other's QActions
and others below it can no longer be used.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def tab_stops(widget: QWidget) -> Iterator[QWidget]:
    """Where Tab may stop at or below `widget`, in the order of the layouts; shown or not."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.focusProxy():
        yield widget
    inner = widget.widget() if isinstance(widget, QScrollArea) else None
    if inner is not None:
        yield from tab_stops(inner)
    elif layout := widget.layout():
        yield from _stops_of(layout)


def all_tab_stops(widget: QWidget) -> list[QWidget]:
    """As `tab_stops`, and then by age those that no layout holds."""
    stops = list(tab_stops(widget))
    known = set(stops)
    stops += [
        each
        for each in widget.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not each.focusProxy()
        and each.window() is widget.window()
        and each not in known
    ]
    return stops


def _stops_of(layout: QLayout) -> Iterator[QWidget]:
    for index in range(layout.count()):
        item = layout.itemAt(index)
        if item is None:
            continue
        if widget := item.widget():
            yield from tab_stops(widget)
        elif inner := item.layout():
            yield from _stops_of(inner)

"""The pages of the window as data: what the rail shows and how each page comes to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crm_desktop.ui.context import WindowContext


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `name` in settings and requests, `title` for people, and where its class is.

    `module` is imported on a lane before the class is called with the context on the GUI thread,
    because some bring libraries that take long to load. Pages at the foot of the rail are about
    the program, not about people.
    """

    name: str
    title: str
    icon: str
    module: str
    class_name: str
    is_foot: bool = False

    def factory(self) -> Callable[[WindowContext], QWidget]:
        """The page's class; imports its module."""
        made: Callable[[WindowContext], QWidget] = getattr(
            import_module(self.module), self.class_name
        )
        return made


PAGES = (
    Page("today", "Today", "today", "crm_desktop.ui.views.today", "TodayPage"),
    Page("people", "People", "people", "crm_desktop.ui.views.people", "PeoplePage"),
    Page(
        "relationships",
        "Relationships",
        "relationships",
        "crm_desktop.ui.views.relationships_page",
        "RelationshipsPage",
    ),
    Page("graph", "Graph", "graph", "crm_desktop.ui.views.graph_page", "GraphPage"),
    Page("types", "Types", "types", "crm_desktop.ui.views.types_page", "TypesPage"),
    Page("jobs", "Jobs", "jobs", "crm_desktop.ui.views.jobs", "JobsPage", is_foot=True),
    Page("settings", "Settings", "settings", "crm_desktop.ui.views.settings", "SettingsPage", True),
)

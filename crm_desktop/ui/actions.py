"""Everything the window can do, as data: menus, the palette and the shortcut sheet read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crm_desktop.ui.pages import PAGES, Page

MENUS = ("File", "Edit", "View", "Go", "Help")


@dataclass(frozen=True, slots=True)
class WindowState:
    """What decides whether an action can be used now."""

    has_database: bool = False
    is_sample: bool = False
    is_full_screen: bool = False
    page: str = ""
    undo_label: str | None = None
    redo_label: str | None = None


def _always(_state: WindowState) -> bool:
    return True


def _with_database(state: WindowState) -> bool:
    return state.has_database


def _in_sample(state: WindowState) -> bool:
    return state.has_database and state.is_sample


def _outside_sample(state: WindowState) -> bool:
    return state.has_database and not state.is_sample


def _on_today(state: WindowState) -> bool:
    return state.has_database and state.page == "today"


def _can_undo(state: WindowState) -> bool:
    return state.undo_label is not None


def _can_redo(state: WindowState) -> bool:
    return state.redo_label is not None


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the person can do.

    `callback` names a method of `ui.commands.Commands`, called with `argument` if there is one.
    `group` parts a menu by lines. `keywords` are further words by which the palette finds it.
    """

    id: str
    text: str
    icon: str
    callback: str
    menu: str
    group: int = 0
    shortcuts: tuple[str, ...] = ()
    argument: str | None = None
    keywords: str = ""
    enabled: Callable[[WindowState], bool] = _always
    in_menu: bool = True
    in_palette: bool = True
    role: str = ""  # quit, about or settings: where macOS moves it

    @property
    def plain_text(self) -> str:
        """The text without the dots that say a question follows."""
        return self.text.rstrip("…")


FIXED: tuple[Action, ...] = (
    Action(
        "import-mail",
        "Import mail…",
        "mail",
        "import_mail",
        "File",
        0,
        ("Ctrl+Shift+M",),
        keywords="mbox eml takeout gmail thunderbird archive",
        enabled=_with_database,
    ),
    Action(
        "import-contacts",
        "Import contacts…",
        "contacts",
        "import_contacts",
        "File",
        0,
        ("Ctrl+Shift+C",),
        keywords="vcard vcf address book",
        enabled=_with_database,
    ),
    Action(
        "import-folder",
        "Import a folder…",
        "folder",
        "import_folder",
        "File",
        0,
        ("Ctrl+Shift+F",),
        keywords="maildir eml mail",
        enabled=_with_database,
    ),
    Action(
        "export-list",
        "Export this list…",
        "export",
        "export_list",
        "File",
        0,
        ("Ctrl+Shift+E",),
        keywords="csv table spreadsheet save top contacts",
        enabled=_on_today,
    ),
    Action(
        "open-database",
        "Open a database…",
        "database",
        "open_database",
        "File",
        1,
        ("Ctrl+O",),
        keywords="sqlite file switch",
    ),
    Action(
        "new-database",
        "New database…",
        "plus",
        "new_database",
        "File",
        1,
        ("Ctrl+Shift+N",),
        keywords="create empty",
    ),
    Action(
        "open-sample",
        "Try with sample data",
        "sample",
        "open_sample",
        "File",
        1,
        keywords="demo example",
        enabled=_outside_sample,
    ),
    Action(
        "open-own",
        "Open my own database",
        "database",
        "open_own_database",
        "File",
        1,
        keywords="leave sample",
        enabled=_in_sample,
    ),
    Action("quit", "Quit", "quit", "quit", "File", 9, ("Ctrl+Q",), role="quit"),
    Action(
        "undo",
        "Undo",
        "undo",
        "undo",
        "Edit",
        0,
        ("Ctrl+Z",),
        keywords="take back revert",
        enabled=_can_undo,
    ),
    Action(
        "redo",
        "Redo",
        "redo",
        "redo",
        "Edit",
        0,
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        keywords="again repeat",
        enabled=_can_redo,
    ),
    Action(
        "search",
        "Search…",
        "search",
        "search",
        "Edit",
        1,
        ("Ctrl+K", "Ctrl+F"),
        in_palette=False,
        enabled=_with_database,
    ),
    Action(
        "palette",
        "Run a command…",
        "command",
        "open_palette",
        "Edit",
        1,
        ("Ctrl+Shift+P",),
        in_palette=False,
    ),
    Action(
        "infer-now",
        "Infer relationships now",
        "refresh",
        "infer_now",
        "Edit",
        2,
        keywords="find inference refresh update",
        enabled=_with_database,
    ),
    Action(
        "new-person",
        "New person",
        "person",
        "new_person",
        "Edit",
        2,
        keywords="create add contact",
        enabled=_with_database,
    ),
    Action(
        "new-company",
        "New company",
        "company",
        "new_company",
        "Edit",
        2,
        keywords="create add organisation",
        enabled=_with_database,
    ),
    Action(
        "review-duplicates",
        "Review who is here twice",
        "people",
        "review_duplicates",
        "Edit",
        2,
        keywords="duplicates merge same person identity twice",
        enabled=_with_database,
    ),
    Action(
        "new-relationship",
        "New relationship",
        "relationships",
        "new_relationship",
        "Edit",
        2,
        keywords="create add connect",
        enabled=_with_database,
        in_menu=False,
    ),
    Action(
        "new-type",
        "New relationship type",
        "types",
        "new_type",
        "Edit",
        2,
        keywords="create kind label",
        enabled=_with_database,
        in_menu=False,
    ),
    Action(
        "toggle-inspector",
        "Show or hide the card",
        "inspector",
        "toggle_inspector",
        "View",
        0,
        ("Ctrl+I",),
        keywords="inspector details panel",
        enabled=_with_database,
    ),
    Action(
        "toggle-rail",
        "Show or hide the words in the rail",
        "rail",
        "toggle_rail",
        "View",
        0,
        ("Ctrl+B",),
        keywords="sidebar collapse",
    ),
    Action(
        "appearance-system",
        "Follow the system’s light and dark",
        "display",
        "set_appearance",
        "View",
        1,
        argument="system",
        keywords="theme appearance",
    ),
    Action(
        "appearance-light",
        "Always light",
        "sun",
        "set_appearance",
        "View",
        1,
        argument="light",
        keywords="theme appearance day",
    ),
    Action(
        "appearance-dark",
        "Always dark",
        "moon",
        "set_appearance",
        "View",
        1,
        argument="dark",
        keywords="theme appearance night",
    ),
    Action(
        "full-screen",
        "Full screen",
        "fit",
        "toggle_full_screen",
        "View",
        2,
        ("F11",),
    ),
    Action(
        "shortcuts",
        "Keyboard shortcuts",
        "keyboard",
        "show_shortcuts",
        "Help",
        0,
        ("?", "F1"),
        keywords="keys help",
    ),
    Action("about", "About CRM Desktop", "info", "show_about", "Help", 1, role="about"),
)


def page_actions(pages: Iterable[Page] = PAGES) -> tuple[Action, ...]:
    """One action per page: the main ones by Ctrl and their number, the settings by Ctrl+comma."""
    main = [page for page in pages if not page.is_foot]
    keys = {page.name: (f"Ctrl+{number}",) for number, page in enumerate(main, 1)}
    keys |= {"settings": ("Ctrl+,",), "jobs": ("Ctrl+J",)}
    return tuple(
        Action(
            f"go-{page.name}",
            page.title,
            page.icon,
            "show_page",
            "Go",
            int(page.is_foot),
            keys.get(page.name, ()),
            argument=page.name,
            keywords="go to page show",
            enabled=_with_database,
            role="settings" if page.name == "settings" else "",
        )
        for page in pages
    )


def all_actions(pages: Iterable[Page] = PAGES) -> tuple[Action, ...]:
    """Every action of a window with these pages, in the order in which the palette offers them."""
    return page_actions(pages) + FIXED

"""Today, the home page: the people who matter in a window of time, and who came and went."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QToolButton, QVBoxLayout, QWidget

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.interactions import window_days
from crm_desktop.ui.format import day, exact, number, plural
from crm_desktop.ui.models.top import TopModel, TopPage, TopQuery
from crm_desktop.ui.tokens import SPACE_2
from crm_desktop.ui.views.following import PersonSelection
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.views.looking_back import LookingBackBanner, TimeTraveller
from crm_desktop.ui.views.top_centre import TopCentre
from crm_desktop.ui.views.top_commands import OpenUrl, TopCommands, open_with_system
from crm_desktop.ui.views.top_delegate import ROW_HEIGHT, TopDelegate
from crm_desktop.ui.views.top_filters import TopFilters
from crm_desktop.ui.views.top_list import TopList
from crm_desktop.ui.views.what_moved import WhatMoved
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import ElidedLabel, plain_label
from crm_desktop.ui.widgets.page_parts import PageHeader, PageStack
from crm_desktop.ui.widgets.segmented import SegmentedControl
from crm_desktop.ui.widgets.skeleton import RowsSkeleton

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext

TEN_YEARS = "3650d"
WINDOWS = (("30d", "30 days"), ("90d", "90 days"), ("365d", "1 year"), (TEN_YEARS, "10 years"))
DEFAULT_WINDOW = "90d"
WINDOW_KEY = "today/window"
LEAST_WIDTH, LEAST_HEIGHT = 320, 320
HEADER_WIDTH = 480
"""From which width the controls stand beside the title. Below, the menu alone exports."""
TALL = 560
"""From which height there is room for more than the list where the page is narrow."""
FACTS_WIDTHS = (560, 760)
"""From which widths the facts are more than a number, and from which they begin with the day."""
FADING = "Fading: in touch within 90 days, but not within the last 30"
SPANS = {
    "30d": "30 days",
    "90d": "90 days",
    "365d": "year",
    TEN_YEARS: "10 years",
}
TOLD_ANEW_MS = 5 * 60_000
"""How often "2 hours ago" is told anew while nothing else happens."""

Button = tuple[str, Callable[[], object]]


class TodayPage(LivePage):
    """Top contacts: a switch for the window of time, whose list it is, what narrows it, what
    moved, and what to do when there is nobody."""

    CONCERNS = frozenset(
        {
            ChangeKind.INTERACTIONS,
            ChangeKind.CONTACTS,
            ChangeKind.COMPANIES,
            ChangeKind.RELATIONSHIP_TYPES,
            ChangeKind.SETTINGS,
        }
    )

    def __init__(
        self,
        context: WindowContext,
        parent: QWidget | None = None,
        *,
        open_url: OpenUrl = open_with_system,
    ) -> None:
        """`open_url` hands an address to the system's program for it."""
        super().__init__(context, parent)
        kept = context.memory.text(WINDOW_KEY)
        self._window = kept if kept in SPANS else DEFAULT_WINDOW
        self._page: TopPage | None = None
        self.model = TopModel(context.access, context.lanes.reader, self)
        self.traveller = TimeTraveller(context, self)
        self.banner = LookingBackBanner(self.traveller)
        self.centre = TopCentre(context, plain_label("Today", "title"))
        self.facts = ElidedLabel("", "body", "muted")
        self.switch = SegmentedControl(WINDOWS, "Window")
        self.switch.set_key(self._window)
        self.switch.hide_unless_chosen(TEN_YEARS)
        self.export_button = QToolButton()
        self.export_button.setAccessibleName("Export this list")
        keys = QKeySequence("Ctrl+Shift+E").toString(QKeySequence.SequenceFormat.NativeText)
        self.export_button.setToolTip(f"Export this list…  {keys}")
        self.moved = WhatMoved(context)
        self.filters = TopFilters(context)
        self.list = TopList(self.model, TopDelegate(context.theme, self.model, self))
        self.commands = TopCommands(context, self.list, open_url, self)
        self.empty = EmptyState(context.theme)
        self._skeleton = RowsSkeleton(context.theme, ROW_HEIGHT)
        self._selection = PersonSelection(self.list, self.model.position_of, context.navigate)
        self._clock = QTimer(self)
        self._clock.setInterval(TOLD_ANEW_MS)
        self._arrange()
        self._connect()
        self._draw_icons()

    def _arrange(self) -> None:
        self._stack = PageStack(self, self._skeleton, self.list, self.empty)
        self._header = PageHeader(self.centre, self.facts, self.export_button, self.switch)
        # Given outright: the controls go below the title when they no longer fit beside it.
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_2)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addLayout(self._header)
        column.addWidget(self.moved)
        column.addWidget(self.filters)
        column.addLayout(self._stack, 1)
        self.filters.hide()

    def _connect(self) -> None:
        navigate = self.context.navigate
        self.switch.chosen.connect(self.set_window)
        self.centre.changed.connect(self.refresh)
        self.commands.centre_wanted.connect(self.centre.see_from)
        self.filters.changed.connect(self.refresh)
        self.export_button.clicked.connect(lambda: navigate.run_action.emit("export-list"))
        self.model.loaded.connect(self._show_page)
        self.model.load_failed.connect(self.context.messages.error)
        self.moved.chosen.connect(navigate.show_contact)
        self.list.opened.connect(navigate.show_contact)
        self._clock.timeout.connect(self._tell_anew)
        self._clock.start()
        self.context.theme.changed.connect(self.list.viewport().update)
        self.context.theme.changed.connect(self._draw_icons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        has_room = self.width() >= HEADER_WIDTH
        self._header.setDirection(beside if has_room else below)
        self.moved.set_room(has_room or self.height() >= TALL)
        self._show_controls()
        self._say_facts()

    def query(self) -> TopQuery:
        """The list that is wanted."""
        return self.filters.narrow(TopQuery(self._window, self.centre.person()))

    def concerns(self, changes: Changes) -> bool:
        if ChangeKind.RELATIONSHIPS in changes.kinds and self.query().type_id is not None:
            return True
        return super().concerns(changes)

    @Slot()
    def refresh(self) -> None:
        query = self.query()
        self.model.load(query, is_kept=self._page is None)
        self.moved.load(query.window, query.centre_id)

    @Slot(str)
    def set_window(self, window: str) -> None:
        """Show the people of another window of time, such as "30d"."""
        self._window = window
        self.context.memory.keep(WINDOW_KEY, window)
        self.switch.set_key(window)
        self.refresh()

    def window_key(self) -> str:
        """The window of time in force."""
        return self._window

    @Slot()
    def export(self) -> None:
        """Ask for a file and write the whole list to it."""
        page = self._page
        if page is not None and page.people.ids:
            self.commands.ask_export(self.query(), page.now)
        else:
            self.context.messages.toast("There is nobody to export", icon="info")

    @Slot(object)
    def _show_page(self, page: TopPage) -> None:
        asked = self.query()
        self._page = page
        self.banner.show_moment(page.now if page.is_looking_back else None)
        self.centre.take(page.query.centre)
        self.filters.take(page)
        if page.query.centre_id != asked.centre_id:
            # Whoever was at the centre is gone, or of another database.
            self.moved.load(page.query.window, page.query.centre_id)
        self._say_facts()
        self._show_controls()
        self.filters.setVisible(page.everyone > 0)
        if page.people.ids:
            self._stack.setCurrentWidget(self.list)
            self._select_again()
            return
        self._selection.forget()
        if not page.has_self:
            self._show_no_self(page)
        elif page.everyone:
            self._show_no_match()
        else:
            self._show_nobody(page)
        self._stack.setCurrentWidget(self.empty)

    def _show_controls(self) -> None:
        page = self._page
        if page is None:
            return
        self.switch.setVisible(page.has_self)
        self.centre.button.setVisible(page.has_self)
        self.export_button.setVisible(page.has_self and self.width() >= HEADER_WIDTH)
        self.export_button.setEnabled(len(page.people.ids) > 0)

    def _select_again(self) -> None:
        # Whoever is selected stays so, but the list does not run after them.
        self.list.setAutoScroll(False)
        self._selection.select_again()
        self.list.setAutoScroll(True)

    def _say_facts(self) -> None:
        if self._page is not None:
            parts = _facts(self._page)
            room = sum(self.width() >= width for width in FACTS_WIDTHS)
            # The day goes first, then how many of them; hovering tells all.
            shown = parts[1:2] if room == 0 else parts[1:] if room == 1 else parts
            hint = f"{' · '.join(parts)}\n{FADING}"
            self.facts.set_full_text(" · ".join(shown or parts), hint)

    def _show_no_self(self, page: TopPage) -> None:
        if page.newest_message_at is None:
            self.empty.set_content(
                "today",
                "Nothing here yet",
                "Import your mail, and the people who matter to you appear here.",
                [self._import_mail()],
            )
            return
        self.empty.set_content(
            "person",
            "Tell us which address is yours",
            "Then we can see who writes to you, whom you answer, and who matters.",
            [("Choose my address", self.choose_self)],
        )

    def _show_no_match(self) -> None:
        self.empty.set_content(
            "filter", "Nobody matches these filters", "", [("Clear filters", self.filters.clear)]
        )

    def _show_nobody(self, page: TopPage) -> None:
        span = f"in the last {SPANS.get(page.query.window, page.query.window)}"
        newest, centre = page.newest_message_at, page.query.centre
        actions: list[Button] = []
        is_recent = newest is not None and newest >= page.now - window_days(TEN_YEARS) * DAY_S
        if is_recent and page.query.window != TEN_YEARS:
            actions.append(("Show the last 10 years", lambda: self.set_window(TEN_YEARS)))
        if centre is not None:
            self.empty.set_content(
                "clock",
                f"{centre.name} was in touch with nobody {span}.",
                "",
                [("See from yourself", self.centre.reset), *actions],
            )
            return
        if newest is None:
            self.empty.set_content(
                "today",
                f"No contact {span}.",
                "None of what was imported has a date. Import your mail.",
                [self._import_mail()],
            )
            return
        actions.append((f"Look back from {day(newest)}", lambda: self.traveller.go_to(newest)))
        self.empty.set_content(
            "clock", f"No contact {span}.", f"Your newest message is from {day(newest)}.", actions
        )

    def _import_mail(self) -> Button:
        return "Import mail", lambda: self.context.navigate.run_action.emit("import-mail")

    @Slot()
    def choose_self(self) -> None:
        """Ask which address is the person's own."""
        from crm_desktop.ui.dialogs.self_person import SelfPersonDialog

        dialog = SelfPersonDialog(self.context, self.window())
        dialog.open()

    @Slot()
    def _tell_anew(self) -> None:
        self._is_stale = True
        self._refresh_if_visible()

    @Slot()
    def _draw_icons(self) -> None:
        self.export_button.setIcon(self.context.theme.icon("export"))


def _facts(page: TopPage) -> list[str]:
    """What the header says: the day and how many people there are; of all of them, how many were
    in touch this month, and how many went quiet."""
    today = exact(page.now).split(" at ")[0]
    if not page.has_self or not page.everyone:
        return [today]
    everyone, shown = plural(page.everyone, "person", "people"), len(page.people.ids)
    if page.query.is_narrowed:
        return [today, f"{number(shown)} of {everyone}"]
    parts = [today, everyone, f"{number(page.month_count)} this month"]
    if fading := page.quarter_count - page.month_count:
        parts.append(f"{number(fading)} fading")
    return parts

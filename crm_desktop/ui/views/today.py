"""Today, the home page: the people who matter in a window of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.interactions import window_days
from crm_desktop.ui.format import day, exact, number, plural
from crm_desktop.ui.models.paging import ID_ROLE
from crm_desktop.ui.models.top import TopModel, TopPage
from crm_desktop.ui.tokens import SPACE_2
from crm_desktop.ui.views.following import PersonSelection
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.views.looking_back import LookingBackBanner, TimeTraveller
from crm_desktop.ui.views.top_delegate import ROW_HEIGHT, TopDelegate
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
NARROW = 640
FADING = "Fading: in touch within 90 days, but not within the last 30"
SPANS = {
    "30d": "30 days",
    "90d": "90 days",
    "365d": "year",
    TEN_YEARS: "10 years",
}


class TopList(QListView):
    """The list; Enter opens the card, Space only shows it where the inspector is open.

    Signals:
        opened(person_id): show the card, whatever it takes.
    """

    opened = Signal(int)

    def __init__(self, model: TopModel, delegate: TopDelegate) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setAccessibleName("Top contacts")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 3)
        self.clicked.connect(self._open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 2 * ROW_HEIGHT)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        identity = index.data(ID_ROLE)
        if identity is not None:
            self.opened.emit(identity)


class TodayPage(LivePage):
    """Top contacts with a switch for the window of time, and what to do when there are none."""

    CONCERNS = frozenset({ChangeKind.INTERACTIONS, ChangeKind.CONTACTS, ChangeKind.SETTINGS})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        kept = context.memory.text(WINDOW_KEY)
        self._window = kept if kept in SPANS else DEFAULT_WINDOW
        self._page: TopPage | None = None
        self.model = TopModel(context.access, context.lanes.reader, self)
        self.traveller = TimeTraveller(context, self)
        self.banner = LookingBackBanner(self.traveller)
        self.title = plain_label("Today", "title")
        self.facts = ElidedLabel("", "body", "muted")
        self.switch = SegmentedControl(WINDOWS, "Window")
        self.switch.set_key(self._window)
        self.switch.hide_unless_chosen(TEN_YEARS)
        self.list = TopList(self.model, TopDelegate(context.theme, self.model, self))
        self.empty = EmptyState(context.theme)
        self._skeleton = RowsSkeleton(context.theme, ROW_HEIGHT)
        self._selection = PersonSelection(self.list, self.model.position_of, context.navigate)
        self._arrange()
        self.switch.chosen.connect(self.set_window)
        self.model.loaded.connect(self._show_page)
        self.model.load_failed.connect(self._fail)
        self.list.opened.connect(context.navigate.show_contact)
        context.theme.changed.connect(self.list.viewport().update)

    def _arrange(self) -> None:
        self._stack = PageStack(self, self._skeleton, self.list, self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_2)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addLayout(PageHeader(self.title, self.facts, self.switch))
        column.addLayout(self._stack, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say_facts()

    def refresh(self) -> None:
        self.model.load(self._window)

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

    @Slot(object)
    def _show_page(self, page: TopPage) -> None:
        self.banner.show_moment(page.now if page.is_looking_back else None)
        self._page = page
        self._say_facts()
        self.switch.setVisible(page.has_self)
        if page.rows:
            self._stack.setCurrentWidget(self.list)
            self._selection.select_again()
            return
        self._selection.forget()
        if page.has_self:
            self._show_nobody(page)
        else:
            self._show_no_self(page)
        self._stack.setCurrentWidget(self.empty)

    def _say_facts(self) -> None:
        if self._page is not None:
            is_narrow = self.width() < NARROW
            self.facts.set_full_text(_facts(self._page, has_day=not is_narrow), FADING)

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

    def _show_nobody(self, page: TopPage) -> None:
        title = f"No contact in the last {SPANS.get(page.window, page.window)}"
        newest = page.newest_message_at
        if newest is None:
            self.empty.set_content(
                "today",
                f"{title}.",
                "None of what was imported has a date. Import your mail.",
                [self._import_mail()],
            )
            return
        actions: list[tuple[str, Callable[[], object]]] = [
            (f"Look back from {day(newest)}", lambda: self.traveller.go_to(newest))
        ]
        if page.window != TEN_YEARS and newest >= page.now - window_days(TEN_YEARS) * DAY_S:
            actions.insert(0, ("Show the last 10 years", lambda: self.set_window(TEN_YEARS)))
        self.empty.set_content(
            "clock", f"{title}.", f"Your newest message is from {day(newest)}.", actions
        )

    def _import_mail(self) -> tuple[str, Callable[[], object]]:
        return "Import mail", lambda: self.context.navigate.run_action.emit("import-mail")

    @Slot()
    def choose_self(self) -> None:
        """Ask which address is the person's own."""
        from crm_desktop.ui.dialogs.self_person import SelfPersonDialog

        dialog = SelfPersonDialog(self.context, self.window())
        dialog.open()

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self.context.messages.error(error)


def _facts(page: TopPage, *, has_day: bool) -> str:
    """What the header says: the day, how many people this month, and how many went quiet."""
    today = exact(page.now).split(" at ")[0]
    if not page.has_self or not page.quarter_count:
        return today
    parts = [today] if has_day else []
    people = plural(page.month_count, "person", "people") if has_day else number(page.month_count)
    parts.append(f"{people} this month")
    if fading := page.quarter_count - page.month_count:
        parts.append(f"{number(fading)} fading")
    return " · ".join(parts)

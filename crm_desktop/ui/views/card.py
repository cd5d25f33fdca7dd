"""What the inspector holds: the card of whatever is selected, and the way back to earlier ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from crm_desktop.base.errors import UserError
from crm_desktop.domain.cards import CompanyCard, ContactCard, RelatedLine
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.tokens import SPACE_1, SPACE_2
from crm_desktop.ui.views.company_card import CompanyCardView
from crm_desktop.ui.views.contact_card import ContactCardView
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.page_parts import PageStack
from crm_desktop.ui.widgets.section import keeping_focus
from crm_desktop.ui.widgets.skeleton import Skeleton
from crm_desktop.workers.job import VIEW
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

SKELETON_AFTER_MS = 150
"""Most cards come sooner, and a skeleton that flashes by only disturbs."""
KEPT_HISTORY = 100
MOST_RELATED = 1000


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose card is shown."""

    kind: EntityKind
    id: int


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A card and the moment its times are told from (epoch seconds UTC); None is gone."""

    subject: Subject
    card: ContactCard | CompanyCard | None
    now: int


def read_card(access: Access, subject: Subject, ctx: JobContext) -> ReadCard:
    """The card of a subject. For the reader lane."""
    from crm_desktop.services.cards import company_card, contact_card
    from crm_desktop.services.instant import reference_seconds

    now = reference_seconds(access)
    card: ContactCard | CompanyCard | None
    try:
        if subject.kind is EntityKind.CONTACT:
            card = contact_card(access, subject.id, now=now, token=ctx.token)
        else:
            card = company_card(access, subject.id, token=ctx.token)
    except UserError:
        card = None
    return ReadCard(subject, card, now)


def read_related(
    access: Access, contact_id: int, ctx: JobContext
) -> tuple[int, tuple[RelatedLine, ...]]:
    """The relationships of a contact as the card lists them. For the reader lane."""
    from crm_desktop.services.cards import related_lines

    return contact_id, related_lines(access, contact_id, limit=MOST_RELATED, token=ctx.token)


class CardView(LivePage):
    """Shows contacts and companies as they are asked for through the navigator."""

    CONCERNS = frozenset(
        {
            ChangeKind.CONTACTS,
            ChangeKind.COMPANIES,
            ChangeKind.RELATIONSHIPS,
            ChangeKind.INTERACTIONS,
            ChangeKind.MESSAGES,
            ChangeKind.SETTINGS,
        }
    )

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._history: list[Subject] = []
        self._position = -1
        self._icons: list[tuple[QToolButton, str]] = []
        context.theme.changed.connect(self._draw_icons)
        self._latest = Latest(context.lanes.reader, self)
        self.contact = ContactCardView(context.theme)
        self.company = CompanyCardView(context.theme)
        self.empty = EmptyState(context.theme)
        self._skeleton = Skeleton(context.theme)
        self._skeleton_timer = QTimer(self)
        self._skeleton_timer.setSingleShot(True)
        self._skeleton_timer.setInterval(SKELETON_AFTER_MS)
        self._skeleton_timer.timeout.connect(self._show_skeleton)
        self.back_button = self._button("arrow-left", "Back", "Alt+Left", self.back)
        self.forward_button = self._button("arrow-right", "Forward", "Alt+Right", self.forward)
        self.graph_button = self._button("graph", "Show on the graph", "", self._show_on_graph)
        self._arrange()
        self._say_nothing_chosen()
        self._update_buttons()
        navigate = context.navigate
        navigate.show_contact.connect(self.show_contact)
        navigate.select_contact.connect(self.show_contact)
        navigate.show_company.connect(self.show_company)
        for view in (self.contact, self.company):
            view.contact_wanted.connect(navigate.show_contact)
            view.company_wanted.connect(navigate.show_company)
        self.contact.all_wanted.connect(self._read_related)

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, 0)
        bar.setSpacing(SPACE_1)
        bar.addWidget(self.back_button)
        bar.addWidget(self.forward_button)
        bar.addStretch(1)
        bar.addWidget(self.graph_button)
        self._stack = PageStack(self, self.empty, self._skeleton, self.contact, self.company)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addLayout(self._stack, 1)

    def _button(self, icon: str, words: str, keys: str, action: Any) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(words)
        button.setToolTip(f"{words} ({keys})" if keys else words)
        button.clicked.connect(action)
        button.setIcon(self.context.theme.icon(icon))
        self._icons.append((button, icon))
        if keys:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(action)
        return button

    @Slot()
    def _draw_icons(self) -> None:
        for button, icon in self._icons:
            button.setIcon(self.context.theme.icon(icon))

    @property
    def subject(self) -> Subject | None:
        """Whose card is shown or on its way."""
        return self._history[self._position] if self._position >= 0 else None

    @Slot(int)
    def show_contact(self, contact_id: int) -> None:
        """Show the card of a contact."""
        self._go(Subject(EntityKind.CONTACT, contact_id))

    @Slot(int)
    def show_company(self, company_id: int) -> None:
        """Show the card of a company."""
        self._go(Subject(EntityKind.COMPANY, company_id))

    @Slot()
    def back(self) -> None:
        """Show the card before."""
        self._step(-1)

    @Slot()
    def forward(self) -> None:
        """Show the card after, once gone back."""
        self._step(1)

    def refresh(self) -> None:
        subject = self.subject
        if subject is None:
            return
        access = self.context.access
        self._latest.submit(
            lambda ctx: read_card(access, subject, ctx),
            priority=VIEW,
            done=self._show,
            failed=self._fail,
        )

    def concerns(self, changes: Changes) -> bool:
        subject = self.subject
        if subject is None or not super().concerns(changes):
            return False
        is_named = bool(changes.ids) and subject.kind is EntityKind.CONTACT
        return not is_named or subject.id in changes.ids

    def _go(self, subject: Subject) -> None:
        if subject == self.subject:
            return
        del self._history[self._position + 1 :]
        self._history.append(subject)
        del self._history[:-KEPT_HISTORY]
        self._position = len(self._history) - 1
        self._load()

    def _step(self, step: int) -> None:
        if 0 <= self._position + step < len(self._history):
            self._position += step
            self._load()

    def _load(self) -> None:
        self._update_buttons()
        self._is_stale = True
        if self.isVisible():
            self._skeleton_timer.start()
            self._refresh_if_visible()

    @Slot()
    def _show_skeleton(self) -> None:
        self._stack.setCurrentWidget(self._skeleton)

    @Slot(object)
    def _show(self, read: ReadCard) -> None:
        self._skeleton_timer.stop()
        if read.subject != self.subject:
            return
        with keeping_focus(self):
            self._show_card(read)

    def _show_card(self, read: ReadCard) -> None:
        if isinstance(read.card, ContactCard):
            self.contact.show_card(read.card, read.now)
            self._stack.setCurrentWidget(self.contact)
        elif isinstance(read.card, CompanyCard):
            self.company.show_card(read.card)
            self._stack.setCurrentWidget(self.company)
        else:
            self.empty.set_content(
                "person",
                "No longer here",
                "It was removed, or joined with another. Search for it by name.",
            )
            self._stack.setCurrentWidget(self.empty)
            self.graph_button.setEnabled(False)

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self._skeleton_timer.stop()
        self.context.messages.error(error)

    @Slot(int)
    def _read_related(self, contact_id: int) -> None:
        access = self.context.access
        self._latest.submit(
            lambda ctx: read_related(access, contact_id, ctx),
            priority=VIEW,
            done=self._show_related,
            failed=self._fail,
        )

    @Slot(object)
    def _show_related(self, answer: tuple[int, tuple[RelatedLine, ...]]) -> None:
        contact_id, lines = answer
        if self.subject == Subject(EntityKind.CONTACT, contact_id):
            with keeping_focus(self):
                self.contact.show_related(lines, len(lines))

    @Slot()
    def _show_on_graph(self) -> None:
        subject = self.subject
        if subject is not None and subject.kind is EntityKind.CONTACT:
            self.context.navigate.show_on_graph.emit(subject.id)

    def _update_buttons(self) -> None:
        self.back_button.setEnabled(self._position > 0)
        self.forward_button.setEnabled(self._position < len(self._history) - 1)
        subject = self.subject
        self.graph_button.setEnabled(subject is not None and subject.kind is EntityKind.CONTACT)

    def _say_nothing_chosen(self) -> None:
        self.empty.set_content(
            "person", "Nobody chosen", "Choose someone in a list or on the graph."
        )
        self._stack.setCurrentWidget(self.empty)

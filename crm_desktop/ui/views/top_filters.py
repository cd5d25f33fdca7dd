"""What narrows the top list: freshness by chips, company, tag and type from a small panel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.domain.interactions import DECAY_LIMITS_DAYS, DECAY_WORDS, window_days
from crm_desktop.domain.relationships import EntityKind, RelationshipType, Suggestion
from crm_desktop.ui.models.top import TopPage, TopQuery
from crm_desktop.ui.tokens import ICON_SMALL, SPACE_2, SPACE_6
from crm_desktop.ui.type_words import type_colour, type_title
from crm_desktop.ui.widgets.chips import HEIGHT, LinkChip, RemovableChip, ToggleChip
from crm_desktop.ui.widgets.entity_picker import EntityPicker
from crm_desktop.ui.widgets.flow import FlowLayout
from crm_desktop.ui.widgets.painting import decay_colour
from crm_desktop.ui.widgets.popup_panel import PopupPanel
from crm_desktop.ui.widgets.type_dot import dot_icon
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.memory import WindowMemory
    from crm_desktop.ui.tokens import Theme

COMPANY_KEY, TAG_KEY, TYPE_KEY = "today/company", "today/tag", "today/type"
BUCKETS_KEY = "today/decay"
NAME_CHARACTERS = 60

Choices = tuple[tuple[str, ...], tuple[RelationshipType, ...]]


def read_choices(access: Access, ctx: JobContext) -> Choices:
    """The tags in use, and the types that two people can have. For the reader lane."""
    from crm_desktop.services.cards import known_tags
    from crm_desktop.services.top_scope import types_between_people

    tags = sorted(known_tags(access, token=ctx.token), key=str.casefold)
    return tuple(tags), types_between_people(access)


def keep_entity(memory: WindowMemory, key: str, entity: Suggestion | None) -> None:
    """Remember a person or company, with the name by which it is known again."""
    memory.keep(key, 0 if entity is None else entity.entity_id)
    memory.keep(f"{key}-name", "" if entity is None else entity.name)


def kept_entity(memory: WindowMemory, key: str, kind: EntityKind) -> Suggestion | None:
    """What `keep_entity` remembered."""
    identity = memory.number(key, 0)
    return Suggestion(kind, identity, memory.text(f"{key}-name"), "") if identity else None


def reachable_buckets(window: str) -> range:
    """The decay buckets that a last contact within a window can have."""
    days = window_days(window)
    return range(1 + sum(limit < days for limit in DECAY_LIMITS_DAYS))


class FilterPanel(PopupPanel):
    """Fields for company, tag and type."""

    def __init__(self, context: WindowContext, button: QToolButton) -> None:
        super().__init__(button, "Filter")
        self.company = EntityPicker(
            context, (EntityKind.COMPANY,), name="Company", hint="Any company"
        )
        self.tag = self._box("Tag", "Any tag")
        self.type = self._box("Relationship", "Any relationship")
        self.add_field("Company", self.company)
        self.add_field("Tag", self.tag)
        self.add_field("Relationship", self.type)

    def _box(self, name: str, everything: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.addItem(everything, None)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMaxVisibleItems(16)
        return box

    def choose(self, query: TopQuery) -> None:
        """Show what is in force. Letters that name nobody yet stay while they are typed."""
        if self.company.entity() != query.company or not self.isVisible():
            self.company.set_entity(query.company)
        for box, value in ((self.tag, query.tag), (self.type, query.type_id)):
            if value is not None and box.findData(value) < 0:
                # Its name comes with the choices.
                box.addItem(value[:NAME_CHARACTERS], value)
            box.setCurrentIndex(max(0, box.findData(value)))

    def offer(self, choices: Choices, theme: Theme, query: TopQuery) -> None:
        """Fill the boxes with what there is now."""
        tags, types = choices
        for box in (self.tag, self.type):
            while box.count() > 1:
                box.removeItem(1)
        for tag in tags:
            self.tag.addItem(tag[:NAME_CHARACTERS], tag)
        for kind in sorted(types, key=lambda kind: type_title(kind.name).casefold()):
            title = type_title(kind.name)[:NAME_CHARACTERS]
            self.type.addItem(dot_icon(theme, kind.color_index), title, kind.id)
        self.choose(query)


class TopFilters(QWidget):
    """One line of chips, and the panel; remembered.

    Signals:
        changed(): others are wanted.
    """

    changed = Signal()

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._type: RelationshipType | None = None
        self._is_filling = False
        self._latest = Latest(context.lanes.reader, self)
        self._query = self._kept()
        theme = context.theme
        self.buckets = [
            ToggleChip(theme, word.capitalize(), partial(decay_colour, bucket=bucket))
            for bucket, word in enumerate(DECAY_WORDS)
        ]
        self.button = QToolButton()
        self.button.setText("Filter")
        self.button.setAccessibleName("Filter by company, tag or relationship")
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setFixedHeight(HEIGHT)
        self._panel: FilterPanel | None = None
        self.company = RemovableChip(theme, "")
        self.tag = RemovableChip(theme, "")
        self.type = RemovableChip(theme, "", self._type_colour)
        self.clear_button = LinkChip(theme, "Clear filters")
        self._arrange()
        self._connect()
        self._draw_icons()
        self._show()

    def _arrange(self) -> None:
        inner = QWidget()
        flow = FlowLayout(inner, SPACE_2)
        for widget in (*self.buckets, self.button, self.company, self.tag, self.type):
            flow.addWidget(widget)
        flow.addWidget(self.clear_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6, 0, SPACE_6, SPACE_2)
        column.addWidget(inner)
        for each in (self, inner):
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            each.setSizePolicy(policy)
        self.setAccessibleName("Filters")

    def _connect(self) -> None:
        for chip in self.buckets:
            chip.toggled.connect(self._on_buckets)
        self.button.clicked.connect(self._open_panel)
        self.company.clicked.connect(lambda: self._set(replace(self._query, company=None)))
        self.tag.clicked.connect(lambda: self._set(replace(self._query, tag=None)))
        self.type.clicked.connect(lambda: self._set(replace(self._query, type_id=None)))
        self.clear_button.clicked.connect(self.clear)
        self._context.theme.changed.connect(self._draw_icons)

    @property
    def panel(self) -> FilterPanel:
        """The panel below the button; made when it is first wanted."""
        if self._panel is None:
            panel = self._panel = FilterPanel(self._context, self.button)
            panel.company.picked.connect(self._on_panel)
            panel.company.cleared.connect(self._on_panel)
            panel.tag.currentIndexChanged.connect(self._on_panel)
            panel.type.currentIndexChanged.connect(self._on_panel)
        return self._panel

    def narrow(self, query: TopQuery) -> TopQuery:
        """`query`, narrowed to what is chosen here."""
        own = self._query
        return replace(
            query, company=own.company, tag=own.tag, type_id=own.type_id, buckets=own.buckets
        )

    def take(self, page: TopPage) -> None:
        """Show what stands of what was asked for, and how many people each chip would leave."""
        self._query, self._type = page.query, page.relationship_type
        reachable = reachable_buckets(page.query.window)
        for bucket, chip in enumerate(self.buckets):
            chip.set_count(page.people.bucket_counts[bucket])
            chip.setVisible(bucket in reachable or bucket in page.query.buckets)
        self._keep()
        self._show()

    @Slot()
    def clear(self) -> None:
        """Show everyone."""
        self._set(TopQuery(self._query.window))

    def _set(self, query: TopQuery) -> None:
        if query != self._query:
            self._query = query
            self._keep()
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        query = self._query
        with self._filling():
            for bucket, chip in enumerate(self.buckets):
                chip.setChecked(bucket in query.buckets)
            if self._panel is not None:
                self._panel.choose(query)
        shown = {
            self.company: query.company and f"Company: {query.company.name}",
            self.tag: query.tag and f"Tag: {query.tag}",
            self.type: query.type_id and f"Relationship: {self._type_words()}",
        }
        for removable, words in shown.items():
            if words:
                removable.set_words(words)
            elif removable.hasFocus():
                self.button.setFocus(Qt.FocusReason.OtherFocusReason)
            removable.setVisible(bool(words))
        if not query.is_narrowed and self.clear_button.hasFocus():
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.clear_button.setVisible(query.is_narrowed)

    def _type_words(self) -> str:
        kind = self._type
        if kind is not None and kind.id == self._query.type_id:
            return type_title(kind.name)
        # Its name comes with the list; the panel knows it if it was chosen there.
        return "…" if self._panel is None else self._panel.type.currentText()

    def _type_colour(self, theme: Theme) -> str:
        return theme.muted if self._type is None else type_colour(theme, self._type.color_index)

    @contextmanager
    def _filling(self) -> Iterator[None]:
        """While what is shown follows what is in force, it is nobody's choice."""
        was, self._is_filling = self._is_filling, True
        yield
        self._is_filling = was

    @Slot()
    def _on_buckets(self) -> None:
        if not self._is_filling:
            chosen = {bucket for bucket, chip in enumerate(self.buckets) if chip.isChecked()}
            self._set(replace(self._query, buckets=frozenset(chosen)))

    @Slot()
    def _on_panel(self) -> None:
        if not self._is_filling:
            panel = self.panel
            self._set(
                replace(
                    self._query,
                    company=panel.company.entity(),
                    tag=panel.tag.currentData(),
                    type_id=panel.type.currentData(),
                )
            )

    @Slot()
    def _open_panel(self) -> None:
        with self._filling():
            self.panel.choose(self._query)
        self.panel.open()
        self._latest.submit(partial(read_choices, self._context.access), done=self._offer)

    @Slot(object)
    def _offer(self, choices: Choices) -> None:
        with self._filling():
            self.panel.offer(choices, self._context.theme.current, self._query)

    def _kept(self) -> TopQuery:
        memory = self._context.memory
        digits = memory.text(BUCKETS_KEY)
        return TopQuery(
            "",
            company=kept_entity(memory, COMPANY_KEY, EntityKind.COMPANY),
            tag=memory.text(TAG_KEY) or None,
            type_id=memory.text(TYPE_KEY) or None,
            buckets=frozenset(b for b in range(len(DECAY_WORDS)) if str(b) in digits),
        )

    def _keep(self) -> None:
        memory, query = self._context.memory, self._query
        keep_entity(memory, COMPANY_KEY, query.company)
        memory.keep(TAG_KEY, query.tag or "")
        memory.keep(TYPE_KEY, query.type_id or "")
        memory.keep(BUCKETS_KEY, "".join(str(bucket) for bucket in sorted(query.buckets)))

    @Slot()
    def _draw_icons(self) -> None:
        self.button.setIcon(self._context.theme.icon("filter"))
        self.button.setIconSize(QSize(ICON_SMALL, ICON_SMALL))

"""The Settings page: how it looks, who you are, what imports keep, and where the database lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.ui.format import plural
from crm_desktop.ui.import_flow import KEEP_TEXT
from crm_desktop.ui.theme import Appearance
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6, SPACE_8
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.page_parts import PageScroll
from crm_desktop.ui.widgets.section import hairline
from crm_desktop.ui.widgets.segmented import SegmentedControl
from crm_desktop.workers.job import USER, VIEW

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.domain.checks import CheckReport
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

WIDTH = 720
APPEARANCES = (
    (Appearance.SYSTEM.value, "System"),
    (Appearance.LIGHT.value, "Light"),
    (Appearance.DARK.value, "Dark"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database says: whether imports keep full text, and who the person is."""

    keeps_text: bool
    self_name: str | None
    self_email: str | None


def read_kept(access: Access, _ctx: JobContext) -> Kept:
    """The settings that live in the database. For the reader lane."""
    from crm_desktop.services.contacts import contact_rows
    from crm_desktop.services.settings import get_setting, self_person_id

    self_id = self_person_id(access)
    rows = contact_rows(access, [self_id]) if self_id is not None else []
    person = rows[0] if rows else None
    return Kept(
        get_setting(access, KEEP_TEXT) == "true",
        person.name if person else None,
        person.email if person else None,
    )


def keep_text(access: Access, is_kept: bool, _ctx: JobContext) -> Changes:
    """Whether later imports keep the whole text. For the writer lane."""
    from crm_desktop.services.settings import set_setting

    return set_setting(access, KEEP_TEXT, "true" if is_kept else "false")


def check(access: Access, ctx: JobContext) -> CheckReport:
    """Look for damage. For the compute lane."""
    from crm_desktop.services.check import check_database

    ctx.tick(0, 0, "Reading every page")
    return check_database(access)


class SettingsPage(LivePage):
    """Few settings, each with what it means."""

    CONCERNS = frozenset({ChangeKind.SETTINGS, ChangeKind.CONTACTS})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme = context.theme
        self.appearance = SegmentedControl(APPEARANCES, "Appearance")
        self.appearance.set_key(theme.appearance.value)
        self.appearance.chosen.connect(theme.set_appearance)
        self.motion = QCheckBox("Reduce motion")
        self.motion.setAccessibleName("Reduce motion")
        self.motion.setChecked(theme.wants_reduced_motion)
        self.motion.toggled.connect(theme.set_reduced_motion)
        theme.preferences_changed.connect(self._show_preferences)
        self.you = plain_label("", wraps=True)
        self.choose = self._button("Choose my address…", self._choose_self)
        self.full_text = QCheckBox("Keep the full text of messages")
        self.full_text.setAccessibleName("Keep the full text of messages")
        self.full_text.clicked.connect(self._keep_text)
        self.open_button = self._button(
            "Open another database…", partial(self._run, "open-database")
        )
        self.check_button = self._button("Check for damage", self._check)
        self._arrange()

    def refresh(self) -> None:
        self.context.lanes.reader.submit(
            partial(read_kept, self.context.access), priority=VIEW, done=self._on_read
        )

    def _arrange(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        column.setSpacing(SPACE_6)
        column.addWidget(plain_label("Settings", "title"))
        column.addLayout(
            _section(
                "Appearance",
                "Follow the system, or stay light or dark.",
                _left(self.appearance),
                self.motion,
            )
        )
        column.addWidget(hairline())
        column.addLayout(
            _section(
                "You",
                "Everything is ranked from your side, so we need to know which address is yours.",
                self.you,
                _left(self.choose),
            )
        )
        column.addWidget(hairline())
        column.addLayout(
            _section(
                "Importing",
                "Normally only the first lines of each message are kept, which is enough to "
                "recognise it. With the full text, search finds every word, and the database "
                "grows. This counts for imports from now on.",
                self.full_text,
            )
        )
        column.addWidget(hairline())
        actions = QVBoxLayout()
        actions.setSpacing(SPACE_2)
        for widget in (
            self.open_button,
            self._button("New database…", partial(self._run, "new-database")),
            self.check_button,
        ):
            actions.addLayout(_left(widget))
        column.addLayout(
            _section(
                "Database",
                "One file on this computer holds everything. Nothing is sent anywhere.",
                actions,
            )
        )
        column.addStretch(1)
        PageScroll("Settings", column, WIDTH).fill(self)

    def _button(self, words: str, slot: object) -> QPushButton:
        button = QPushButton(words)
        button.setAccessibleName(words)
        button.clicked.connect(slot)
        return button

    def _run(self, action_id: str, _checked: bool = False) -> None:
        self.context.navigate.run_action.emit(action_id)

    @Slot()
    def _show_preferences(self) -> None:
        self.appearance.set_key(self.context.theme.appearance.value)
        self.motion.setChecked(self.context.theme.wants_reduced_motion)

    @Slot(object)
    def _on_read(self, kept: Kept) -> None:
        self.full_text.setChecked(kept.keeps_text)
        if kept.self_name is None:
            self.you.setText("Not chosen yet.")
            self.choose.setText("Choose my address…")
        else:
            email = kept.self_email
            shown = kept.self_name if email in (None, kept.self_name) else None
            self.you.setText(shown or f"{kept.self_name}  ·  {email}")
            self.choose.setText("Change…")
        self.choose.setAccessibleName(self.choose.text())

    @Slot()
    def _choose_self(self) -> None:
        from crm_desktop.ui.dialogs.self_person import SelfPersonDialog

        SelfPersonDialog(self.context, self.window()).open()

    @Slot(bool)
    def _keep_text(self, is_kept: bool) -> None:
        self.context.lanes.writer.submit(
            partial(keep_text, self.context.access, is_kept),
            priority=USER,
            done=self.context.bus.publish,
        )

    @Slot()
    def _check(self) -> None:
        self.check_button.setEnabled(False)
        self.context.lanes.compute.submit(
            partial(check, self.context.access),
            name="Checking the database",
            priority=USER,
            done=self._on_checked,
            finished=partial(self.check_button.setEnabled, True),
        )

    @Slot(object)
    def _on_checked(self, report: CheckReport) -> None:
        problems = report.problems
        if not problems:
            self.context.messages.toast("The database is whole.")
            return
        found = plural(len(problems), "problem")
        self.context.messages.toast(f"{found} found: {problems[0]}", icon="warning")


def _left(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(widget)
    row.addStretch(1)
    return row


def _section(title: str, meaning: str, *contents: QWidget | QLayout) -> QHBoxLayout:
    """Title and meaning at the left, the controls at the right."""
    words = QVBoxLayout()
    words.setSpacing(SPACE_1)
    words.addWidget(plain_label(title, "lead", is_strong=True))
    words.addWidget(plain_label(meaning, "body", "muted", wraps=True))
    words.addStretch(1)
    controls = QVBoxLayout()
    controls.setSpacing(SPACE_3)
    for content in contents:
        if isinstance(content, QWidget):
            controls.addWidget(content)
        else:
            controls.addLayout(content)
    controls.addStretch(1)
    row = QHBoxLayout()
    row.setSpacing(SPACE_8)
    row.addLayout(words, 5)
    row.addLayout(controls, 7)
    row.setContentsMargins(0, 0, 0, SPACE_4)
    return row

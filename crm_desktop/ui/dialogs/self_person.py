"""Asks which address is the person's own; everything is ranked from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.imports import SelfProposal
from crm_desktop.ui.format import plain_tooltip, plural
from crm_desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.workers.job import USER, VIEW

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

WHY = (
    "Your own address tells us which messages you wrote and which you received. From that we see "
    "who matters to you. It stays on this computer."
)
WIDTH = 480


def read_proposals(access: Access, ctx: JobContext) -> tuple[SelfProposal, ...]:
    """Addresses that may be the person's own. For the reader lane."""
    from crm_desktop.services.imports import propose_self

    ctx.token.raise_if_set()
    return propose_self(access)


def save_self(access: Access, email: str, ctx: JobContext) -> Changes:
    """Keep which address is the person's own. For the writer lane."""
    from crm_desktop.services.imports import set_self

    ctx.token.raise_if_set()
    set_self(access, email)
    return Changes.of(ChangeKind.SETTINGS, ChangeKind.CONTACTS, ChangeKind.INTERACTIONS)


class SelfPersonDialog(QDialog):
    """Proposals to choose from, and a field for any other address.

    Signals:
        saved(email): the address is kept.
    """

    saved = Signal(str)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle("Which address is yours?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH)
        self._group = QButtonGroup(self)
        self._choices = QGridLayout()
        self._choices.setHorizontalSpacing(SPACE_3)
        self._choices.setVerticalSpacing(SPACE_2)
        self._choices.setColumnStretch(1, 1)
        self._note = plain_label("Looking through your mail…", "body", "muted", wraps=True)
        self.own = QRadioButton("Another address")
        self.own.setAccessibleName("Another address")
        self.field = QLineEdit()
        self.field.setPlaceholderText("ada@example.org")
        self.field.setAccessibleName("Your address")
        self.problem = plain_label("", "caption", "danger", wraps=True)
        self.problem.hide()
        self.save_button = QPushButton("This is me")
        self.save_button.setProperty("kind", "primary")
        self.save_button.setDefault(True)
        self._arrange()
        self._group.addButton(self.own)
        self._group.buttonToggled.connect(self._check)
        self.field.textEdited.connect(self._choose_own)
        self.save_button.clicked.connect(self._save)
        self._check()
        access = context.access
        context.lanes.reader.submit(
            lambda ctx: read_proposals(access, ctx), priority=VIEW, done=self._show_proposals
        )

    def _arrange(self) -> None:
        later = QPushButton("Later")
        later.setAccessibleName("Later")
        later.clicked.connect(self.reject)
        self.save_button.setAccessibleName("This is me")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        buttons.addStretch(1)
        buttons.addWidget(later)
        buttons.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(plain_label("Which address is yours?", "title"))
        column.addWidget(plain_label(WHY, "body", "muted", wraps=True))
        column.addSpacing(SPACE_2)
        column.addWidget(self._note)
        column.addLayout(self._choices)
        column.addWidget(self.own)
        column.addWidget(self.field)
        column.addWidget(self.problem)
        column.addSpacing(SPACE_2)
        column.addLayout(buttons)

    def address(self) -> str:
        """The address chosen, or ""."""
        button = self._group.checkedButton()
        if button is self.own:
            return self.field.text().strip()
        return str(button.property("email")) if button is not None else ""

    @Slot(object)
    def _show_proposals(self, proposals: tuple[SelfProposal, ...]) -> None:
        self._note.setVisible(not proposals)
        self._note.setText("We found no address that sends mail yet. Enter yours below.")
        for line, proposal in enumerate(proposals):
            self._add_choice(line, proposal)
        buttons = self._group.buttons()
        if proposals and not self.field.text():
            likeliest = next(b for b in buttons if b.property("email") == proposals[0].email)
            likeliest.setChecked(True)
            likeliest.setFocus()
        elif not proposals:
            self.own.setChecked(True)
            self.field.setFocus()
        self._check()
        # The choices came after the dialog had found its size.
        QTimer.singleShot(0, self, self.adjustSize)

    def _add_choice(self, line: int, proposal: SelfProposal) -> None:
        button = QRadioButton(_as_label(proposal.email))
        button.setProperty("email", proposal.email)
        button.setToolTip(plain_tooltip(proposal.name))
        sent = plural(proposal.sent, "message") + " sent"
        counts = f"{sent} · {proposal.delivered:,} received"
        button.setAccessibleName(f"{proposal.email}, {counts}")
        self._group.addButton(button)
        self._choices.addWidget(button, line, 0)
        detail = plain_label(counts, "caption", "muted")
        detail.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._choices.addWidget(detail, line, 1)

    @Slot()
    def _choose_own(self) -> None:
        self.own.setChecked(True)
        self._check()

    @Slot()
    def _check(self, *_args: Any) -> None:
        self.problem.hide()
        self.save_button.setEnabled("@" in self.address())

    @Slot()
    def _save(self) -> None:
        access, email = self._context.access, self.address()
        self.save_button.setEnabled(False)
        self._context.lanes.writer.submit(
            lambda ctx: save_self(access, email, ctx),
            priority=USER,
            done=self._finish,
            failed=self._show_problem,
        )

    @Slot(object)
    def _finish(self, changes: Changes) -> None:
        self._context.bus.publish(changes)
        self.saved.emit(self.address())
        self.accept()

    @Slot(object)
    def _show_problem(self, error: BaseException) -> None:
        from crm_desktop.base.errors import UserError

        self.save_button.setEnabled(True)
        if isinstance(error, UserError):
            self.problem.setText(str(error))
            self.problem.show()
        else:
            self._context.messages.error(error)


def _as_label(text: str) -> str:
    """Text for a button, where "&" would mark a shortcut."""
    return text.replace("&", "&&")

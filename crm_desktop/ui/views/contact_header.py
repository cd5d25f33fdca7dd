"""The head of a person's card: portrait, name, work and how fresh the contact is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.domain.cards import ContactCard
from crm_desktop.domain.contacts import ContactKind
from crm_desktop.ui.format import decay_word, exact, plain_tooltip, relative
from crm_desktop.ui.theme import TITLE
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.card_edits import short
from crm_desktop.ui.views.company_field import CompanyField
from crm_desktop.ui.widgets.decay import DecayLabel
from crm_desktop.ui.widgets.editable_text import EditableText
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.portrait import PICTURES, Portrait
from crm_desktop.workers.job import USER

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.views.card_edits import CardEdits

PORTRAIT = 64
NO_NAME = "A name needs at least one letter. Esc keeps the old one."
KIND_WORDS = {
    ContactKind.ROLE: "A shared address, not a person",
    ContactKind.LIST: "A mailing list",
    ContactKind.BOT: "Automatic mail",
}


class CardHeader(QWidget):
    """Portrait, name, title, company and freshness of a contact, all but the last to be changed.

    Signals:
        company_wanted(company_id): the organisation was clicked.
    """

    company_wanted = Signal(int)

    def __init__(self, context: WindowContext, edits: CardEdits) -> None:
        super().__init__()
        theme = context.theme
        self._context = context
        self._edits = edits
        self._contact_id = 0
        self.portrait = Portrait(theme, PORTRAIT)
        self.portrait.choose_wanted.connect(self._ask_photo)
        self.portrait.given.connect(self._take_photo)
        self.portrait.removed.connect(self._remove_photo)
        self.name = EditableText(
            theme,
            "Name",
            size=TITLE,
            weight=QFont.Weight.DemiBold,
            most_lines=3,
            needed=NO_NAME,
        )
        self.name.committed.connect(self._rename)
        self.what = plain_label("", "body", "muted", wraps=True)
        self.what.setContentsMargins(SPACE_1, 0, 0, 0)
        self.work = EditableText(theme, "Title", "Add a title", ink="muted", most_lines=2)
        self.work.committed.connect(self._change_title)
        self.company = CompanyField(context, edits)
        self.company.company_wanted.connect(self.company_wanted)
        self.decay = DecayLabel(theme)
        self._arrange()

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        for widget in (self.name, self.what, self.work, self.company):
            words.addWidget(widget)
        words.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(SPACE_2)
        top.addWidget(self.portrait, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_1, 0, 0, 0)
        column.setSpacing(SPACE_3)
        column.addLayout(top)
        column.addWidget(self.decay)

    def show_card(self, card: ContactCard, now: int) -> None:
        """Show this person."""
        if card.id != self._contact_id:
            self.name.forget()
            self.work.forget()
        self._contact_id = card.id
        self.portrait.set_person(card.id, card.name, card.photo)
        self.name.set_value(card.name)
        what = "This is you" if card.is_self else KIND_WORDS.get(card.kind, "")
        self.what.setText(what)
        self.what.setVisible(bool(what))
        self.work.set_value(card.title or "")
        self.company.show_company(card.id, card.name, card.company_id, card.organization)
        # How long ago one was in touch with oneself says nothing.
        has_decay = card.decay_bucket is not None and not card.is_self
        self.decay.setVisible(has_decay)
        if card.decay_bucket is not None and card.last_message_at is not None:
            word, ago = decay_word(card.decay_bucket), relative(card.last_message_at, now)
            self.decay.set_bucket(card.decay_bucket, f"{word} · last contact {ago}")
            self.decay.setToolTip(plain_tooltip(exact(card.last_message_at)))

    @Slot(str)
    def _rename(self, name: str) -> None:
        said = f"Renamed {short(self.name.value())} to {short(name)}"
        self._edits.run(commands.update_contact(self._contact_id, name=name), said, field=self.name)

    @Slot(str)
    def _change_title(self, title: str) -> None:
        said = f"Changed the title of {short(self.name.value())}"
        command = commands.update_contact(self._contact_id, title=title or None)
        self._edits.run(command, said, field=self.work)

    @Slot()
    def _ask_photo(self) -> None:
        dialog = QFileDialog(self.window(), "Choose a photo", str(Path.home()))
        dialog.setAccessibleName("Choose a photo")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        patterns = " ".join(f"*{suffix}" for suffix in PICTURES)
        dialog.setNameFilter(f"Pictures ({patterns});;All files (*)")
        dialog.fileSelected.connect(partial(self._take_file, self._contact_id))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_file(self, contact_id: int, name: str) -> None:
        self._read_photo(contact_id, Path(name))

    @Slot(object)
    def _take_photo(self, picture: Path | QImage) -> None:
        self._read_photo(self._contact_id, picture)

    def _read_photo(self, contact_id: int, picture: Path | QImage) -> None:
        def read(ctx: JobContext) -> bytes:
            from crm_desktop.ui.photo_reading import portrait_from_file, portrait_from_image

            if isinstance(picture, Path):
                return portrait_from_file(picture, ctx)
            return portrait_from_image(picture, ctx)

        self._context.lanes.search.submit(
            read,
            priority=USER,
            done=partial(self._set_photo, contact_id),
            failed=self._context.messages.error,
        )

    def _set_photo(self, contact_id: int, photo: bytes) -> None:
        said = f"Changed the photo of {short(self.name.value())}"
        self._edits.run(commands.set_photo(contact_id, photo), said)

    @Slot()
    def _remove_photo(self) -> None:
        said = f"Removed the photo of {short(self.name.value())}"
        self._edits.run(commands.set_photo(self._contact_id, None), said)

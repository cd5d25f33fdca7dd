"""The list of what an import could not read, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.domain.imports import Reject
from crm_desktop.ui.format import plain_tooltip, plural
from crm_desktop.ui.models.paging import Index
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from crm_desktop.ui.widgets.labels import plain_label

HEADERS = ("Where", "Why")


class RejectModel(QAbstractTableModel):
    """Place and reason of each reject."""

    def __init__(self, rejects: Sequence[Reject]) -> None:
        super().__init__()
        self._rejects = rejects

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rejects)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADERS)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        reject = self._rejects[index.row()]
        text = reject.where if index.column() == 0 else reject.reason
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(text)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return HEADERS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class RejectsDialog(QDialog):
    """A table that can be copied, for someone who wants to look into the files."""

    def __init__(
        self, theme: ThemeManager, rejects: Sequence[Reject], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rejects = rejects
        self.setWindowTitle("What was not read")
        self.setAccessibleName("What was not read")
        self.resize(760, 480)
        self.setMinimumSize(480, 280)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_4)
        layout.setSpacing(SPACE_3)
        layout.addWidget(plain_label("What was not read", "title"))
        layout.addWidget(
            plain_label(
                f"{plural(len(rejects), 'record')} could not be read. Everything else is in.",
                "body",
                "muted",
                wraps=True,
            )
        )
        self.table = QTableView()
        self.table.setModel(RejectModel(rejects))
        self.table.setAccessibleName("Records that could not be read")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(32)
        self.table.setTabKeyNavigation(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.resizeSection(0, 320)
        header.setHighlightSections(False)
        layout.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addStretch(1)
        copy = QPushButton("Copy all")
        copy.setIcon(theme.icon("copy"))
        copy.setAccessibleName("Copy all")
        copy.clicked.connect(self._copy)
        close = QPushButton("Close")
        close.setAccessibleName("Close")
        close.setProperty("kind", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(copy)
        row.addWidget(close)
        layout.addLayout(row)
        self.finished.connect(self.deleteLater)

    @Slot()
    def _copy(self) -> None:
        lines = (f"{reject.where}\t{reject.reason}" for reject in self._rejects)
        QGuiApplication.clipboard().setText("\n".join(lines))

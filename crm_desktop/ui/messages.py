"""How the program speaks: a toast for what went well, a dialog for what did not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from crm_desktop.base.errors import Cancelled, UserError
from crm_desktop.base.log import report
from crm_desktop.ui.toast import ToastStack

if TYPE_CHECKING:
    from crm_desktop.ui.dialogs.error import ErrorDialog
    from crm_desktop.ui.theme import ThemeManager


class Messages(QObject):
    """Toasts and the error dialog of one window. Use on the GUI thread."""

    def __init__(self, theme: ThemeManager, host: QWidget) -> None:
        super().__init__(host)
        self._theme = theme
        self._host = host
        self._toasts = ToastStack(theme, host)
        self._dialog: ErrorDialog | None = None

    def set_lift(self, lift: int) -> None:
        """How far above the window's foot the toasts stand, in pixels."""
        self._toasts.lift = lift

    def toast(
        self,
        text: str,
        action: str | None = None,
        callback: Callable[[], object] | None = None,
        icon: str = "check",
    ) -> None:
        """Say `text` for some seconds, with a link `action` that calls `callback`."""
        self._toasts.show(text, action, callback, icon)

    @property
    def dialog(self) -> ErrorDialog | None:
        """The error dialog, while it is open."""
        return self._dialog

    @Slot(object)
    def error(self, error: BaseException, title: str | None = None) -> None:
        """Show what went wrong: a UserError as it is, anything else by a reference in the log.

        Something cancelled is not an error. While one dialog is open, further errors join it.
        """
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            heading, text, reference = title or "That did not work", str(error), None
        else:
            heading = title or "Something went wrong on our side"
            text = (
                "Your data is safe: whatever was being written was taken back whole. "
                "Try again; if it happens once more, the log holds the details."
            )
            reference = report(error)
        if self._dialog is not None:
            self._dialog.add(heading, text, reference)
            return
        from crm_desktop.ui.dialogs.error import ErrorDialog

        self._dialog = ErrorDialog(self._theme, heading, text, reference, self._host.window())
        self._dialog.finished.connect(self._on_dialog_finished)
        self._dialog.open()

    @Slot(object, object)
    def job_failed(self, _handle: object, error: BaseException) -> None:
        """For `Lanes.unhandled`: a job failed and nobody else said so."""
        self.error(error)

    @Slot()
    def _on_dialog_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None

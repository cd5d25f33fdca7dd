"""The one style sheet, generated from a theme. Nothing else names a colour.

Views dress plain Qt widgets by dynamic properties and never by colours of their own:

- QLabel `tone`: muted, accent, positive, warning, danger. Its size and weight are a font, given
  by `ui.widgets.labels`.
- QPushButton `kind`: primary (the one thing to do), plain (default), quiet (no frame), danger,
  link.
- QToolButton is quiet; `kind` "segment" makes a row of them a switch.
- QLineEdit `state`: "wrong" while what it holds cannot be taken.
- QFrame / QWidget `role`: paper, surface, raised (popups and cards, with a frame), line.

A property changed after the first paint needs `restyle(widget)`.
"""

from __future__ import annotations

from string import Template

from PySide6.QtWidgets import QWidget

from crm_desktop.base.paths import resource
from crm_desktop.ui import tokens
from crm_desktop.ui.tokens import Theme

_SHEET = Template(
    """
QWidget { color: $text; outline: none; }
QMainWindow, QDialog, QMessageBox { background: $paper; }
QToolTip { color: $text; background: $raised; border: 1px solid $hairline; padding: 4px 6px; }

QLabel { background: transparent; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="positive"] { color: $positive; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="danger"] { color: $danger; }

QWidget[role="paper"] { background: $paper; }
QWidget[role="surface"] { background: $surface; }
QFrame[role="raised"] {
    background: $raised; border: 1px solid $hairline; border-radius: ${RADIUS_LARGE}px; }
QFrame[role="line"] { background: $hairline; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="upright"] { background: $hairline; border: none; max-width: 1px; min-width: 1px; }

QPushButton {
    background: $raised; border: 1px solid $hairline; border-radius: ${RADIUS}px;
    padding: 5px 14px; min-height: 20px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $accent_soft; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $outline; background: transparent; }
QPushButton[kind="primary"] {
    background: $accent; border: 1px solid $accent; color: $accent_text; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 1px solid $text; }
QPushButton[kind="primary"]:disabled {
    background: $hairline; border-color: $hairline; color: $muted; }
QPushButton[kind="danger"] { color: $danger; }
QPushButton[kind="quiet"], QPushButton[kind="link"] {
    background: transparent; border: 1px solid transparent; padding: 5px 8px; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="link"] { color: $accent; text-align: left; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="quiet"]:focus, QPushButton[kind="link"]:focus { border: 1px solid $accent; }
QPushButton::menu-indicator { width: 0; }

QToolButton {
    background: transparent; border: 1px solid transparent; border-radius: ${RADIUS}px;
    padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $accent_soft; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton:checked { background: $accent_soft; color: $accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[kind="segment"] { padding: 4px 10px; color: $muted; }
QToolButton[kind="segment"]:checked { color: $accent; background: $accent_soft; font-weight: 600; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QComboBox, QDateEdit {
    background: $raised; border: 1px solid $hairline; border-radius: ${RADIUS}px;
    padding: 5px 8px; min-height: 20px;
    selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QComboBox:focus {
    border: 1px solid $accent; }
QLineEdit[state="wrong"] { border: 1px solid $danger; }
QLineEdit[state="wrong"]:focus { border: 2px solid $danger; padding: 4px 7px; }
QLineEdit[kind="inPlace"], QPlainTextEdit[kind="inPlace"] {
    padding: 0 1px; min-height: 0; border-radius: ${RADIUS}px; }
QPlainTextEdit[kind="inPlace"] { padding: 3px 0; }
QPlainTextEdit[kind="inPlace"][isCalm="true"] {
    background: transparent; border-color: transparent; }
QPlainTextEdit[kind="inPlace"][isCalm="true"]:hover { background: $hover; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url("$chevron"); width: 12px; height: 12px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $hairline; padding: 4px;
    selection-background-color: $accent_soft; selection-color: $text; }

QAbstractItemView {
    background: $paper; border: none; alternate-background-color: $paper;
    selection-background-color: $accent_soft; selection-color: $text; }
QTableView { gridline-color: $hairline; }
QTableView::item, QListView::item { padding: 4px 8px; border: none; }
QListView::item:hover { background: $hover; }
QTableView::item:selected, QListView::item:selected {
    background: $accent_soft; color: $text; }
QHeaderView { background: $paper; border: none; }
QHeaderView::section {
    background: $paper; color: $muted; font-size: ${CAPTION}px; font-weight: 600;
    border: none; border-bottom: 1px solid $hairline; padding: 6px 8px; }
QTableCornerButton::section { background: $paper; border: none; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[role="page"] { background: $paper; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $outline; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; border: none; width: 0; height: 0; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QMenuBar { background: $surface; color: $muted; padding: 2px 6px; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; color: $text; }
QMenu { background: $raised; border: 1px solid $hairline; padding: 5px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $outline; }
QMenu::separator { height: 1px; background: $hairline; margin: 5px 8px; }
QMenu::icon { padding-left: 8px; }

QSplitter::handle { background: $hairline; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }

QProgressBar {
    background: $hairline; border: none; border-radius: 1px; max-height: 3px; min-height: 3px; }
QProgressBar::chunk { background: $accent; border-radius: 1px; }

QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 14px; height: 14px; border: 1px solid $outline; background: $raised; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url("$tick"); }
QRadioButton::indicator:checked {
    width: 6px; height: 6px; border: 5px solid $accent; background: $accent_text; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $hairline; }
QTabBar::tab {
    background: transparent; color: $muted; padding: 6px 10px; border: none;
    border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabWidget::pane { border: none; border-top: 1px solid $hairline; }

#rail, #inspector, #statusBar, #header { background: $surface; }
#railButton {
    border: 1px solid transparent; border-radius: ${RADIUS}px; padding: 0 10px;
    text-align: left; color: $muted; background: transparent; min-height: 32px; }
#railButton:hover { background: $hover; color: $text; }
#railButton:checked { background: $accent_soft; color: $accent; font-weight: 600; }
#railButton:focus { border: 1px solid $accent; }
#statusBar QLabel, #statusBar QPushButton { color: $muted; font-size: ${CAPTION}px; }
#statusBar QPushButton { padding: 2px 6px; min-height: 16px; }
#disclosure { padding: 2px 6px 2px 0; color: $muted; font-size: ${CAPTION}px; font-weight: 600; }
#disclosure:checked { background: transparent; color: $muted; }
#disclosure:hover { color: $text; }
#cardScroll { border: 1px solid transparent; }
#cardScroll:focus { border: 1px solid $accent; }
#banner { background: $accent_soft; }
#toast { background: $raised; border: 1px solid $hairline; border-radius: ${RADIUS_LARGE}px; }
#searchField { background: $raised; border-radius: ${RADIUS_LARGE}px; padding: 5px 8px; }
#searchResults { background: $raised; }
#dropCard { background: $raised; border: 2px dashed $accent; border-radius: 16px; }
#startCard {
    background: $raised; border: 1px solid $hairline; border-radius: 10px; text-align: left;
    padding: 16px 20px; }
#startCard:hover { border: 1px solid $accent; background: $raised; }
#startCard:focus { border: 1px solid $accent; }
#keyCap {
    background: $paper; border: 1px solid $hairline; border-radius: 4px; padding: 1px 6px;
    color: $muted; font-size: ${CAPTION}px; }
#skeleton { background: $hover; border-radius: 4px; }
"""
)


def style_sheet(theme: Theme) -> str:
    """The application's style sheet in the colours of `theme`."""
    names = {name: getattr(theme, name) for name in theme.__slots__}
    sizes = {name: getattr(tokens, name) for name in dir(tokens) if name.isupper()}
    kind = "dark" if theme.is_dark else "light"
    images = {
        name: resource("icons", f"{name}-{kind}.svg").as_posix() for name in ("chevron", "tick")
    }
    return _SHEET.substitute(names, **sizes, **images)


def restyle(widget: QWidget) -> None:
    """Draw `widget` again after one of the properties above changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()

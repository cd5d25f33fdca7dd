"""The design tokens: two sets of colours, five sizes of type and the 4-pixel grid."""

from __future__ import annotations

from dataclasses import dataclass

# Type, in pixels at 100 per cent.
CAPTION = 11
BODY = 13
LEAD = 15
TITLE = 20
DISPLAY = 28

# The 4-pixel grid.
SPACE_1 = 4
SPACE_2 = 8
SPACE_3 = 12
SPACE_4 = 16
SPACE_6 = 24
SPACE_8 = 32
SPACE_12 = 48
RADIUS = 6
RADIUS_LARGE = 8
ICON_SMALL = 16
ICON = 20

MOTION_MS = 160
"""How long a movement takes; never more than 200 ms."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, each "#rrggbb".

    Backgrounds: `paper` (pages), `surface` (rail, inspector, bars), `raised` (fields, popups),
    `hover`, `accent_soft` (selected). Lines: `hairline`, and `outline` where a line alone marks a
    control (3:1). Text: `text`, `muted`, `accent`, `positive`, `warning`, `danger` on any
    background; `accent_text` on `accent`; `community_text` on any of the twelve `communities`.
    `decay` goes from contact today to long ago; a dot, never without its word.
    """

    is_dark: bool
    paper: str
    surface: str
    raised: str
    hover: str
    hairline: str
    outline: str
    scroll: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    positive: str
    warning: str
    danger: str
    community_text: str
    communities: tuple[str, ...]
    decay: tuple[str, ...]

    def community(self, index: int) -> str:
        """The colour of community `index`, going round after twelve; `muted` for a loner (-1)."""
        return self.communities[index % len(self.communities)] if index >= 0 else self.muted


LIGHT = Theme(
    is_dark=False,
    paper="#fbfaf7",
    surface="#f4f2ed",
    raised="#ffffff",
    hover="#eeebe4",
    hairline="#e3dfd6",
    outline="#8b8880",
    scroll="#d3cfc5",
    text="#22252b",
    muted="#5f646d",
    accent="#3553cf",
    accent_hover="#2a45b4",
    accent_text="#ffffff",
    accent_soft="#e5eafb",
    positive="#23744a",
    warning="#8a5a00",
    danger="#b3352c",
    community_text="#ffffff",
    communities=(
        "#0276b1",
        "#a76205",
        "#4d8133",
        "#8160d3",
        "#c74369",
        "#045a4f",
        "#5e6200",
        "#a43a8f",
        "#2e54bc",
        "#911003",
        "#0c7747",
        "#5f2a98",
    ),
    decay=("#0a7a66", "#3d7f2f", "#7a7410", "#a9670f", "#b4513a", "#77787c"),
)

DARK = Theme(
    is_dark=True,
    paper="#10141b",
    surface="#161b24",
    raised="#1c222d",
    hover="#212936",
    hairline="#2a313e",
    outline="#697384",
    scroll="#363f4e",
    text="#e6e9ef",
    muted="#99a3b3",
    accent="#93abff",
    accent_hover="#abbeff",
    accent_text="#10141b",
    accent_soft="#232f52",
    positive="#6cc497",
    warning="#e0b158",
    danger="#ff8f84",
    community_text="#10141b",
    communities=(
        "#3ecaed",
        "#c2a23b",
        "#84c97e",
        "#8a86db",
        "#e8849c",
        "#54e8f8",
        "#d3d974",
        "#f59dd5",
        "#7aa9f7",
        "#d17651",
        "#2caa80",
        "#c073b2",
    ),
    decay=("#3fd0ae", "#84c968", "#cfc04a", "#eaa14a", "#f0846a", "#8b93a1"),
)

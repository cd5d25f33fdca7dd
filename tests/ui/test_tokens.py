from __future__ import annotations

from itertools import combinations

import pytest

from crm_desktop.ui.tokens import DARK, LIGHT, MOTION_MS, Theme
from tests.ui.colour_vision import VISIONS, contrast, distance

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
BACKGROUNDS = ("paper", "surface", "raised", "hover", "accent_soft")
INKS = ("text", "muted", "accent", "positive", "warning", "danger")


@THEMES
@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_every_text_is_readable_on_every_background(
    theme: Theme, ink: str, background: str
) -> None:
    assert contrast(getattr(theme, ink), getattr(theme, background)) >= 4.5


@THEMES
def test_text_on_the_accent_and_on_the_communities_is_readable(theme: Theme) -> None:
    for background in (theme.accent, theme.accent_hover):
        assert contrast(theme.accent_text, background) >= 4.5
    for community in theme.communities:
        assert contrast(theme.community_text, community) >= 4.5


@THEMES
def test_dots_and_outlines_stand_out_from_every_background(theme: Theme) -> None:
    for background in ("paper", "surface", "raised"):
        for colour in (*theme.communities, *theme.decay, theme.outline):
            assert contrast(colour, getattr(theme, background)) >= 3


@THEMES
@pytest.mark.parametrize("vision", sorted(VISIONS))
def test_communities_differ_for_every_kind_of_vision(theme: Theme, vision: str) -> None:
    assert len(theme.communities) == 12
    nearest = min(distance(a, b, vision) for a, b in combinations(theme.communities, 2))
    assert nearest >= 0.04


@THEMES
def test_decay_has_six_colours_and_communities_go_round(theme: Theme) -> None:
    assert len(set(theme.decay)) == 6
    assert theme.community(13) == theme.communities[1]
    assert theme.community(-1) == theme.muted


def test_nothing_moves_for_longer_than_a_fifth_of_a_second() -> None:
    assert 0 < MOTION_MS <= 200

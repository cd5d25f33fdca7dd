"""Finding relationships because the person wants it: one run at a time, told and stopped."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.derived import Derived
from crm_desktop.services.refresh import is_inference_requested, request_inference
from crm_desktop.ui.inferring import InferControl
from crm_desktop.workers.pipeline import FINDING, Pipeline, Step

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.services.access import Access, DirectAccess
    from crm_desktop.ui.context import WindowContext

WAIT_S = 10.0


class Runs:
    """Stands for inference: takes the marks when it is let go, and can be held."""

    def __init__(self) -> None:
        self.count = 0
        self.is_held = False
        self.takes_first = True
        self.entered, self.release = Event(), Event()
        self.error: Exception | None = None
        self.changes = Changes.of(ChangeKind.RELATIONSHIPS)

    def run(self, access: Access, ctx: JobContext) -> Changes:
        self.count += 1
        if self.takes_first:
            self.take(access)
        self.entered.set()
        if self.is_held:
            ctx.tick(30, 100, "Reading conversations")
            assert self.release.wait(WAIT_S)
            ctx.tick(100, 100)
        if self.error is not None:
            raise self.error
        if not self.takes_first:
            self.take(access)
        return self.changes

    def take(self, access: Access) -> None:
        access.write(lambda store: store.pending.clear(Derived.INFERENCE))


@pytest.fixture
def runs() -> Runs:
    return Runs()


@pytest.fixture
def pipeline(context: WindowContext, runs: Runs) -> Iterator[Pipeline]:
    def look(access: Access) -> tuple[str, ...]:
        return (Derived.INFERENCE,) if is_inference_requested(access) else ()

    steps = (Step(Derived.INFERENCE, FINDING, runs.run),)
    made = Pipeline(context.access, context.lanes, context.bus, steps=steps, stale=look)
    yield made
    made.stop()


@pytest.fixture
def control(context: WindowContext, pipeline: Pipeline, host: QWidget) -> InferControl:
    made = InferControl(context, host)
    host.show()
    made.show()
    return made


def said(context: WindowContext) -> list[str]:
    return [toast.accessibleName() for toast in context.messages._toasts._toasts]


def begin_by_itself(qtbot: QtBot, context: WindowContext, access: Access, runs: Runs) -> None:
    """A run that nobody asked for, held where it is."""
    runs.is_held = True
    request_inference(access)
    context.bus.publish(Changes.of(ChangeKind.MESSAGES))
    qtbot.waitUntil(runs.entered.is_set)


def test_a_short_run_by_itself_shows_nothing(
    qtbot: QtBot, control: InferControl, context: WindowContext, access: DirectAccess, runs: Runs
) -> None:
    request_inference(access)
    with qtbot.waitSignal(context.bus.changed):
        context.bus.refresh_wanted.emit()
    assert runs.count == 1
    assert control.state_text() == ""
    assert said(context) == []


def test_a_long_one_shows_how_far_it_is(
    qtbot: QtBot, control: InferControl, context: WindowContext, access: DirectAccess, runs: Runs
) -> None:
    begin_by_itself(qtbot, context, access, runs)
    qtbot.waitUntil(lambda: control.state_text() == "Reading conversations · 30 %")
    assert control.stop_button.isVisible()
    assert control.button.isEnabled()
    runs.release.set()
    qtbot.waitUntil(lambda: control.state_text() == "")
    assert not control.stop_button.isVisible()
    assert said(context) == []


@pytest.mark.parametrize("takes_first", [True, False])
def test_asking_during_a_run_ends_with_all_that_was_asked_for(
    qtbot: QtBot,
    control: InferControl,
    context: WindowContext,
    access: DirectAccess,
    runs: Runs,
    takes_first: bool,
) -> None:
    runs.takes_first = takes_first
    begin_by_itself(qtbot, context, access, runs)
    with qtbot.waitSignal(context.bus.refresh_wanted):
        control.button.click()
    assert not control.button.isEnabled()
    runs.release.set()
    qtbot.waitUntil(control.button.isEnabled)
    assert said(context) == ["Your relationships are up to date."]
    # Once more only where the run that was on had taken the marks before.
    assert runs.count == (2 if takes_first else 1)


def test_nothing_new_is_told(
    qtbot: QtBot, control: InferControl, context: WindowContext, runs: Runs
) -> None:
    runs.changes = Changes()
    control.button.click()
    qtbot.waitUntil(control.button.isEnabled)
    assert said(context) == ["There is no news."]


def test_stopping_stops_and_frees_the_button(
    qtbot: QtBot, control: InferControl, context: WindowContext, runs: Runs
) -> None:
    runs.is_held = True
    control.button.click()
    qtbot.waitUntil(runs.entered.is_set)
    qtbot.waitUntil(lambda: "30 %" in control.state_text())
    control.stop_button.click()
    assert control.state_text() == "Stopping…"
    assert not control.stop_button.isEnabled()
    runs.release.set()
    qtbot.waitUntil(control.button.isEnabled)
    assert said(context) == ["Stopped. The relationships are as they were."]
    assert runs.count == 1


def test_a_failure_frees_the_button(
    qtbot: QtBot, control: InferControl, context: WindowContext, runs: Runs
) -> None:
    runs.error = ValueError("broken")
    with qtbot.waitSignal(context.lanes.unhandled):
        control.button.click()
    qtbot.waitUntil(control.button.isEnabled)
    assert said(context) == []

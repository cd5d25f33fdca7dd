"""Settings as the window and the commands use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.domain.changes import ChangeKind
from crm_desktop.services import settings
from tests.life import Life

if TYPE_CHECKING:
    from crm_desktop.services.access import DirectAccess


def test_settings_come_and_go(access: DirectAccess) -> None:
    assert settings.get_setting(access, "theme") is None
    assert settings.get_setting(access, "theme", "system") == "system"
    changes = settings.set_setting(access, "theme", "dark")
    assert changes.kinds == {ChangeKind.SETTINGS}
    assert settings.get_setting(access, "theme", "system") == "dark"
    settings.set_setting(access, "theme", None)
    assert settings.get_setting(access, "theme") is None


def test_self_person(access: DirectAccess) -> None:
    assert settings.self_person_id(access) is None
    ada = access.write(lambda store: Life(store).contact("Ada"))
    settings.set_setting(access, "self_person_id", str(ada))
    assert settings.self_person_id(access) == ada

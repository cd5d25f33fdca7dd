"""The search box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_desktop.base.errors import Cancelled
from crm_desktop.base.jobs import CancelToken
from crm_desktop.domain.search import Hit, HitKind
from crm_desktop.model import fulltext
from crm_desktop.services.search import NO_SUBJECT, search
from tests.life import DAY_S, NOW, Life

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import DirectAccess


@pytest.fixture
def ids(access: DirectAccess) -> dict[str, int]:
    def write(store: UnitOfWork) -> dict[str, int]:
        life = Life(store)
        analytical = life.company("Analytical Engines", "analytical.org")
        found = {"company": analytical, "me": life.contact("Me")}
        found["ada"] = life.contact(
            "Ada Lövelace",
            "ada@analytical.org",
            company=analytical,
            title="Countess",
            notes="Met in Turin, where she lectured on the engine for two hours.",
            tags=("poetry",),
            phone="+442079460000",
        )
        found["adam"] = life.contact("Adam Smith", "smith@glasgow.example")
        found["newsletter"] = life.contact("Ada Newsletter", "news@ada.example", kind="bot")
        talk = life.conversation("Numbers of Bernoulli")
        life.message(
            talk,
            found["newsletter"],
            found["me"],
            at=NOW - DAY_S,
            subject="Numbers of Bernoulli",
            preview="The engine can weave algebraic patterns just as the loom weaves flowers.",
        )
        life.message(talk, found["ada"], found["me"], at=NOW, subject="Re: Numbers", body="Fondue")
        life.message(life.conversation(""), found["adam"], found["me"], at=NOW, preview="Pins")
        found["talk"] = talk
        life.score(found["me"], found["adam"], 90.0)
        life.score(found["me"], found["ada"], 10.0)
        store.settings.set("self_person_id", str(found["me"]))
        return found

    return access.write(write)


def hits(access: DirectAccess, query: str, kind: HitKind = HitKind.PERSON) -> list[Hit]:
    return [hit for hit in search(access, query).hits if hit.kind is kind]


def marked(hit: Hit) -> list[str]:
    return [hit.title[start : start + length] for start, length in hit.marks]


def test_people_by_the_beginnings_of_names(access: DirectAccess, ids: dict[str, int]) -> None:
    found = hits(access, "ada")
    assert [hit.title for hit in found] == ["Adam Smith", "Ada Lövelace"]  # the closer one first
    ada = found[1]
    assert (ada.id, ada.contact_id, ada.why) == (ids["ada"], ids["ada"], "name")
    assert ada.subtitle == "Countess · Analytical Engines"
    assert found[0].subtitle == "smith@glasgow.example"
    assert marked(ada) == ["Ada"]


def test_a_friend_among_many_namesakes(
    access: DirectAccess, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text alone would not find the one whom self is close to among the best."""
    monkeypatch.setattr(fulltext, "PEOPLE_CANDIDATES", 3)

    def write(store: UnitOfWork) -> int:
        life = Life(store)
        for _ in range(8):
            life.contact("John")
        friend = life.contact("Peter John Maria de la Cruz y Santos", notes="long " * 50)
        life.score(ids["me"], friend, 95.0)
        return friend

    friend = access.write(write)
    assert friend in [hit.id for hit in hits(access, "john")]


def test_marks_see_through_diacritics_and_case(access: DirectAccess, ids: dict[str, int]) -> None:
    (ada,) = hits(access, "LOVE ad")
    assert marked(ada) == ["Ad", "Löve"]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("ada@anal", "matches the address ada@analytical.org"),
        ("4420", "matches the number +442079460000"),
        ("engines", "works at Analytical Engines"),
        ("countess", "title Countess"),
        ("poet", "tagged poetry"),
        ("turin", "note: Met in Turin, where she lectured on the engine for two hours."),
        ("lov analytical", "matches the address ada@analytical.org"),
        ("poetry turin", "tagged poetry, note: Met in Turin, where she lectured on the engine for"),
    ],
)
def test_why_a_person_matched(
    access: DirectAccess, ids: dict[str, int], query: str, why: str
) -> None:
    (ada,) = hits(access, query)
    assert ada.id == ids["ada"]
    assert ada.why.startswith(why)


def test_machines_are_not_people(access: DirectAccess, ids: dict[str, int]) -> None:
    assert hits(access, "newsletter") == []


def test_companies(access: DirectAccess, ids: dict[str, int]) -> None:
    (company,) = hits(access, "analyt", HitKind.COMPANY)
    assert (company.id, company.title, company.why) == (
        ids["company"],
        "Analytical Engines",
        "name",
    )
    assert company.subtitle == "analytical.org · 1 person"
    assert marked(company) == ["Analyt"]
    (company,) = hits(access, "analytical.o", HitKind.COMPANY)
    assert company.why == "matches analytical.org"


def test_conversations(access: DirectAccess, ids: dict[str, int]) -> None:
    (talk,) = hits(access, "bernou", HitKind.CONVERSATION)
    assert (talk.id, talk.title, talk.why) == (ids["talk"], "Numbers of Bernoulli", "subject")
    assert talk.contact_id == ids["ada"]  # not self, not the machine
    assert talk.subtitle == "Ada Lövelace, Ada Newsletter"
    assert marked(talk) == ["Bernou"]
    (talk,) = hits(access, "loom", HitKind.CONVERSATION)
    assert talk.why.startswith("message: ")
    assert "loom" in talk.why
    (talk,) = hits(access, "fondue", HitKind.CONVERSATION)
    assert talk.why == "message: Fondue"
    (pins,) = hits(access, "pins", HitKind.CONVERSATION)
    assert pins.title == NO_SUBJECT
    assert pins.marks == ()


def test_limit_is_per_kind(access: DirectAccess, ids: dict[str, int]) -> None:
    found = search(access, "a", limit=1).hits
    assert [hit.kind for hit in found] == [HitKind.PERSON, HitKind.COMPANY]


@pytest.mark.parametrize("query", ["", "   ", "*", '"', "\0", "((", "^:-"])
def test_nothing_to_search_finds_nothing(
    access: DirectAccess, ids: dict[str, int], query: str
) -> None:
    results = search(access, query)
    assert results.query == query
    assert results.hits == ()


def test_a_newer_query_cancels(access: DirectAccess, ids: dict[str, int]) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        search(access, "ada", token=token)

"""The subjects that say what people talk about: of a whole archive, or of some conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crm_desktop.base.jobs import JobContext

if TYPE_CHECKING:
    from crm_desktop.engines.folding import Participants
    from crm_desktop.engines.inference import Inference, Ints
    from crm_desktop.engines.terms import Subjects
    from crm_desktop.engines.vocabulary import Texts
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.inference_state import State

NO_TEXT = -1


def subjects_of_all(
    inference: Inference,
    participants: Participants,
    subjects: Mapping[int, str],
    milestone: int,
    ctx: JobContext,
) -> Subjects:
    """The subjects of an inference's conversations, with the terms counted in all `subjects` (by
    conversation id) up to the milestone."""
    import numpy as np

    from crm_desktop.engines import vocabulary
    from crm_desktop.engines.ordering import numbered
    from crm_desktop.engines.terms import Subjects, intimacies

    texts = vocabulary.read_texts(subjects.values(), ctx)
    counted = [texts.places[text] for id_, text in subjects.items() if id_ <= milestone]
    uses = np.bincount(np.array(counted, np.int64), minlength=len(texts))
    terms = vocabulary.name_terms(texts, None, uses)
    archive = vocabulary.count_terms(texts, terms, uses, len(counted))
    ids, places = numbered(participants.conversation_ids)
    people = np.bincount(places, minlength=len(ids))
    people = people[np.searchsorted(ids, inference.conversation_ids)]
    text_of = _text_of(inference.conversation_ids, subjects, texts)
    return Subjects(texts, terms, archive, text_of, intimacies(people))


def subjects_of_some(
    store: UnitOfWork, conversation_ids: Ints, state: State, ctx: JobContext
) -> Subjects:
    """The subjects of some conversations, with the terms as the last full run counted them."""
    import numpy as np

    from crm_desktop.engines import vocabulary
    from crm_desktop.engines.terms import Subjects, intimacies

    ids: Sequence[int] = conversation_ids.tolist()
    subjects = store.relationships.inferred.subjects(ids)
    people = store.relationships.inferred.people_in(ids)
    texts = vocabulary.read_texts(subjects.values(), ctx)
    counts = store.inference_state.terms(vocabulary.possible_terms(texts))
    archive = vocabulary.Archive(
        state.documents, {name: vocabulary.TermCount(*value) for name, value in counts.items()}
    )
    terms = vocabulary.name_terms(texts, archive, np.zeros(len(texts), np.int64))
    text_of = _text_of(conversation_ids, subjects, texts)
    counted = np.array([people[id_] for id_ in ids], np.int64)
    return Subjects(texts, terms, archive, text_of, intimacies(counted))


def _text_of(conversation_ids: Ints, subjects: Mapping[int, str], texts: Texts) -> Ints:
    import numpy as np

    found = (subjects.get(id_) for id_ in conversation_ids.tolist())
    return np.array([NO_TEXT if text is None else texts.places[text] for text in found], np.int64)

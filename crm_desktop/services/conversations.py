"""Reading a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.domain.conversations import ConversationDetail

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.services.access import Access

MAX_MESSAGES = 200
MAX_PEOPLE = 60


def conversation_detail(
    access: Access, conversation_id: int, *, token: CancelToken | None = None
) -> ConversationDetail | None:
    """A conversation with its last MAX_MESSAGES messages and at most MAX_PEOPLE who take part;
    None when it is gone."""
    with access.read(token) as store:
        heading = store.conversations.heading(conversation_id)
        if heading is None:
            return None
        return ConversationDetail(
            conversation_id,
            *heading,
            store.conversations.everyone(conversation_id, limit=MAX_PEOPLE),
            store.conversations.latest_messages(conversation_id, limit=MAX_MESSAGES),
        )

"""What every view is given: the database, the lanes, the theme, and ways to speak and to move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from crm_desktop.services.access import Access
    from crm_desktop.ui.editing import Editing
    from crm_desktop.ui.memory import WindowMemory
    from crm_desktop.ui.messages import Messages
    from crm_desktop.ui.theme import ThemeManager
    from crm_desktop.workers.bus import ChangeBus
    from crm_desktop.workers.lanes import Lanes


class Navigator(QObject):
    """Requests to show something; the window answers them, whoever emits them.

    Signals:
        show_contact(contact_id): select the contact and open the inspector on its card.
        show_company(company_id): the same for a company.
        show_relationship(relationship_id), show_conversation(conversation_id): the same for these.
        show_page(name): switch the page: today, people, relationships, graph, types, jobs,
            settings.
        select_contact(contact_id): the inspector, if open, follows; nothing else moves.
        select_relationship(relationship_id): the same for a relationship.
        show_on_graph(contact_id): switch to the graph, centred on the contact.
        show_relationships_of_type(relationship_type_id): switch to the relationships, filtered to
            those of one type.
        import_paths(paths): import these files and folders (a list of Path).
        run_action(id): do an action of `ui.actions`, such as "import-mail".

    `contact_id` is whoever was shown or selected last, for views that are made later.
    """

    show_contact = Signal(int)
    show_company = Signal(int)
    show_relationship = Signal(int)
    show_conversation = Signal(int)
    show_page = Signal(str)
    select_contact = Signal(int)
    select_relationship = Signal(int)
    show_on_graph = Signal(int)
    show_relationships_of_type = Signal(str)
    import_paths = Signal(list)
    run_action = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.contact_id: int | None = None
        self.show_contact.connect(self._remember)
        self.select_contact.connect(self._remember)

    @Slot(int)
    def _remember(self, contact_id: int) -> None:
        self.contact_id = contact_id


@dataclass(frozen=True)
class WindowContext:
    """The collaborators of a view, given to its constructor. Reads run on `lanes`, never here;
    what the person changes goes through `editing`."""

    access: Access
    lanes: Lanes
    bus: ChangeBus
    theme: ThemeManager
    messages: Messages
    navigate: Navigator
    memory: WindowMemory
    editing: Editing

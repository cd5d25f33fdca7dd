"""The first schema.

A migration is history: it spells its statements out instead of asking today's tables.
Times are INTEGER epoch seconds UTC. Tables marked derived can be rebuilt from the others.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    # Settings and the local person
    """CREATE TABLE users (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL
    )""",
    """CREATE TABLE system_settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID""",
    # Imports. `checkpoint` (JSON) is where an interrupted import goes on.
    """CREATE TABLE imports (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        path TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        finished_at INTEGER,
        read_count INTEGER NOT NULL DEFAULT 0,
        imported_count INTEGER NOT NULL DEFAULT 0,
        duplicate_count INTEGER NOT NULL DEFAULT 0,
        rejected_count INTEGER NOT NULL DEFAULT 0,
        contact_count INTEGER NOT NULL DEFAULT 0,
        conversation_count INTEGER NOT NULL DEFAULT 0,
        checkpoint TEXT
    )""",
    """CREATE TABLE import_rejects (
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        location TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (import_id, ordinal)
    ) WITHOUT ROWID""",
    # Companies and contacts. What people create, delete and bring back is numbered by
    # AUTOINCREMENT: an id that was given out once never comes to mean something else.
    """CREATE TABLE companies (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        domain TEXT UNIQUE,
        notes TEXT,
        edited_fields TEXT NOT NULL DEFAULT '[]',
        import_id INTEGER REFERENCES imports(id) ON DELETE SET NULL,
        created_by INTEGER REFERENCES users(id) ON DELETE SET NULL,
        updated_by INTEGER REFERENCES users(id) ON DELETE SET NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    )""",
    "CREATE INDEX idx_companies_name_key ON companies(name_key)",
    """CREATE TABLE contacts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid TEXT UNIQUE,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        given_name TEXT,
        family_name TEXT,
        company_id INTEGER REFERENCES companies(id) ON DELETE SET NULL,
        title TEXT,
        kind TEXT NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'role', 'list', 'bot')),
        birthday TEXT,
        cadence_days INTEGER,
        notes TEXT,
        photo BLOB,
        edited_fields TEXT NOT NULL DEFAULT '[]',
        import_id INTEGER REFERENCES imports(id) ON DELETE SET NULL,
        created_by INTEGER REFERENCES users(id) ON DELETE SET NULL,
        updated_by INTEGER REFERENCES users(id) ON DELETE SET NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    )""",
    "CREATE INDEX idx_contacts_name_key ON contacts(name_key)",
    "CREATE INDEX idx_contacts_company ON contacts(company_id)",
    # `home_contact_id` is the contact an identifier was first given to; undoing a join puts it back
    """CREATE TABLE contact_identifiers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        home_contact_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('email', 'phone', 'handle')),
        value TEXT NOT NULL,
        raw TEXT NOT NULL,
        is_primary INTEGER NOT NULL DEFAULT 0,
        import_id INTEGER REFERENCES imports(id) ON DELETE SET NULL,
        UNIQUE (kind, value)
    )""",
    "CREATE INDEX idx_contact_identifiers_contact ON contact_identifiers(contact_id)",
    "CREATE INDEX idx_contact_identifiers_home ON contact_identifiers(home_contact_id)",
    # What imports say of an identifier (display names, kinds, deliveries to it), counted, so that
    # the best wins and removing an import takes its votes back.
    """CREATE TABLE identifier_votes (
        identifier_id INTEGER NOT NULL REFERENCES contact_identifiers(id) ON DELETE CASCADE,
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        attribute TEXT NOT NULL CHECK (attribute IN ('name', 'kind', 'delivered')),
        value TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (identifier_id, import_id, attribute, value)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_identifier_votes_import ON identifier_votes(import_id)",
    # Address-book cards as imported (JSON): the primary data that contact fields derive from.
    """CREATE TABLE cards (
        id INTEGER PRIMARY KEY,
        contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        import_id INTEGER REFERENCES imports(id) ON DELETE SET NULL,
        uid TEXT NOT NULL,
        content_key INTEGER NOT NULL UNIQUE,
        data TEXT NOT NULL,
        photo BLOB
    )""",
    "CREATE INDEX idx_cards_contact ON cards(contact_id)",
    "CREATE INDEX idx_cards_import ON cards(import_id)",
    "CREATE INDEX idx_cards_uid ON cards(uid)",
    # As with messages: a card that several imports contained is kept while one remains.
    """CREATE TABLE card_imports (
        card_id INTEGER NOT NULL REFERENCES cards(id) ON DELETE CASCADE,
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        PRIMARY KEY (card_id, import_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_card_imports_import ON card_imports(import_id)",
    """CREATE TABLE card_identifiers (
        card_id INTEGER NOT NULL REFERENCES cards(id) ON DELETE CASCADE,
        identifier_id INTEGER NOT NULL REFERENCES contact_identifiers(id) ON DELETE CASCADE,
        PRIMARY KEY (card_id, identifier_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_card_identifiers_identifier ON card_identifiers(identifier_id)",
    """CREATE TABLE contact_tags (
        contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        tag TEXT NOT NULL,
        source TEXT NOT NULL DEFAULT 'manual',
        PRIMARY KEY (contact_id, tag)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_contact_tags_tag ON contact_tags(tag)",
    # "The same person" / "not the same person", said by the person and kept.
    """CREATE TABLE identity_decisions (
        low_contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        high_contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        decision TEXT NOT NULL CHECK (decision IN ('same', 'different')),
        created_at INTEGER NOT NULL,
        PRIMARY KEY (low_contact_id, high_contact_id),
        CHECK (low_contact_id < high_contact_id)
    ) WITHOUT ROWID""",
    # Conversations and messages
    """CREATE TABLE conversations (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        external_id TEXT,
        subject TEXT NOT NULL DEFAULT '',
        subject_key INTEGER,
        message_count INTEGER NOT NULL DEFAULT 0,
        first_message_at INTEGER,
        last_message_at INTEGER,
        import_id INTEGER REFERENCES imports(id) ON DELETE SET NULL,
        UNIQUE (source, external_id)
    )""",
    "CREATE INDEX idx_conversations_subject ON conversations(subject_key, last_message_at)",
    """CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
        source_type TEXT NOT NULL,
        external_id TEXT NOT NULL,
        content_key INTEGER NOT NULL,
        sent_at INTEGER,
        subject TEXT NOT NULL DEFAULT '',
        preview TEXT NOT NULL DEFAULT '',
        attachment_count INTEGER NOT NULL DEFAULT 0,
        kind TEXT NOT NULL DEFAULT 'personal',
        status TEXT NOT NULL DEFAULT 'ok',
        is_active INTEGER NOT NULL DEFAULT 1,
        import_id INTEGER REFERENCES imports(id) ON DELETE SET NULL,
        UNIQUE (source_type, external_id)
    )""",
    "CREATE INDEX idx_messages_conversation ON messages(conversation_id, sent_at)",
    "CREATE INDEX idx_messages_content_key ON messages(content_key)",
    "CREATE INDEX idx_messages_import ON messages(import_id)",
    "CREATE INDEX idx_messages_sent ON messages(sent_at)",
    # A message that several imports contained belongs to the first and is kept while one remains.
    """CREATE TABLE message_imports (
        message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        PRIMARY KEY (message_id, import_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_message_imports_import ON message_imports(import_id)",
    # 63-bit hashes of the Message-IDs a message refers to: a parent that arrives later finds its
    # conversation here.
    """CREATE TABLE message_references (
        reference_key INTEGER NOT NULL,
        message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        PRIMARY KEY (reference_key, message_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_message_references_message ON message_references(message_id)",
    """CREATE TABLE message_texts (
        message_id INTEGER PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
        body TEXT NOT NULL
    )""",
    # `identifier_id` keeps which address was used, so that joined contacts can be told apart again.
    """CREATE TABLE message_people (
        message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        role TEXT NOT NULL CHECK (role IN ('sender', 'recipient', 'cc', 'participant')),
        identifier_id INTEGER NOT NULL REFERENCES contact_identifiers(id) ON DELETE CASCADE,
        PRIMARY KEY (message_id, identifier_id, role)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_message_people_contact ON message_people(contact_id, message_id)",
    "CREATE INDEX idx_message_people_identifier ON message_people(identifier_id)",
    """CREATE TABLE conversation_participants (
        conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
        contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        communication_count INTEGER NOT NULL DEFAULT 0,
        first_seen_at INTEGER,
        last_seen_at INTEGER,
        PRIMARY KEY (conversation_id, contact_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_conversation_participants_contact ON conversation_participants(contact_id)",
    # Relationships
    """CREATE TABLE relationship_types (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        from_entity_type TEXT NOT NULL DEFAULT 'contact'
            CHECK (from_entity_type IN ('contact', 'company')),
        to_entity_type TEXT NOT NULL DEFAULT 'contact'
            CHECK (to_entity_type IN ('contact', 'company')),
        forward_label TEXT NOT NULL,
        reverse_label TEXT NOT NULL,
        is_system INTEGER NOT NULL DEFAULT 0,
        description TEXT,
        color_index INTEGER NOT NULL DEFAULT 0 CHECK (color_index BETWEEN 0 AND 11),
        created_by INTEGER REFERENCES users(id) ON DELETE SET NULL,
        updated_by INTEGER REFERENCES users(id) ON DELETE SET NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    )""",
    """CREATE TABLE relationships (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        relationship_type_id TEXT NOT NULL REFERENCES relationship_types(id) ON DELETE RESTRICT,
        from_entity_type TEXT NOT NULL DEFAULT 'contact',
        from_entity_id INTEGER NOT NULL,
        to_entity_type TEXT NOT NULL DEFAULT 'contact',
        to_entity_id INTEGER NOT NULL,
        source TEXT NOT NULL DEFAULT 'manual'
            CHECK (source IN ('manual', 'inferred', 'imported')),
        properties TEXT,
        description TEXT,
        attitude INTEGER CHECK (attitude BETWEEN 1 AND 5),
        proximity INTEGER CHECK (proximity BETWEEN 1 AND 5),
        started_on TEXT,
        ended_on TEXT,
        import_id INTEGER REFERENCES imports(id) ON DELETE CASCADE,
        created_by INTEGER REFERENCES users(id) ON DELETE SET NULL,
        updated_by INTEGER REFERENCES users(id) ON DELETE SET NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        strength REAL GENERATED ALWAYS AS (CASE WHEN json_valid(properties)
            THEN CAST(json_extract(properties, '$.strength') AS REAL) END) VIRTUAL,
        shared_conversations INTEGER GENERATED ALWAYS AS (CASE WHEN json_valid(properties)
            THEN CAST(json_extract(properties, '$.shared_conversations') AS INTEGER) END) VIRTUAL,
        shared_messages INTEGER GENERATED ALWAYS AS (CASE WHEN json_valid(properties)
            THEN CAST(json_extract(properties, '$.shared_messages') AS INTEGER) END) VIRTUAL,
        last_interaction INTEGER GENERATED ALWAYS AS (CASE WHEN json_valid(properties)
            THEN CAST(json_extract(properties, '$.last_interaction') AS INTEGER) END) VIRTUAL,
        UNIQUE (from_entity_id, to_entity_id, relationship_type_id)
    )""",
    "CREATE INDEX idx_relationships_from ON relationships(from_entity_id)",
    "CREATE INDEX idx_relationships_to ON relationships(to_entity_id)",
    "CREATE INDEX idx_relationships_type ON relationships(relationship_type_id)",
    "CREATE INDEX idx_relationships_source ON relationships(source)",
    # All that long lists are filtered and sorted by, in the order in which they begin: one of
    # 100,000 is read from here without touching the table.
    """CREATE INDEX idx_relationships_list ON relationships(
        strength DESC, last_interaction DESC, id DESC, relationship_type_id, source,
        from_entity_type, from_entity_id, to_entity_type, to_entity_id,
        shared_conversations, shared_messages)""",
    """CREATE TABLE relationship_notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        relationship_id INTEGER NOT NULL REFERENCES relationships(id) ON DELETE CASCADE,
        content TEXT NOT NULL,
        created_at INTEGER NOT NULL
    )""",
    "CREATE INDEX idx_relationship_notes_relationship ON relationship_notes(relationship_id)",
    """CREATE TABLE relationship_decisions (
        from_entity_id INTEGER NOT NULL,
        to_entity_id INTEGER NOT NULL,
        relationship_type_id TEXT NOT NULL REFERENCES relationship_types(id) ON DELETE CASCADE,
        decision TEXT NOT NULL CHECK (decision IN ('confirmed', 'rejected')),
        created_at INTEGER NOT NULL,
        PRIMARY KEY (from_entity_id, to_entity_id, relationship_type_id)
    ) WITHOUT ROWID""",
    # Who says so of what is neither card nor message: it stays while one of its imports does. Only
    # types that imports brought have such rows.
    """CREATE TABLE company_imports (
        company_id INTEGER NOT NULL REFERENCES companies(id) ON DELETE CASCADE,
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        domain TEXT,
        PRIMARY KEY (company_id, import_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_company_imports_import ON company_imports(import_id)",
    """CREATE TABLE relationship_imports (
        relationship_id INTEGER NOT NULL REFERENCES relationships(id) ON DELETE CASCADE,
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        PRIMARY KEY (relationship_id, import_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_relationship_imports_import ON relationship_imports(import_id)",
    """CREATE TABLE relationship_type_imports (
        relationship_type_id TEXT NOT NULL REFERENCES relationship_types(id) ON DELETE CASCADE,
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        PRIMARY KEY (relationship_type_id, import_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_relationship_type_imports_import ON relationship_type_imports(import_id)",
    # What another program counted of conversations without handing over their messages, a row per
    # import that says so; conversation_participants sums up the largest count of each
    # `participant_key` with the messages there are.
    """CREATE TABLE counted_participants (
        conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
        participant_key INTEGER NOT NULL,
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        identifier_id INTEGER REFERENCES contact_identifiers(id) ON DELETE CASCADE,
        communication_count INTEGER NOT NULL,
        first_seen_at INTEGER,
        last_seen_at INTEGER,
        PRIMARY KEY (conversation_id, participant_key, import_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_counted_participants_import ON counted_participants(import_id)",
    "CREATE INDEX idx_counted_participants_contact ON counted_participants(contact_id)",
    "CREATE INDEX idx_counted_participants_identifier ON counted_participants(identifier_id)",
    # What a person changed about somebody or something, by command: `details` is JSON, a list of
    # {table, field, before, after}. Undoing a command takes its lines back.
    """CREATE TABLE history (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        entity_type TEXT NOT NULL CHECK (entity_type IN ('contact', 'company')),
        entity_id INTEGER NOT NULL,
        label TEXT NOT NULL,
        details TEXT NOT NULL,
        changed_by INTEGER REFERENCES users(id) ON DELETE SET NULL,
        changed_at INTEGER NOT NULL
    )""",
    "CREATE INDEX idx_history_entity ON history(entity_type, entity_id, id)",
    # Derived: directional edges with communication metrics
    """CREATE TABLE crm_relationships (
        self_person_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        person_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        score REAL NOT NULL,
        last_contact_at INTEGER NOT NULL,
        decay_bucket INTEGER NOT NULL CHECK (decay_bucket BETWEEN 0 AND 5),
        edge_features TEXT NOT NULL,
        updated_at INTEGER NOT NULL,
        PRIMARY KEY (self_person_id, person_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX idx_crm_relationships_person ON crm_relationships(person_id)",
    """CREATE INDEX idx_crm_relationships_score
        ON crm_relationships(self_person_id, score DESC, last_contact_at DESC, person_id)""",
    # Derived: one unified vector per relationship, one per contact
    """CREATE TABLE relationship_embeddings (
        relationship_id INTEGER PRIMARY KEY REFERENCES relationships(id) ON DELETE CASCADE,
        relationship_embedding BLOB NOT NULL,
        text_hash TEXT NOT NULL,
        model TEXT NOT NULL
    )""",
    """CREATE TABLE contact_embeddings (
        contact_id INTEGER PRIMARY KEY REFERENCES contacts(id) ON DELETE CASCADE,
        contact_embedding BLOB NOT NULL,
        text_hash TEXT NOT NULL,
        model TEXT NOT NULL
    )""",
    # Derived: the map, so that it is the same tomorrow
    """CREATE TABLE graph_positions (
        entity_type TEXT NOT NULL CHECK (entity_type IN ('contact', 'company')),
        entity_id INTEGER NOT NULL,
        x REAL NOT NULL,
        y REAL NOT NULL,
        PRIMARY KEY (entity_type, entity_id)
    ) WITHOUT ROWID""",
    # Profile features, tips and what the person did with them
    """CREATE TABLE user_profile_features (
        user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
        feature_name TEXT NOT NULL,
        value TEXT,
        updated_at INTEGER NOT NULL,
        PRIMARY KEY (user_id, feature_name)
    ) WITHOUT ROWID""",
    """CREATE TABLE tips (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        contact_id INTEGER REFERENCES contacts(id) ON DELETE CASCADE,
        reason TEXT NOT NULL,
        evidence TEXT,
        status TEXT NOT NULL DEFAULT 'open',
        snoozed_until INTEGER,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    )""",
    "CREATE INDEX idx_tips_contact ON tips(contact_id)",
    """CREATE TABLE tip_views (
        id INTEGER PRIMARY KEY,
        tip_id INTEGER NOT NULL REFERENCES tips(id) ON DELETE CASCADE,
        user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
        served_at INTEGER NOT NULL
    )""",
    "CREATE INDEX idx_tip_views_served ON tip_views(user_id, served_at)",
    """CREATE TABLE tip_feedback (
        id INTEGER PRIMARY KEY,
        tip_view_id INTEGER NOT NULL REFERENCES tip_views(id) ON DELETE CASCADE,
        reaction TEXT NOT NULL CHECK (reaction IN ('done', 'dismiss', 'snooze')),
        reacted_at INTEGER NOT NULL,
        dwell_ms INTEGER NOT NULL
    )""",
    "CREATE INDEX idx_tip_feedback_view ON tip_feedback(tip_view_id)",
    """CREATE TABLE app_sessions (
        id INTEGER PRIMARY KEY,
        user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
        started_at INTEGER NOT NULL,
        ended_at INTEGER
    )""",
    """CREATE TABLE sync_sources (
        source TEXT PRIMARY KEY,
        last_synced_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE policy_states (
        version INTEGER PRIMARY KEY,
        dim INTEGER NOT NULL,
        state BLOB NOT NULL,
        is_live INTEGER NOT NULL DEFAULT 0,
        updated_at INTEGER NOT NULL
    )""",
    # The durable work queue: what is stale. entity_id 0 means all of it.
    """CREATE TABLE pending (
        kind TEXT NOT NULL,
        entity_id INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (kind, entity_id)
    ) WITHOUT ROWID""",
    # Derived: who was counted as whom (0: as nobody) when relationships were last found, which
    # pairs were kept away, and the words of the subjects.
    """CREATE TABLE inference_people (
        contact_id INTEGER PRIMARY KEY,
        person_id INTEGER NOT NULL
    )""",
    """CREATE TABLE inference_blocked (
        low_contact_id INTEGER NOT NULL,
        high_contact_id INTEGER NOT NULL,
        PRIMARY KEY (low_contact_id, high_contact_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE inference_terms (
        term TEXT PRIMARY KEY,
        conversations INTEGER NOT NULL,
        spelling TEXT
    ) WITHOUT ROWID""",
    # Derived: rows as they were when relationships and measures were last worked out, kept by
    # the triggers below when they change, so that a refresh can take back what it counted. NULL
    # counts and ids of 0 say that there was no such row. `is_taken`: a refresh is at work on it.
    """CREATE TABLE inference_before (
        is_taken INTEGER NOT NULL,
        conversation_id INTEGER NOT NULL,
        contact_id INTEGER NOT NULL,
        communication_count INTEGER,
        first_seen_at INTEGER,
        last_seen_at INTEGER,
        PRIMARY KEY (is_taken, conversation_id, contact_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE interactions_before (
        is_taken INTEGER NOT NULL,
        message_id INTEGER NOT NULL,
        sender_id INTEGER NOT NULL,
        receiver_id INTEGER NOT NULL,
        conversation_id INTEGER NOT NULL,
        sent_at INTEGER,
        attachment_count INTEGER,
        PRIMARY KEY (is_taken, message_id, sender_id, receiver_id)
    ) WITHOUT ROWID""",
    # Derived: full text. Rows are keyed by the id of what they describe.
    """CREATE VIRTUAL TABLE contact_fts USING fts5(
        name, identifiers, organization, tags, notes,
        content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2", prefix='2 3'
    )""",
    """CREATE VIRTUAL TABLE company_fts USING fts5(
        name, domain, notes,
        content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2", prefix='2 3'
    )""",
    """CREATE VIRTUAL TABLE message_fts USING fts5(
        subject, preview, body,
        content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2", prefix='2 3'
    )""",
)

# What changes after relationships were found and measures taken is noted by the database itself,
# whoever changes it, and until then nothing is. ON CONFLICT keeps the first note, whatever the
# statement that fires the trigger wants done about its own conflicts.
_IS_INFERRED = "EXISTS (SELECT 1 FROM system_settings WHERE key = 'inference_state')"
_IS_MEASURED = "EXISTS (SELECT 1 FROM system_settings WHERE key = 'interactions_state')"


def _mark(kind: str, entity_id: str) -> str:
    return (
        "INSERT INTO pending (kind, entity_id, created_at)"
        f" VALUES ('{kind}', {entity_id}, unixepoch()) ON CONFLICT DO NOTHING;"
    )


def _keep_participant(row: str) -> str:
    return (
        _mark("inference-conversations", f"{row}.conversation_id")
        + f"""
        INSERT INTO inference_before
            SELECT 0, {row}.conversation_id, {row}.contact_id, p.communication_count,
                p.first_seen_at, p.last_seen_at
            FROM (SELECT 1) LEFT JOIN conversation_participants p
                ON p.conversation_id = {row}.conversation_id AND p.contact_id = {row}.contact_id
            WHERE true ON CONFLICT DO NOTHING;"""
    )


def _keep_message(message_id: str) -> str:
    return f"""
        INSERT INTO interactions_before
            SELECT DISTINCT 0, m.id, s.contact_id, r.contact_id, m.conversation_id, m.sent_at,
                m.attachment_count
            FROM messages m
            JOIN message_people s ON s.message_id = m.id AND s.role = 'sender'
            JOIN message_people r ON r.message_id = m.id AND r.role <> 'sender'
                AND r.contact_id <> s.contact_id
            WHERE m.id = {message_id} AND m.is_active = 1 AND m.status <> 'failed'
                AND m.sent_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM interactions_before b WHERE b.is_taken = 0
                    AND b.message_id = {message_id} AND b.sender_id = 0 AND b.receiver_id = 0)
            ON CONFLICT DO NOTHING;
        INSERT INTO interactions_before
            SELECT 0, m.id, 0, 0, m.conversation_id, NULL, NULL FROM messages m
            WHERE m.id = {message_id} ON CONFLICT DO NOTHING;
        INSERT INTO pending (kind, entity_id, created_at)
            SELECT 'interactions-conversations', m.conversation_id, unixepoch() FROM messages m
            WHERE m.id = {message_id} ON CONFLICT DO NOTHING;"""


TRIGGERS = (
    f"""CREATE TRIGGER inference_participant_added BEFORE INSERT ON conversation_participants
        WHEN {_IS_INFERRED} BEGIN {_keep_participant("NEW")} END""",
    f"""CREATE TRIGGER inference_participant_changed BEFORE UPDATE ON conversation_participants
        WHEN {_IS_INFERRED}
        BEGIN {_keep_participant("OLD")} {_keep_participant("NEW")} END""",
    f"""CREATE TRIGGER inference_participant_removed BEFORE DELETE ON conversation_participants
        WHEN {_IS_INFERRED} BEGIN {_keep_participant("OLD")} END""",
    f"""CREATE TRIGGER inference_conversation_added AFTER INSERT ON conversations
        WHEN {_IS_INFERRED} BEGIN {_mark("inference-subjects", "NEW.id")} END""",
    f"""CREATE TRIGGER inference_conversation_removed AFTER DELETE ON conversations
        WHEN {_IS_INFERRED} BEGIN {_mark("inference-subjects", "OLD.id")} END""",
    f"""CREATE TRIGGER inference_conversation_renamed AFTER UPDATE OF subject ON conversations
        WHEN OLD.subject IS NOT NEW.subject AND {_IS_INFERRED}
        BEGIN
            {_mark("inference-subjects", "NEW.id")}
            {_mark("inference-conversations", "NEW.id")}
        END""",
    f"""CREATE TRIGGER inference_conversation_moved AFTER UPDATE OF last_message_at ON conversations
        WHEN OLD.last_message_at IS NOT NEW.last_message_at AND {_IS_INFERRED}
        BEGIN {_mark("inference-conversations", "NEW.id")} END""",
    f"""CREATE TRIGGER inference_contact_renamed AFTER UPDATE OF name_key ON contacts
        WHEN OLD.name_key IS NOT NEW.name_key AND {_IS_INFERRED}
        BEGIN {_mark("inference-names", "NEW.id")} END""",
    f"""CREATE TRIGGER inference_contact_changed AFTER UPDATE OF kind ON contacts
        WHEN OLD.kind IS NOT NEW.kind AND {_IS_INFERRED}
        BEGIN {_mark("inference", "NEW.id")} END""",
    f"""CREATE TRIGGER interactions_contact_changed AFTER UPDATE OF kind ON contacts
        WHEN OLD.kind IS NOT NEW.kind AND {_IS_MEASURED}
        BEGIN {_mark("interactions", "NEW.id")} END""",
    # A message that is new has nobody yet, so after its own row is soon enough.
    f"""CREATE TRIGGER interactions_message_added AFTER INSERT ON messages
        WHEN {_IS_MEASURED} BEGIN {_keep_message("NEW.id")} END""",
    f"""CREATE TRIGGER interactions_message_changed BEFORE UPDATE OF
            conversation_id, sent_at, attachment_count, status, is_active ON messages
        WHEN {_IS_MEASURED}
        BEGIN
            {_keep_message("OLD.id")}
            {_mark("interactions-conversations", "NEW.conversation_id")}
        END""",
    f"""CREATE TRIGGER interactions_message_removed BEFORE DELETE ON messages
        WHEN {_IS_MEASURED} BEGIN {_keep_message("OLD.id")} END""",
    f"""CREATE TRIGGER interactions_person_added BEFORE INSERT ON message_people
        WHEN {_IS_MEASURED} BEGIN {_keep_message("NEW.message_id")} END""",
    f"""CREATE TRIGGER interactions_person_changed BEFORE UPDATE ON message_people
        WHEN {_IS_MEASURED}
        BEGIN {_keep_message("OLD.message_id")} {_keep_message("NEW.message_id")} END""",
    f"""CREATE TRIGGER interactions_person_removed BEFORE DELETE ON message_people
        WHEN {_IS_MEASURED} BEGIN {_keep_message("OLD.message_id")} END""",
)

_PEOPLE = ("contact", "contact")
_STAFF = ("company", "contact")
_COMPANIES = ("company", "company")

SEED_TYPES = (
    ("rt-knows", "KNOWS", *_PEOPLE, "Knows", "Knows", 1, "Found in shared conversations", 0),
    ("rt-employee", "EMPLOYEE", *_STAFF, "Employs", "Works at", 0, "Employment", 1),
    (
        "rt-reports-to",
        "REPORTS_TO",
        *_PEOPLE,
        "Has direct report",
        "Reports to",
        0,
        "Reporting chain",
        2,
    ),
    ("rt-works-with", "WORKS_WITH", *_PEOPLE, "Works with", "Works with", 0, "Colleagues", 3),
    ("rt-partner", "PARTNER", *_COMPANIES, "Partners with", "Partners with", 0, "Partnership", 4),
    ("rt-vendor", "VENDOR", *_COMPANIES, "Is a vendor of", "Is a client of", 0, "Supply", 5),
)


def upgrade() -> None:
    """Create every table, the six seed types and the local user."""
    connection = op.get_bind()
    for statement in (*STATEMENTS, *TRIGGERS):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO relationship_types (id, name, from_entity_type, to_entity_type,"
        " forward_label, reverse_label, is_system, description, color_index, created_at,"
        " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, unixepoch(), unixepoch())",
        list(SEED_TYPES),
    )
    connection.exec_driver_sql(
        "INSERT INTO users (id, name, created_at) VALUES (1, 'Me', unixepoch())"
    )


def downgrade() -> None:
    """There is nothing before the first schema."""
    raise NotImplementedError("the first schema has no predecessor")

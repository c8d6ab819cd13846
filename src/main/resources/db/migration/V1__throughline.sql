-- The first schema. Conventions:
--   ids are UUIDv7 made by the application; instants are timestamptz, wall-clock times are timestamp + zone;
--   bytea columns hold ciphertext (AES-256-GCM, associated data "table|column|row id"), *_hash columns hold keyed hashes;
--   append-only tables give the application no UPDATE or DELETE;
--   org_unit_id stands on every row that carries rights, and row-level security reads it.
-- The owner runs this; the application works as throughline_app, which owns nothing and cannot bypass row-level security.

do $$
begin
    if not exists (select from pg_roles where rolname = 'throughline_app') then
        create role throughline_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
    end if;
    -- so that a login which owns the schema can step down to it (SET ROLE)
    if not (select rolsuper from pg_roles where rolname = current_user) and not pg_has_role(current_user, 'throughline_app', 'set') then
        execute format('grant throughline_app to %I', current_user);
    end if;
end
$$;
grant usage on schema public to throughline_app;
alter default privileges in schema public grant select, insert, update, delete on tables to throughline_app;
alter default privileges in schema public grant usage, select on sequences to throughline_app;

-- ---------------------------------------------------------------- organisation

create table org_unit (
    id                uuid primary key,
    parent_id         uuid references org_unit,
    kind              text not null check (kind in ('system', 'hospital', 'department', 'location')),
    path              text not null unique check (path ~ '^(/[a-z0-9-]+)+/$'),
    name              text not null,
    patient_safe_name text,
    zone              text not null,
    hours             jsonb not null default '{}',
    closures          jsonb not null default '[]',
    phone             text,
    address_line      text,
    city              text,
    state             text,
    postal_code       text,
    parking           text,
    phase             text not null default 'off' check (phase in ('off', 'shadow', 'allow_list', 'live')),
    version           integer not null default 1,
    updated_at        timestamptz not null
);
create index org_unit_path on org_unit (path text_pattern_ops);

-- The root: whoever belongs to it sees everything.
insert into org_unit (id, kind, path, name, zone, phase, updated_at)
values ('00000000-0000-7000-8000-000000000001', 'system', '/all/', 'Health system', 'UTC', 'live', now());

create table org_unit_version (
    org_unit_id uuid not null references org_unit,
    version     integer not null,
    content     jsonb not null,
    changed_by  text not null,
    changed_at  timestamptz not null,
    primary key (org_unit_id, version)
);

create table org_unit_identifier (
    source      text not null,
    type        text not null,
    external_id text not null,
    org_unit_id uuid not null references org_unit,
    primary key (source, type, external_id)
);

create table phase_allow_list (
    org_unit_id uuid not null references org_unit,
    patient_id  uuid not null,
    added_by    text not null,
    added_at    timestamptz not null,
    primary key (org_unit_id, patient_id)
);

create table hold (
    id           uuid primary key,
    scope        text not null check (scope in ('system', 'org_unit', 'journey', 'channel', 'location')),
    scope_value  text not null default '',
    placed_by    text not null,
    reason       text not null,
    placed_from  timestamptz not null,
    placed_until timestamptz,
    lifted_at    timestamptz,
    lifted_by    text
);
create index hold_in_force on hold (scope, scope_value) where lifted_at is null;

-- ---------------------------------------------------------------- row rules

-- What the current transaction may see: '*' (the product itself), a comma-separated list of org_unit paths, or nothing.
create function current_scope() returns text language sql stable parallel safe
    return coalesce(current_setting('throughline.scope', true), '');

-- A row of a unit is visible to those whose unit is that unit or stands above it.
create function unit_in_scope(unit uuid) returns boolean language sql stable parallel safe
    return exists (select 1 from org_unit u, unnest(string_to_array(current_scope(), ',')) as s (path)
                   where u.id = unit and starts_with(u.path, s.path));

-- A patient belongs to a hospital: visible to everybody in it, whatever the department (requirement A6).
create function unit_shared_with_scope(unit uuid) returns boolean language sql stable parallel safe
    return exists (select 1 from org_unit u, unnest(string_to_array(current_scope(), ',')) as s (path)
                   where u.id = unit and (starts_with(u.path, s.path) or starts_with(s.path, u.path)));

-- ---------------------------------------------------------------- keys

create table data_key (
    id           uuid primary key,
    kind         text not null check (kind in ('system', 'patient')),
    wrapped      bytea,
    created_at   timestamptz not null,
    destroyed_at timestamptz,
    check ((wrapped is null) = (destroyed_at is not null))
);
create unique index data_key_one_system on data_key (kind) where kind = 'system' and destroyed_at is null;

-- ---------------------------------------------------------------- access

create table staff_user (
    id            uuid primary key,
    username      text not null unique,
    display_name  text not null,
    password_hash text not null,
    role          text not null check (role in ('coordinator', 'supervisor', 'modeler', 'administrator', 'auditor')),
    org_unit_id   uuid not null references org_unit,
    enabled       boolean not null default true,
    created_at    timestamptz not null
);

create table api_key (
    id           uuid primary key,
    name         text not null,
    prefix       text not null unique,
    secret_hash  bytea not null,
    scopes       text[] not null,
    org_unit_id  uuid not null references org_unit,
    created_at   timestamptz not null,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);
create unique index api_key_one_of_a_name on api_key (name) where revoked_at is null;

-- ---------------------------------------------------------------- sources

create table source_system (
    id            text primary key check (id ~ '^[a-z0-9][a-z0-9-]*$'),
    name          text not null,
    kind          text not null check (kind in ('ehr', 'crm', 'portal', 'staff', 'patient')),
    rank          integer not null,
    silence_limit interval,
    last_heard_at timestamptz
);

insert into source_system (id, name, kind, rank) values
    ('ehr', 'Electronic health record', 'ehr', 10),
    ('staff', 'Staff of the hospital', 'staff', 20),
    ('patient', 'The patients themselves', 'patient', 30);

-- By what else a source calls a record (its identifiers), hashed: references by identifier find it, and a second POST is the same record.
create table source_alias (
    source      text not null references source_system,
    type        text not null,
    alias_hash  bytea not null,
    external_id text not null,
    primary key (source, type, alias_hash)
);

-- The permanent identity of a record's version; the record itself leaves with its partition.
create table source_record_key (
    source      text not null references source_system,
    type        text not null,
    external_id text not null,
    version     text not null,
    record_id   uuid not null,
    received_at timestamptz not null,
    primary key (source, type, external_id, version)
);

create table source_record (
    id          uuid not null,
    received_at timestamptz not null,
    source      text not null,
    type        text not null,
    external_id text not null,
    version     text not null,
    observed_at timestamptz,
    key_id      uuid not null,
    patient_id  uuid,
    raw         bytea not null,
    primary key (id, received_at)
) partition by range (received_at);
create index source_record_patient on source_record (patient_id, type) where patient_id is not null;

create table data_finding (
    id          uuid primary key,
    kind        text not null,
    blocking    boolean not null,
    org_unit_id uuid references org_unit,
    patient_id  uuid,
    subject     text not null,
    sentence    text not null,
    found_at    timestamptz not null,
    last_seen_at timestamptz not null,
    resolved_at timestamptz,
    resolved_by text
);
create unique index data_finding_open on data_finding (kind, subject) where resolved_at is null;

-- ---------------------------------------------------------------- people

create table patient (
    id                 uuid primary key,
    key_id             uuid not null references data_key,
    org_unit_id        uuid not null references org_unit,
    status             text not null check (status in ('active', 'deceased', 'merged', 'disputed', 'test', 'staff_restricted')),
    merged_into        uuid references patient,
    given_name         bytea,
    family_name        bytea,
    birth_date         bytea,
    sex                text,
    language           text,
    interpreter_needed boolean not null default false,
    zone               text,
    state              text,
    deceased_at        timestamptz,
    source             text not null references source_system,
    observed_at        timestamptz,
    created_at         timestamptz not null,
    updated_at         timestamptz not null,
    check ((status = 'merged') = (merged_into is not null))
);

create table patient_identifier (
    id         uuid primary key,
    patient_id uuid not null references patient,
    origin_patient_id uuid not null references patient,
    assigner   text not null,
    type       text not null default '',
    value_hash bytea not null,
    value      bytea not null,
    active     boolean not null default true,
    created_at timestamptz not null
);
create unique index patient_identifier_value on patient_identifier (assigner, type, value_hash) where active;
create index patient_identifier_hash on patient_identifier (value_hash) where active;
create index patient_identifier_patient on patient_identifier (patient_id);

create table identity_event (
    id               uuid primary key,
    patient_id       uuid not null references patient,
    kind             text not null check (kind in ('created', 'merged', 'unmerged', 'disputed', 'settled', 'linked', 'unlinked')),
    other_patient_id uuid references patient,
    actor            text not null,
    at               timestamptz not null,
    detail           jsonb not null default '{}'
);
create index identity_event_patient on identity_event (patient_id, at);

create table patient_name_token (
    patient_id uuid not null references patient,
    kind       text not null check (kind in ('prefix', 'phonetic', 'birth_date')),
    token      bytea not null,
    primary key (kind, token, patient_id)
);
create index patient_name_token_patient on patient_name_token (patient_id);

create table address (
    id         uuid primary key,
    channel    text not null,
    value_hash bytea not null,
    value      bytea not null,
    created_at timestamptz not null,
    unique (channel, value_hash)
);

create table party (
    id          uuid primary key,
    kind        text not null check (kind in ('patient', 'related_person', 'practitioner', 'organization')),
    patient_id  uuid references patient,
    org_unit_id uuid not null references org_unit,
    key_id      uuid not null references data_key,
    name        bytea,
    language    text,
    source      text references source_system,
    external_id text,
    created_at  timestamptz not null,
    check ((kind = 'patient') = (patient_id is not null))
);
create unique index party_patient on party (patient_id) where patient_id is not null;
create unique index party_source on party (source, kind, external_id) where external_id is not null;

create table relationship (
    id           uuid primary key,
    party_id     uuid not null references party,
    patient_id   uuid not null references patient,
    authority    text not null,
    scope        text not null default 'all',
    period_start date,
    period_end   date,
    source       text not null references source_system,
    unique (party_id, patient_id, authority)
);
create index relationship_patient on relationship (patient_id);

create table contact_point (
    id                uuid primary key,
    party_id          uuid not null references party,
    patient_id        uuid references patient,
    origin_patient_id uuid references patient,
    address_id        uuid not null references address,
    use               text not null default '',
    rank              integer not null default 1,
    period_start      date,
    period_end        date,
    source            text not null references source_system,
    observed_at       timestamptz not null,
    verified_at       timestamptz,
    shared            boolean not null default false,
    confidential      boolean not null default false,
    landline          boolean not null default false,
    status            text not null default 'active' check (status in ('active', 'superseded', 'wrong_number')),
    updated_at        timestamptz not null,
    unique (party_id, address_id)
);
create index contact_point_address on contact_point (address_id);
create index contact_point_patient on contact_point (patient_id);

-- ---------------------------------------------------------------- consent

create table rule_version (
    id             uuid primary key,
    name           text not null,
    version        text not null,
    content_hash   text not null,
    content        jsonb not null,
    effective_from date not null,
    recorded_at    timestamptz not null,
    unique (name, version)
);

create table consent_event (
    id          uuid primary key,
    party_id    uuid references party,
    address_id  uuid references address,
    purpose     text not null check (purpose in ('*', 'care', 'operational', 'billing', 'marketing')),
    action      text not null check (action in ('grant', 'revoke')),
    how         text not null,
    actor       text not null,
    wording     bytea,
    scope       text not null default '',
    evidence    text not null default '',
    said_at     timestamptz not null,
    recorded_at timestamptz not null,
    check (party_id is not null or address_id is not null)
);
create index consent_event_party on consent_event (party_id, said_at);
create index consent_event_address on consent_event (address_id, said_at);

create table carrier_block (
    address_id uuid not null references address,
    sender_id  text not null,
    blocked_at timestamptz not null,
    lifted_at  timestamptz,
    evidence   text not null,
    primary key (address_id, sender_id)
);

-- ---------------------------------------------------------------- care

create table visit_type (
    source            text not null references source_system,
    code              text not null,
    display           text not null,
    class             text not null default 'standard',
    patient_safe_name jsonb,
    primary key (source, code)
);

create table appointment (
    id             uuid primary key,
    source         text not null references source_system,
    external_id    text not null,
    source_version text not null,
    source_sequence bigint not null,
    status         text not null check (status in ('proposed', 'pending', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow',
                                                   'entered-in-error', 'checked-in', 'waitlist')),
    patient_id     uuid not null references patient,
    org_unit_id    uuid not null references org_unit,
    location_id    uuid references org_unit,
    visit_type     text,
    start_local    timestamp,
    zone           text not null,
    start_at       timestamptz,
    end_at         timestamptz,
    itinerary_id   uuid not null,
    replaced_by    uuid references appointment,
    revision       integer not null default 1,
    answer         text check (answer in ('confirmed', 'cancel-requested', 'move-requested')),
    answered_at    timestamptz,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    unique (source, external_id)
);
create index appointment_patient on appointment (patient_id, start_at);
create index appointment_start on appointment (start_at) where status in ('booked', 'pending');

create table appointment_participant (
    appointment_id uuid not null references appointment,
    party_id       uuid not null references party,
    kind           text not null,
    status         text not null,
    primary key (appointment_id, party_id)
);

create table appointment_event (
    id             uuid primary key,
    appointment_id uuid not null references appointment,
    kind           text not null check (kind in ('booked', 'changed', 'moved', 'cancelled', 'arrived', 'ended', 'no_show', 'removed', 'answered', 'stale')),
    source_version text not null,
    revision       integer not null,
    event_at       timestamptz not null,
    received_at    timestamptz not null,
    detail         jsonb not null default '{}'
);
create index appointment_event_appointment on appointment_event (appointment_id, received_at);

create table encounter (
    id             uuid primary key,
    source         text not null references source_system,
    external_id    text not null,
    source_version text not null,
    source_sequence bigint not null,
    patient_id     uuid not null references patient,
    org_unit_id    uuid not null references org_unit,
    appointment_id uuid references appointment,
    class          text not null,
    status         text not null,
    started_at     timestamptz,
    ended_at       timestamptz,
    updated_at     timestamptz not null,
    unique (source, external_id)
);
create index encounter_patient on encounter (patient_id, started_at);

-- ---------------------------------------------------------------- journeys

create table bundle_version (
    id             uuid primary key,
    journey_key    text not null,
    version        integer not null,
    content_hash   text not null,
    deployment_id  text not null,
    definition_id  text not null,
    title          text not null,
    context_schema jsonb not null,
    pins           jsonb not null,
    released_by    text not null,
    released_at    timestamptz not null,
    unique (journey_key, version),
    unique (journey_key, content_hash)
);

create table journey_instance (
    id               uuid primary key,
    journey_key      text not null,
    subject_type     text not null,
    subject_id       uuid not null,
    subject_revision integer not null default 0,
    patient_id       uuid not null references patient,
    org_unit_id      uuid not null references org_unit,
    root_process_id  text,
    bundle_version   uuid not null references bundle_version,
    state            text not null check (state in ('active', 'completed', 'withdrawn', 'failed')),
    outcome          text,
    episode          integer not null default 1,
    started_by       text not null,
    started_at       timestamptz not null,
    ended_at         timestamptz
);
create unique index journey_instance_one_active on journey_instance (journey_key, subject_type, subject_id) where state = 'active';
create index journey_instance_patient on journey_instance (patient_id, id);
create index journey_instance_subject on journey_instance (subject_type, subject_id);
create index journey_instance_process on journey_instance (root_process_id);

create table idempotency_key (
    principal    text not null,
    key          text not null,
    request_hash bytea not null,
    status       integer,
    response     text,
    created_at   timestamptz not null,
    primary key (principal, key)
);

-- ---------------------------------------------------------------- conversation

create table conversation (
    id          uuid primary key,
    patient_id  uuid not null unique references patient,
    org_unit_id uuid not null references org_unit,
    created_at  timestamptz not null
);

create table thread (
    id              uuid primary key,
    conversation_id uuid references conversation,
    address_id      uuid not null references address,
    subject_type    text not null default '',
    subject_id      uuid,
    created_at      timestamptz not null
);
create unique index thread_address on thread (address_id, coalesce(conversation_id, '00000000-0000-0000-0000-000000000000'), subject_type,
                                              coalesce(subject_id, '00000000-0000-0000-0000-000000000000'));

create table sender (
    id                  text primary key,
    channel             text not null,
    provider            text not null,
    value               text not null,
    display_name        text not null,
    units_per_second    integer not null check (units_per_second > 0),
    campaign_registered boolean not null
);

create table template_version (
    id           uuid primary key,
    key          text not null,
    version      integer not null,
    channel      text not null,
    locale       text not null,
    purpose      text not null check (purpose in ('care', 'operational', 'billing', 'marketing')),
    body         text not null,
    variables    jsonb not null,
    content_hash text not null,
    review       text not null check (review in ('unreviewed', 'reviewed')),
    owner        text not null,
    reviewer     text,
    expires_on   date,
    recorded_at  timestamptz not null,
    unique (key, channel, locale, version),
    unique (key, channel, locale, content_hash)
);

create table intent (
    key        text primary key,
    message_id uuid not null,
    created_at timestamptz not null
);

create table message (
    id                  uuid not null,
    created_at          timestamptz not null,
    intent              text not null,
    thread_id           uuid not null,
    party_id            uuid not null,
    patient_id          uuid not null,
    origin_patient_id   uuid not null,
    org_unit_id         uuid not null,
    address_id          uuid not null,
    channel             text not null,
    sender_id           text not null,
    purpose             text not null check (purpose in ('care', 'operational', 'billing', 'marketing')),
    urgency             text not null check (urgency in ('urgent', 'time_bound', 'routine')),
    solicited           boolean not null,
    template_version    uuid,
    locale              text not null,
    body                bytea not null,
    units               integer not null,
    not_before          timestamptz not null,
    expires_at          timestamptz not null,
    decision_id         uuid not null,
    author_kind         text not null check (author_kind in ('journey', 'person', 'assistant', 'system')),
    author              text not null,
    journey_instance_id uuid,
    process_instance_id text,
    activity_id         text,
    subject_type        text,
    subject_id          uuid,
    subject_revision    integer,
    question            text,
    question_until      timestamptz,
    question_about      timestamp,
    primary key (id, created_at)
) partition by range (created_at);
create index message_patient on message (patient_id, created_at);
create index message_journey on message (journey_instance_id) where journey_instance_id is not null;
create index message_thread on message (thread_id, created_at);

-- The narrow, busy side of a message: where it stands, who has it, when it is due.
create table dispatch (
    message_id          uuid primary key,
    message_created_at  timestamptz not null,
    state               text not null check (state in ('queued', 'leased', 'attempting', 'accepted', 'sent', 'delivered', 'read',
                                                       'undelivered', 'failed', 'unknown', 'suppressed', 'parked')),
    due_at              timestamptz not null,
    expires_at          timestamptz not null,
    lease_owner         text,
    lease_until         timestamptz,
    fence               integer not null default 0,
    attempts            integer not null default 0,
    attempt_id          uuid,
    address_id          uuid not null,
    sender_id           text not null,
    channel             text not null,
    urgency_rank        smallint not null,
    units               integer not null,
    org_unit_id         uuid not null,
    patient_id          uuid not null,
    journey_instance_id uuid,
    withdrawn           text,
    reason              text,
    sent_at             timestamptz,
    provider_id         text,
    polls               smallint not null default 0,
    unknown_since       timestamptz,
    resent              boolean not null default false
) with (fillfactor = 70);
create index dispatch_due on dispatch (urgency_rank, due_at) where state = 'queued';
create index dispatch_leases on dispatch (lease_until) where state in ('leased', 'attempting');
create index dispatch_unknown on dispatch (due_at) where state = 'unknown';
create unique index dispatch_one_in_flight on dispatch (address_id) where state = 'attempting';
create index dispatch_provider on dispatch (provider_id) where provider_id is not null;
create index dispatch_address on dispatch (address_id) where provider_id is not null;
create index dispatch_journey on dispatch (journey_instance_id) where state in ('queued', 'leased');
create index dispatch_patient on dispatch (patient_id) where state in ('queued', 'leased');

create table attempt (
    id          uuid primary key,
    message_id  uuid not null,
    number      integer not null,
    sender_id   text not null,
    node        text not null,
    fence       integer not null,
    decision_id uuid not null,
    started_at  timestamptz not null,
    unique (message_id, number)
);

create table attempt_outcome (
    id          uuid primary key,
    attempt_id  uuid not null references attempt,
    outcome     text not null check (outcome in ('accepted', 'rejected', 'retry', 'unknown', 'not_sent')),
    evidence    text not null check (evidence in ('response', 'callback', 'poll', 'lease', 'before_send')),
    provider_id text,
    code        text,
    reason      text,
    at          timestamptz not null
);
create index attempt_outcome_attempt on attempt_outcome (attempt_id, at);

create table receipt (
    provider    text not null,
    provider_id text not null,
    status      text not null,
    rank        smallint not null,
    attempt_id  uuid,
    error_code  text,
    received_at timestamptz not null,
    primary key (provider, provider_id, status)
);
create index receipt_attempt on receipt (attempt_id);

create table send_decision (
    id           uuid not null,
    decided_at   timestamptz not null,
    message_id   uuid,
    intent       text not null,
    patient_id   uuid not null,
    stage        text not null check (stage in ('queue', 'send')),
    outcome      text not null check (outcome in ('may', 'later', 'may_not')),
    until_at     timestamptz,
    reason       text not null,
    sentence     text not null,
    inputs       jsonb not null,
    rule_version uuid not null,
    primary key (id, decided_at)
) partition by range (decided_at);
create index send_decision_message on send_decision (message_id);
create index send_decision_patient on send_decision (patient_id, decided_at);

create table open_question (
    id                  uuid primary key,
    address_id          uuid not null references address,
    party_id            uuid not null references party,
    patient_id          uuid not null references patient,
    message_id          uuid not null,
    kind                text not null,
    about               timestamp,
    subject_type        text,
    subject_id          uuid,
    journey_instance_id uuid,
    process_instance_id text,
    asked_at            timestamptz not null,
    expires_at          timestamptz not null,
    closed_at           timestamptz,
    closed_because      text
);
create unique index open_question_one_per_address on open_question (address_id) where closed_at is null;
create index open_question_journey on open_question (journey_instance_id) where closed_at is null;

create table inbound_key (
    provider    text not null,
    provider_id text not null,
    inbound_id  uuid not null,
    received_at timestamptz not null,
    primary key (provider, provider_id)
);

create table inbound (
    id          uuid not null,
    received_at timestamptz not null,
    provider    text not null,
    provider_id text not null,
    channel     text not null,
    address_id  uuid not null,
    sender_id   text not null,
    raw         bytea not null,
    body        bytea not null,
    primary key (id, received_at)
) partition by range (received_at);
create index inbound_address on inbound (address_id, received_at);

-- The narrow side of an inbound message: the queue from which it is worked off, and what came of it.
create table inbound_work (
    inbound_id          uuid primary key,
    received_at         timestamptz not null,
    address_id          uuid not null,
    state               text not null check (state in ('received', 'handled', 'with_person', 'parked')),
    due_at              timestamptz not null,
    tries               integer not null default 0,
    patient_id          uuid,
    thread_id           uuid,
    question_id         uuid,
    journey_instance_id uuid,
    org_unit_id         uuid,
    language            text,
    meaning             text,
    reason              text,
    handled_at          timestamptz
) with (fillfactor = 70);
create index inbound_work_due on inbound_work (due_at) where state = 'received';
create index inbound_work_patient on inbound_work (patient_id, received_at);

create table engagement (
    id          uuid not null,
    at          timestamptz not null,
    party_id    uuid,
    patient_id  uuid,
    channel     text not null,
    local_hour  smallint,
    intent      text,
    message_id  uuid,
    outcome     text not null,
    primary key (id, at)
) partition by range (at);
create index engagement_patient on engagement (patient_id, at);

-- Shared rate buckets; the shape is Bucket4j's.
create table rate_bucket (
    id         bigint primary key,
    state      bytea,
    expires_at bigint
);

-- ---------------------------------------------------------------- work

create table queue (
    id            uuid primary key,
    org_unit_id   uuid not null references org_unit,
    name          text not null,
    calendar      jsonb not null default '{}',
    coverage      jsonb not null default '[]',
    on_call_chain jsonb not null default '[]',
    unique (org_unit_id, name)
);

create table task (
    id                  uuid primary key,
    queue_id            uuid not null references queue,
    org_unit_id         uuid not null references org_unit,
    patient_id          uuid references patient,
    journey_instance_id uuid references journey_instance,
    subject_type        text,
    subject_id          uuid,
    title               text not null,
    reason_code         text not null,
    facts               jsonb not null default '{}',
    priority            smallint not null default 50,
    language            text,
    due_at              timestamptz not null,
    sla_calendar        text not null default 'queue',
    state               text not null check (state in ('open', 'claimed', 'completed', 'cancelled')),
    assignee            text,
    engine_task_id      text unique,
    form_key            text,
    dedupe_key          text,
    outcome             text,
    version             integer not null default 0,
    created_at          timestamptz not null,
    closed_at           timestamptz
);
create index task_open on task (priority desc, due_at, id) where state in ('open', 'claimed');
create index task_patient on task (patient_id, created_at);
create index task_journey on task (journey_instance_id);
create unique index task_one_open_per_cause on task (dedupe_key) where dedupe_key is not null and state in ('open', 'claimed');

create table task_event (
    id      uuid primary key,
    task_id uuid not null references task,
    kind    text not null,
    actor   text not null,
    at      timestamptz not null,
    detail  jsonb not null default '{}'
);
create index task_event_task on task_event (task_id, at);

create table task_submission (
    id           uuid primary key,
    task_id      uuid not null references task,
    submitted_by text not null,
    submitted_at timestamptz not null,
    seconds_spent integer,
    key_id       uuid not null references data_key,
    answers      bytea not null
);

-- ---------------------------------------------------------------- audit

create table audit (
    id          uuid primary key,
    at          timestamptz not null,
    actor_kind  text not null,
    actor       text not null,
    action      text not null,
    entity_type text not null,
    entity_id   text not null,
    patient_id  uuid,
    outcome     text not null,
    detail      jsonb not null default '{}'
);
create index audit_patient on audit (patient_id, at);
create index audit_at on audit (at);

-- Which audit rows wait for the sequencer; it deletes them as it chains them.
create table audit_unchained (
    audit_id uuid primary key,
    at       timestamptz not null
);

create table audit_chain (
    sequence bigint primary key,
    audit_id uuid not null unique,
    hash     bytea not null
);

create table audit_checkpoint (
    sequence  bigint primary key,
    hash      bytea not null,
    signed    bytea not null,
    signed_at timestamptz not null
);

-- ---------------------------------------------------------------- partitions by month

-- Makes the partitions from this month on, and one for whatever falls outside them. Owner's right, so that the application may call it.
create function ensure_partitions(from_day date, months integer) returns void language plpgsql security definer set search_path = public as $$
declare
    parent text;
    first date := date_trunc('month', from_day);
    month date;
begin
    foreach parent in array array['source_record', 'message', 'send_decision', 'inbound', 'engagement'] loop
        execute format('create table if not exists %I partition of %I default', parent || '_other', parent);
        -- a partition has no policies of its own: the application goes through the parent
        execute format('revoke all on %I from throughline_app', parent || '_other');
        for n in 0 .. months - 1 loop
            month := first + make_interval(months => n);
            if to_regclass(parent || to_char(month, '"_"YYYYMM')) is null then
                begin
                    execute format('create table %I partition of %I for values from (%L) to (%L)',
                        parent || to_char(month, '"_"YYYYMM'), parent, month, month + interval '1 month');
                    execute format('revoke all on %I from throughline_app', parent || to_char(month, '"_"YYYYMM'));
                exception when check_violation then
                    -- rows of that month already stand in the default partition; they stay there
                    null;
                end;
            end if;
        end loop;
    end loop;
end
$$;
select ensure_partitions((now() - interval '1 month')::date, 15);

-- ---------------------------------------------------------------- append-only, and row-level security

revoke update, delete on org_unit_version, source_record_key, source_record, identity_event, consent_event, rule_version,
    appointment_event, bundle_version, template_version, intent, message, attempt, attempt_outcome, receipt, send_decision,
    inbound_key, inbound, engagement, task_event, task_submission, audit, audit_chain, audit_checkpoint from throughline_app;

do $$
declare
    name text;
begin
    -- rows of a unit
    foreach name in array array['task', 'queue'] loop
        execute format('alter table %I enable row level security', name);
        execute format($p$create policy unit on %I using ((select current_scope()) = '*' or unit_in_scope(org_unit_id))$p$, name);
    end loop;
    -- rows about a patient, shared by the whole hospital
    foreach name in array array['patient', 'conversation', 'party', 'appointment', 'encounter', 'journey_instance', 'message', 'dispatch'] loop
        execute format('alter table %I enable row level security', name);
        execute format($p$create policy hospital on %I using ((select current_scope()) = '*' or unit_shared_with_scope(org_unit_id))$p$, name);
    end loop;
    -- rows that follow their patient
    foreach name in array array['patient_identifier', 'patient_name_token', 'identity_event', 'relationship', 'send_decision', 'open_question'] loop
        execute format('alter table %I enable row level security', name);
        execute format($p$create policy patient on %I using ((select current_scope()) = '*'
            or exists (select 1 from patient p where p.id = patient_id))$p$, name);
    end loop;
    -- rows that may have no patient yet: then only the product itself and whoever may link them
    foreach name in array array['contact_point', 'inbound_work', 'source_record', 'engagement', 'data_finding'] loop
        execute format('alter table %I enable row level security', name);
        execute format($p$create policy patient on %I using ((select current_scope()) = '*'
            or (patient_id is not null and exists (select 1 from patient p where p.id = patient_id)))$p$, name);
    end loop;
end
$$;

alter table consent_event enable row level security;
-- what was said about an address as a whole binds everybody who sends to it
create policy party on consent_event using ((select current_scope()) = '*' or party_id is null
    or exists (select 1 from party p where p.id = party_id));
alter table appointment_event enable row level security;
create policy appointment on appointment_event using ((select current_scope()) = '*' or exists (select 1 from appointment a where a.id = appointment_id));
alter table appointment_participant enable row level security;
create policy appointment on appointment_participant using ((select current_scope()) = '*' or exists (select 1 from appointment a where a.id = appointment_id));
alter table task_event enable row level security;
create policy task on task_event using ((select current_scope()) = '*' or exists (select 1 from task t where t.id = task_id));
alter table task_submission enable row level security;
create policy task on task_submission using ((select current_scope()) = '*' or exists (select 1 from task t where t.id = task_id));
alter table inbound enable row level security;
create policy work on inbound using ((select current_scope()) = '*' or exists (select 1 from inbound_work w where w.inbound_id = id));
alter table thread enable row level security;
create policy conversation on thread using ((select current_scope()) = '*'
    or exists (select 1 from conversation c where c.id = conversation_id));

-- Everybody's doings are written down; about a patient only those read them who may see the patient.
alter table audit enable row level security;
create policy append on audit for insert with check (true);
create policy patient on audit for select using ((select current_scope()) = '*'
    or patient_id is null or exists (select 1 from patient p where p.id = patient_id));

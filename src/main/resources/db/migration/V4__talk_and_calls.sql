-- People talk with patients: takeovers, notes, calls, numbers nobody knew, and questions about several visits at one address.

-- When somebody last spoke or was heard in person, either side: an inbox is ordered by it. What journeys say does not count.
alter table conversation add column active_at timestamptz;
update conversation c set active_at = (select max(w.received_at) from inbound_work w where w.patient_id = c.patient_id);
create index conversation_active on conversation (active_at desc, id desc) where active_at is not null;

-- A person has a conversation; automation to the patient waits until it is handed back.
create table takeover (
    id          uuid primary key,
    patient_id  uuid not null references patient,
    taken_by    text not null,
    taken_at    timestamptz not null,
    returned_at timestamptz,
    returned_by text,
    check ((returned_at is null) = (returned_by is null))
);
create unique index takeover_one_in_force on takeover (patient_id) where returned_at is null;
create index takeover_of on takeover (taken_by) where returned_at is null;

create table conversation_note (
    id         uuid primary key,
    patient_id uuid not null references patient,
    author     text not null,
    written_at timestamptz not null,
    key_id     uuid not null references data_key,
    body       bytea not null
);
create index conversation_note_patient on conversation_note (patient_id, written_at);

create table call_log (
    id          uuid primary key,
    patient_id  uuid not null references patient,
    task_id     uuid references task,
    opened_by   text not null,
    opened_at   timestamptz not null,
    ends_at     timestamptz not null,
    closed_at   timestamptz,
    outcome     text,
    seconds     integer,
    check ((closed_at is null) = (outcome is null)),
    check (closed_at is null or seconds >= 0)
);
create unique index call_log_one_open on call_log (patient_id) where closed_at is null;
create index call_log_patient on call_log (patient_id, opened_at);
create index call_log_ends on call_log (ends_at) where closed_at is null;

create table call_event (
    id      uuid primary key,
    call_id uuid not null references call_log,
    kind    text not null,
    actor   text not null,
    at      timestamptz not null,
    detail  jsonb not null default '{}'
);
create index call_event_call on call_event (call_id, at);

-- What people settled about a number no patient had.
create table sender_event (
    id         uuid primary key,
    address_id uuid not null references address,
    kind       text not null check (kind in ('linked', 'nobodys')),
    patient_id uuid references patient,
    actor      text not null,
    at         timestamptz not null,
    check ((kind = 'linked') = (patient_id is not null))
);
create index sender_event_address on sender_event (address_id, at);
create index inbound_work_unlinked on inbound_work (address_id, received_at) where patient_id is null;

-- What the one open question of an address is about: one line for each visit asked about. The number is what was last said to the address.
create table question_item (
    id                  uuid primary key,
    question_id         uuid not null references open_question,
    number              smallint,
    message_id          uuid not null,
    party_id            uuid not null references party,
    patient_id          uuid not null references patient,
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
create index question_item_open on question_item (question_id) where closed_at is null;
create index question_item_journey on question_item (journey_instance_id) where closed_at is null;
create index question_item_message on question_item (message_id) where closed_at is null;
insert into question_item (id, question_id, message_id, party_id, patient_id, kind, about, subject_type, subject_id,
        journey_instance_id, process_instance_id, asked_at, expires_at)
    select gen_random_uuid(), id, message_id, party_id, patient_id, kind, about, subject_type, subject_id,
        journey_instance_id, process_instance_id, asked_at, expires_at
    from open_question where closed_at is null;
-- What was answered before we asked which visit was meant, and how often we asked.
alter table open_question add column wish text;
alter table open_question add column asked_which smallint not null default 0;

revoke update, delete on conversation_note, call_event, sender_event from throughline_app;
revoke delete on takeover, call_log, question_item from throughline_app;

do $$
declare
    name text;
begin
    foreach name in array array['takeover', 'conversation_note', 'call_log', 'question_item'] loop
        execute format('alter table %I enable row level security', name);
        execute format($p$create policy patient on %I using ((select current_scope()) = '*'
            or exists (select 1 from patient p where p.id = patient_id))$p$, name);
    end loop;
end
$$;
alter table call_event enable row level security;
create policy call on call_event using ((select current_scope()) = '*' or exists (select 1 from call_log c where c.id = call_id));

-- Messages of numbers no patient has: for the product itself, and for those whose unit is the whole system. A number several patients of one
-- hospital share is for that hospital.
create function whole_system_in_scope() returns boolean language sql stable parallel safe
    return exists (select 1 from unnest(string_to_array(current_scope(), ',')) as s (path) where s.path = '/all/');
create policy unlinked on inbound_work using (patient_id is null
    and case when org_unit_id is null then whole_system_in_scope() else unit_shared_with_scope(org_unit_id) end);
alter table sender_event enable row level security;
create policy sender on sender_event using ((select current_scope()) = '*'
    or case when patient_id is null then whole_system_in_scope() else exists (select 1 from patient p where p.id = patient_id) end);

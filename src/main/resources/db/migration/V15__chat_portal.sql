-- Patients' own pages: short links that are verified, one-time codes, sessions, and visitors of the chat.

-- A short address in a message, for one patient and one purpose. The code itself stands only in the message.
create table verified_link (
    id         uuid primary key,
    code_hash  bytea not null unique,
    message_id uuid not null,
    patient_id uuid not null references patient,
    purpose    text not null check (purpose in ('visit', 'inbox')),
    subject_id uuid,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    check ((purpose = 'visit') = (subject_id is not null))
);
create index verified_link_message on verified_link (message_id);

-- A code that was sent to an address on file. The page that asked for it brings its token back; both are kept as hashes.
create table one_time_code (
    id         uuid primary key,
    token_hash bytea not null unique,
    code_hash  bytea not null,
    patient_id uuid not null references patient,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    tries      smallint not null default 0,
    used_at    timestamptz
);
create index one_time_code_old on one_time_code (expires_at);

-- A patient who showed a date of birth and a code, in one browser.
create table patient_session (
    id           uuid primary key,
    token_hash   bytea not null unique,
    patient_id   uuid not null references patient,
    created_at   timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at   timestamptz not null
);
create index patient_session_old on patient_session (expires_at);

-- How often something was tried of late: a link, a network address, a number somebody claims. Keys are hashes; old rows are removed.
create table page_try (
    key_hash bytea primary key,
    tries    integer not null,
    since    timestamptz not null
);
create index page_try_old on page_try (since);

-- Somebody who opened the chat. Who it is nobody knows until they are verified or linked; what they write is kept as everything inbound is.
create table chat_visitor (
    id           uuid primary key,
    token_hash   bytea not null unique,
    created_at   timestamptz not null,
    last_seen_at timestamptz not null
);

do $$
declare
    name text;
begin
    foreach name in array array['verified_link', 'one_time_code', 'patient_session'] loop
        execute format('alter table %I enable row level security', name);
        execute format($p$create policy patient on %I using ((select current_scope()) = '*'
            or exists (select 1 from patient p where p.id = patient_id))$p$, name);
    end loop;
end
$$;

-- What stands on a page of ours.
create index dispatch_on_page on dispatch (address_id) where channel in ('chat', 'portal');

-- What was said to somebody of whom nobody knew who they are.
create index dispatch_to_nobody on dispatch (address_id) where patient_id is null;

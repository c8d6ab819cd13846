-- Which version of a wording is said, who changed it and who approved. Versions themselves stay as they are, for ever.

alter table template_version add column origin text not null default 'file' check (origin in ('file', 'edit'));

-- The one that is said, read at every send: a change holds on all nodes from their next message on. What is queued keeps its text.
create table template_in_force (
    key        text not null,
    channel    text not null,
    locale     text not null,
    version_id uuid not null references template_version,
    since      timestamptz not null,
    primary key (key, channel, locale)
);

-- A wording somebody wants, until somebody else decides.
create table template_edit (
    id              uuid primary key,
    key             text not null,
    channel         text not null,
    locale          text not null,
    replaces        uuid references template_version,
    parts           jsonb not null,
    reason          text not null,
    state           text not null check (state in ('proposed', 'approved', 'rejected')),
    proposed_by     text not null,
    proposed_at     timestamptz not null,
    decided_by      text,
    decided_at      timestamptz,
    decision_reason text,
    version_id      uuid references template_version,
    check ((state = 'proposed') = (decided_by is null)),
    -- nobody approves their own words
    check (state <> 'approved' or decided_by <> proposed_by)
);
create unique index template_edit_open on template_edit (key, channel, locale) where state = 'proposed';

-- What became of a wording, in order.
create table template_event (
    id         uuid primary key,
    key        text not null,
    channel    text not null,
    locale     text not null,
    kind       text not null check (kind in ('released', 'proposed', 'approved', 'rejected', 'rolled_back')),
    version_id uuid references template_version,
    edit_id    uuid references template_edit,
    by_whom    text not null,
    at         timestamptz not null,
    reason     text
);
create index template_event_key on template_event (key, at);

revoke delete on template_in_force, template_edit from throughline_app;
revoke update, delete on template_event from throughline_app;

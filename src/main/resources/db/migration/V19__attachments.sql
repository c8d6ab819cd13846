-- Pictures and files that came with an inbound message: what is still to be fetched from the provider, what is kept beside the database,
-- and what was not kept, with the sentence a coordinator reads.
create table inbound_attachment (
    id         uuid primary key,
    inbound_id uuid not null,
    position   smallint not null,
    provider   text not null,
    reference  text,
    kind       text not null check (kind in ('picture', 'sound', 'video', 'file')),
    name       bytea,
    state      text not null check (state in ('to-fetch', 'kept', 'not-kept')),
    type       text,
    bytes      bigint,
    why        text,
    tries      smallint not null default 0,
    due_at     timestamptz not null,
    unique (inbound_id, position),
    check ((state = 'kept') = (type is not null and bytes is not null)),
    check ((state = 'not-kept') = (why is not null))
);
create index inbound_attachment_due on inbound_attachment (due_at) where state = 'to-fetch';

revoke delete on inbound_attachment from throughline_app;
alter table inbound_attachment enable row level security;
create policy work on inbound_attachment using ((select current_scope()) = '*'
    or exists (select 1 from inbound_work w where w.inbound_id = inbound_attachment.inbound_id));

-- Whose coordinators see what a visitor of a site writes, where the site is set to a unit.
alter table chat_visitor add column org_unit_id uuid references org_unit;

-- Who may see what an unknown sender wrote may also say what became of it.
drop policy sender on sender_event;
create policy sender on sender_event using ((select current_scope()) = '*'
    or case when patient_id is null
        then whole_system_in_scope()
            or exists (select 1 from inbound_work w where w.address_id = sender_event.address_id and w.patient_id is null)
        else exists (select 1 from patient p where p.id = patient_id) end);

-- What patients answered, on its way back to the EHR, which is the master of the visits and may say no. One of the durable queues.

create table ehr_write (
    id                  uuid primary key,
    -- who asked for it, once: the activity of a journey, or the submission of a task
    key                 text not null unique,
    appointment_id      uuid not null references appointment,
    patient_id          uuid not null references patient,
    org_unit_id         uuid not null references org_unit,
    answer              text not null check (answer in ('confirmed', 'cancel-requested', 'move-requested')),
    answered_at         timestamptz not null,
    journey_instance_id uuid,
    process_instance_id text,
    state               text not null check (state in ('queued', 'acknowledged', 'rejected', 'slot-lost', 'unanswered')),
    due_at              timestamptz not null,
    tries               integer not null default 0,
    reason              text,
    created_at          timestamptz not null,
    settled_at          timestamptz
);
create index ehr_write_due on ehr_write (due_at) where state = 'queued';
create index ehr_write_appointment on ehr_write (appointment_id, id);

alter table ehr_write enable row level security;
create policy patient on ehr_write using ((select current_scope()) = '*' or exists (select 1 from patient p where p.id = patient_id));

alter table appointment_event drop constraint appointment_event_kind_check;
alter table appointment_event add constraint appointment_event_kind_check check (kind in ('booked', 'changed', 'moved', 'cancelled',
    'arrived', 'ended', 'no_show', 'removed', 'answered', 'stale', 'acknowledged', 'refused', 'unanswered'));

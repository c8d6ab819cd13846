-- Who is there, when, and who is called when nobody is: staffed hours, on-call chains, absences; messages to people who are no patients.

-- A page to the on-call nurse, or the answer to a number nobody knows, is about no patient's conversation.
alter table message alter column patient_id drop not null;
alter table message alter column origin_patient_id drop not null;
alter table dispatch alter column patient_id drop not null;
alter table send_decision alter column patient_id drop not null;
-- to the hospital's own staff: passes holds, which are there to stop what goes to patients
alter table dispatch add column to_staff boolean not null default false;

-- The timer of the paging is the task itself: when the next one is due, and how many there were.
alter table task add column page_due_at timestamptz;
alter table task add column page_step integer not null default 0;
create index task_page_due on task (page_due_at) where state = 'open' and page_due_at is not null;
create index task_event_paged on task_event ((detail ->> 'address'), at) where kind = 'paged';

create table staff_absence (
    id          uuid primary key,
    username    text not null references staff_user (username),
    org_unit_id uuid not null references org_unit,
    starts_at   timestamptz not null,
    ends_at     timestamptz not null check (ends_at > starts_at),
    entered_by  text not null,
    entered_at  timestamptz not null,
    cancelled_at timestamptz,
    cancelled_by text,
    -- when the person's tasks went back to their queues
    returned_at timestamptz
);
create index staff_absence_due on staff_absence (starts_at) where returned_at is null and cancelled_at is null;
create index staff_absence_user on staff_absence (username, ends_at);

alter table staff_absence enable row level security;
create policy unit on staff_absence using ((select current_scope()) = '*' or unit_in_scope(org_unit_id));
revoke delete on staff_absence from throughline_app;

-- why a unit was changed, where somebody had to say so
alter table org_unit_version add column reason text;

-- What holds for a unit may stand at a unit above it, which the asker may not see: these two tell only what everybody below may know.
create function unit_is_covered(unit uuid) returns boolean language sql stable security definer set search_path = public
    return exists (select 1 from org_unit u join org_unit a on starts_with(u.path, a.path) join queue q on q.org_unit_id = a.id
                   where u.id = unit and jsonb_array_length(q.on_call_chain) > 0);
create function unit_calendar(unit uuid) returns table (calendar jsonb, zone text) language sql stable security definer set search_path = public
    begin atomic
        select q.calendar, a.zone from org_unit u join org_unit a on starts_with(u.path, a.path) join queue q on q.org_unit_id = a.id
        where u.id = unit and q.calendar <> '{}' order by length(a.path) desc limit 1;
    end;

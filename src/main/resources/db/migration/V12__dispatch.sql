-- Dispatch: order, fair shares, several messages said as one, room between messages, and money.

-- what it is for; whether a journey says it of its own accord (no answer, nothing urgent, no person speaking)
alter table dispatch add column purpose text not null default 'operational';
alter table dispatch add column automated boolean not null default false;
-- the text that can say it together with others of its kind; none where it stands alone
alter table dispatch add column together text;
-- the message that says it too: this one has no attempt of its own and goes the way of that one
alter table dispatch add column carrier_id uuid;
-- a long one was accepted: until it was sent, and at most until then, nothing follows it to the address
alter table dispatch add column clear_at timestamptz;
update dispatch d set purpose = m.purpose from message m where m.id = d.message_id and m.created_at = d.message_created_at;

drop index dispatch_due;
create index dispatch_fair on dispatch (channel, urgency_rank, org_unit_id, due_at, message_id) where state = 'queued';
create index dispatch_in_line on dispatch (address_id, urgency_rank, due_at, message_id)
    where state in ('queued', 'leased', 'attempting', 'unknown');
create index dispatch_not_clear on dispatch (address_id) where clear_at is not null;
create index dispatch_carried on dispatch (carrier_id) where carrier_id is not null;
create index dispatch_said_to on dispatch (patient_id, sent_at) where sent_at is not null and automated;
create index dispatch_said_at on dispatch (address_id, sent_at) where sent_at is not null and automated;
drop index dispatch_one_in_flight;
create unique index dispatch_one_in_flight on dispatch (address_id) where state = 'attempting' and carrier_id is null;

-- how often something was written about
create index message_subject on message (subject_id) where subject_id is not null;

-- Whose turn it is: the unit that was served longest ago comes first.
create sequence dispatch_turn_number;
create table dispatch_turn (
    channel     text not null,
    org_unit_id uuid not null,
    turn        bigint not null,
    primary key (channel, org_unit_id)
) with (fillfactor = 50);

-- segments, pages or whatever the channel is paid in, of what was put on the wire
alter table attempt add column units integer not null default 1;

-- What was said in one with others: to whom of them how, and once the whole of it.
create table said_together (
    id         uuid primary key,
    attempt_id uuid not null,
    message_id uuid not null,
    carrier_id uuid not null,
    patient_id uuid not null,
    position   smallint not null,
    shown      bytea not null,
    wire       bytea,
    at         timestamptz not null,
    unique (attempt_id, message_id)
);
create index said_together_message on said_together (message_id);

-- Why a message that may go goes at another time, or with others, or not at all.
create table send_timing (
    id         uuid primary key,
    message_id uuid not null,
    patient_id uuid not null,
    at         timestamptz not null,
    outcome    text not null check (outcome in ('together', 'later', 'dropped')),
    until_at   timestamptz,
    reason     text not null,
    sentence   text not null,
    because_of uuid
);
create index send_timing_message on send_timing (message_id, at);

-- What a unit may spend in a month, as it was set, the latest counts; what it spent, attempt by attempt.
create table spending_limit (
    id                uuid primary key,
    org_unit_id       uuid not null references org_unit,
    monthly           numeric(12, 2) check (monthly >= 0),
    stops_operational boolean not null,
    set_by            text not null,
    set_at            timestamptz not null
);
create index spending_limit_unit on spending_limit (org_unit_id, set_at desc);
create table spent (
    attempt_id  uuid primary key,
    org_unit_id uuid not null,
    month       date not null,
    channel     text not null,
    purpose     text not null,
    units       integer not null,
    amount      numeric(12, 5) not null,
    prices      text not null,
    at          timestamptz not null
);
create index spent_unit on spent (org_unit_id, month, channel, purpose);
-- told once a month for each step
create table spending_warning (
    org_unit_id uuid not null,
    month       date not null,
    percent     smallint not null,
    at          timestamptz not null,
    primary key (org_unit_id, month, percent)
);

revoke update, delete on said_together, send_timing, spending_limit, spent, spending_warning from throughline_app;

do $$
declare
    name text;
begin
    foreach name in array array['said_together', 'send_timing'] loop
        execute format('alter table %I enable row level security', name);
        execute format($p$create policy patient on %I using ((select current_scope()) = '*'
            or exists (select 1 from patient p where p.id = patient_id))$p$, name);
    end loop;
    foreach name in array array['spending_limit', 'spent', 'spending_warning'] loop
        execute format('alter table %I enable row level security', name);
        execute format($p$create policy unit on %I using ((select current_scope()) = '*' or unit_in_scope(org_unit_id))$p$, name);
    end loop;
end
$$;

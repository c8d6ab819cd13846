-- Stop: what a hold covers, and which messages it stopped. Go: departments that run without sending, and what they would have sent.

-- A hold belongs to a unit and covers what is sent for it and for everything below it; whoever belongs to the root may stop everything.
alter table hold add column org_unit_id uuid not null default '00000000-0000-7000-8000-000000000001' references org_unit;
alter table hold add column lift_reason text;
update hold h set scope_value = u.id::text from org_unit u where h.scope in ('org_unit', 'location') and u.path = h.scope_value;

-- In force from its commit on, whatever the clocks of the nodes say; an end it was given counts by the asker's clock.
create function hold_in_force(h hold, moment timestamptz) returns boolean language sql immutable parallel safe
    return h.lifted_at is null and (h.placed_until is null or h.placed_until > moment);

create function hold_covers(h hold, unit uuid, journey text, channel text, location uuid) returns boolean language sql stable parallel safe
    return exists (select 1 from org_unit owner, org_unit u
                   where owner.id = h.org_unit_id and u.id = unit and starts_with(u.path, owner.path))
       and case h.scope
             when 'system' then true
             when 'journey' then h.scope_value = journey
             when 'channel' then h.scope_value = channel
             when 'location' then h.scope_value = location::text
             when 'org_unit' then exists (select 1 from org_unit held, org_unit u
                                          where held.id::text = h.scope_value and u.id in (unit, location)
                                            and starts_with(u.path, held.path))
             else false
           end;

-- What a hold may name besides the unit, on the row that is sent; and which hold stopped it.
alter table dispatch add column journey_key text;
alter table dispatch add column location_id uuid;
alter table dispatch add column held_by uuid;
-- when it would have gone, where the department only pretends to send
alter table dispatch add column shadow_at timestamptz;
update dispatch d set journey_key = i.journey_key, location_id = a.location_id
    from journey_instance i left join appointment a on i.subject_type = 'appointment' and a.id = i.subject_id
    where i.id = d.journey_instance_id and d.state in ('queued', 'leased');
create index dispatch_held on dispatch (held_by) where state = 'queued' and held_by is not null;
create index dispatch_shadow on dispatch (org_unit_id, shadow_at) where shadow_at is not null;

-- Work that would have arisen, had the department been live: counted, never handed to a person.
alter table task add column shadow boolean not null default false;
create index task_shadow on task (org_unit_id, created_at) where shadow;

-- Visits booked before the department could begin journeys are still to be looked through.
alter table org_unit add column journeys_due boolean not null default false;
create index org_unit_journeys_due on org_unit (id) where journeys_due;

alter table hold enable row level security;
create policy seen on hold for select using ((select current_scope()) = '*' or unit_shared_with_scope(org_unit_id));
create policy placed on hold for insert with check ((select current_scope()) = '*' or unit_in_scope(org_unit_id));
create policy lifted on hold for update using ((select current_scope()) = '*' or unit_in_scope(org_unit_id));
alter table phase_allow_list enable row level security;
create policy unit on phase_allow_list using ((select current_scope()) = '*' or unit_in_scope(org_unit_id));
revoke delete on hold from throughline_app;

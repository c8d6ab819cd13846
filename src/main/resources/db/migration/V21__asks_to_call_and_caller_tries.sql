-- Whether it asks to call back: asked again when it goes, since the office may have closed meanwhile.
alter table message add column asks_to_call boolean not null default false;

-- How often a date of birth was keyed in calls from a number that its carrier does not vouch for, since when: bounded for each hour.
create table caller_tries (
    address_id uuid primary key references address,
    since      timestamptz not null,
    tries      integer not null
);

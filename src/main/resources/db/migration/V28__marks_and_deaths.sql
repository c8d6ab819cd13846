-- Every mark on a unit counts, so that one set while its visits are looked through is not taken off with the one before.
alter table org_unit add column journeys_mark integer not null default 0;

-- A death that a source tells, and takes back, belongs to the history of the record.
alter table identity_event drop constraint identity_event_kind_check;
alter table identity_event add constraint identity_event_kind_check
    check (kind in ('created', 'merged', 'unmerged', 'disputed', 'settled', 'linked', 'unlinked', 'died', 'death-retracted'));

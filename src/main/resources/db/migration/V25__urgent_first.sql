-- What may speak of danger is worked off before everything else that waits. A quick look when it came: it orders and decides nothing.
alter table inbound_work add column urgent boolean not null default false;
drop index inbound_work_due;
create index inbound_work_due on inbound_work (urgent desc, due_at) where state = 'received';

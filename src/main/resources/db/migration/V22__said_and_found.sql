-- When a patient said it, by the provider's time: what a list brings hours later is nobody waiting for an answer (K10).
alter table inbound_work add column said_at timestamptz;
update inbound_work set said_at = received_at;
alter table inbound_work alter column said_at set not null;

-- What came from an address: asked before every send to it.
create index inbound_work_of_address on inbound_work (address_id, received_at);
create index inbound_work_unread on inbound_work (address_id) where state = 'received';

-- What was said at an address, whoever said it: also what somebody refuses who names nothing.
drop index dispatch_said_at;
create index dispatch_said_at on dispatch (address_id, sent_at) where sent_at is not null;

-- Several channels: what a wording has besides its text, and what comes back otherwise than written.

-- counts in the limits over voice and text together
alter table sender add column by_phone boolean not null default false;
update sender set by_phone = true where channel in ('sms', 'voice');

-- patterns beside the body, by name: an e-mail's subject
alter table template_version add column parts jsonb not null default '{}';

-- the same, rendered, as JSON; encrypted like the body
alter table message add column parts bytea;

-- the attempt it proves to answer; what was pressed instead of written; whether a machine wrote it
alter table inbound add column answers uuid;
alter table inbound add column choice text;
alter table inbound add column automatic boolean not null default false;

-- Until when everything that came in on a channel was taken in from the provider's own list, whatever became of its callbacks.
create table inbound_heard (
    channel     text primary key,
    heard_until timestamptz not null
);

-- How often a message could not be prepared at all: one that never can must not go round for ever.
alter table dispatch add column stumbles smallint not null default 0;

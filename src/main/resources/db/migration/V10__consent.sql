-- Consent, complete: one number over voice and text, how far a revocation reaches, proxies, and numbers that may have changed hands.

-- The keyed hash of a phone number whatever channel reaches it: a STOP by text holds for calls to the same number. Rows from before get
-- theirs when the product starts.
alter table address add column number_hash bytea;
create index address_number on address (number_hash) where number_hash is not null;

-- channels: codes with commas where the words named some, * for whatever the table of revocations says. programme: a grant for one only.
alter table consent_event add column channels text not null default '*';
alter table consent_event add column programme text;

-- barred: must not be told anything (custody, an order of a court), whatever else the relationship says; survives what a source re-sends.
alter table relationship add column barred boolean not null default false;

-- The minor consented alone: nobody else is told (K8).
alter table patient add column minor_consent boolean not null default false;

-- What is sensitive is never merged with other messages and never goes to a proxy without authority for it (K13).
alter table message add column sensitive boolean not null default false;

-- What a look-up of reassigned numbers answered last (K9). No answer yet: it is to be asked.
create table number_check (
    address_id   uuid primary key references address,
    wanted_at    timestamptz not null,
    confirmed_on date not null,
    asked_at     timestamptz,
    answer       text check (answer in ('no', 'yes', 'no-data'))
);
create index number_check_wanted on number_check (wanted_at) where answer is null;

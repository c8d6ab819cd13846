-- Why a person has to look at what came in before anything is done about it; none for nearly all.
alter table inbound add column doubt text;

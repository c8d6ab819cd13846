-- Whether the source labels a visit as being for the patient alone (K13), whatever its type.
alter table appointment add column sensitive boolean not null default false;

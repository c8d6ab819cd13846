-- An answer is about the visit as it was when the patient gave it. Of one that was moved or cancelled since, the EHR is not told.

alter table ehr_write add column revision integer;
update ehr_write w set revision = a.revision from appointment a where a.id = w.appointment_id;
alter table ehr_write alter column revision set not null;

alter table ehr_write drop constraint ehr_write_state_check;
alter table ehr_write add constraint ehr_write_state_check
    check (state in ('queued', 'acknowledged', 'rejected', 'slot-lost', 'unanswered', 'overtaken'));

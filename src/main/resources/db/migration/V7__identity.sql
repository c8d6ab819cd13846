-- A merge is a pointer: every record keeps its own facts, and whoever reads or sends follows the pointer. So a merge can be undone whole.

create index patient_merged_into on patient (merged_into) where merged_into is not null;

-- The record that stands for this one now: itself, or what it was merged into, however often.
create function surviving_patient(record uuid) returns uuid language sql stable parallel safe as $$
    with recursive way (id, next_id) as (
        select p.id, p.merged_into from patient p where p.id = record
        union all
        select p.id, p.merged_into from patient p join way w on p.id = w.next_id)
    select id from way where next_id is null
$$;

-- The record and every other that was merged into it.
create function merged_group(record uuid) returns setof uuid language sql stable parallel safe as $$
    with recursive records (id) as (
        select record
        union
        select p.id from patient p join records r on p.merged_into = r.id)
    select id from records
$$;

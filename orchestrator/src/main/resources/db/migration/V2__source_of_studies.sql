-- Text of the study file, with what was changed since.
alter table study add column source varchar;

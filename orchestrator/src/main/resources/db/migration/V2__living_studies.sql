-- Text of the study file, with what was changed since.
alter table study add column source varchar;

-- The trial that it is a changed copy of; 0: of none.
alter table trial add column parent integer default 0 not null;

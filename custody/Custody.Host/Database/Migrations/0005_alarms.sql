-- What somebody has to look at, and whether withdrawals are stopped.
create table alarm (
    id bigint generated always as identity primary key,
    tag text not null,
    subject text not null,
    text text not null,
    raised_ns bigint not null,
    cleared_ns bigint
);
create unique index alarm_open on alarm (tag, subject) where cleared_ns is null;
create trigger append_only before delete or truncate on alarm for each statement execute function is_append_only();

create table halt (
    only_one boolean primary key default true check (only_one),
    -- Null while withdrawals go on.
    reason text
);
insert into halt (reason) values (null);

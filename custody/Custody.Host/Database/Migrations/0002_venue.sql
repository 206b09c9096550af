-- How far the venue's feed is booked, and what its numbers mean. Moves in the same transaction as the postings.
create table feed_cursor (
    only_one boolean primary key default true check (only_one),
    seq bigint not null check (seq >= 0)
);
insert into feed_cursor (seq) values (0);

create function cursor_moves_on() returns trigger language plpgsql as $$
begin
    if new.seq < old.seq then
        raise exception 'feed-cursor: % after %', new.seq, old.seq using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger cursor_moves_on before update on feed_cursor for each row execute function cursor_moves_on();
create trigger append_only before delete or truncate on feed_cursor for each statement execute function is_append_only();

create table venue_asset (
    number integer primary key,
    code text not null unique,
    decimals integer not null
);
create table venue_instrument (
    number integer primary key,
    symbol text not null,
    base_asset integer not null references venue_asset,
    quote_asset integer not null references venue_asset
);
create table venue_firm (
    number integer primary key,
    name text not null
);

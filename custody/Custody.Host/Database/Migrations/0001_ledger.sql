-- The double-entry ledger. What keeps it right is in the database, not in the program that writes to it: every INSERT of
-- postings balances by itself, nothing is ever changed or taken out, and balances follow from postings alone.

create function is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'append-only: % of % is refused', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;

create table account (
    id bigint generated always as identity primary key,
    name text not null unique,
    kind text not null check (kind in ('firm', 'withdrawing', 'house', 'fees', 'treasury', 'chain', 'in-transit', 'outside')),
    owner text not null,
    asset text not null check (asset <> ''),
    check (name = kind || '/' || owner || '/' || asset)
);

create table ledger_transaction (
    id bigint generated always as identity primary key,
    -- Once per key, for ever; the hash tells a repetition from another transaction under the same key.
    key text not null unique check (key <> ''),
    -- The venue's command that it books; 0 when it does not come from the feed.
    venue_seq bigint not null check (venue_seq >= 0),
    content_hash bytea not null check (length(content_hash) = 32),
    booked_at timestamptz not null default clock_timestamp(),
    -- The database transaction that made it: no other may add postings to it.
    xact xid8 not null default pg_current_xact_id()
);
create index ledger_transaction_venue_seq on ledger_transaction (venue_seq) where venue_seq > 0;

create table posting (
    transaction_id bigint not null references ledger_transaction,
    account_id bigint not null references account,
    atoms numeric(39, 0) not null check (atoms <> 0),
    primary key (transaction_id, account_id)
);
create index posting_account on posting (account_id, transaction_id);

-- The sum of an account's postings, kept by their trigger and by nothing else.
create table balance (
    account_id bigint primary key references account,
    atoms numeric(39, 0) not null
);

create function posting_added() returns trigger language plpgsql as $$
declare
    wrong record;
begin
    select p.transaction_id, a.asset, sum(p.atoms) as atoms into wrong
    from added p join account a on a.id = p.account_id
    group by p.transaction_id, a.asset having sum(p.atoms) <> 0 limit 1;
    if found then
        raise exception 'ledger-unbalanced: transaction % leaves % atoms of %', wrong.transaction_id, wrong.atoms, wrong.asset
            using errcode = 'integrity_constraint_violation';
    end if;
    select t.key into wrong
    from added p join ledger_transaction t on t.id = p.transaction_id
    where t.xact <> pg_current_xact_id() limit 1;
    if found then
        raise exception 'ledger-closed: transaction % is complete', wrong.key using errcode = 'integrity_constraint_violation';
    end if;
    -- By account number, so that two writers wait for each other in one order.
    insert into balance (account_id, atoms)
    select account_id, sum(atoms) from added group by account_id order by account_id
    on conflict (account_id) do update set atoms = balance.atoms + excluded.atoms;
    return null;
end $$;
create trigger posting_added after insert on posting referencing new table as added for each statement execute function posting_added();

create function ledger_transaction_has_postings() returns trigger language plpgsql as $$
begin
    if not exists (select from posting where transaction_id = new.id) then
        raise exception 'ledger-empty: transaction % has no postings', new.key using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;
create constraint trigger ledger_transaction_has_postings after insert on ledger_transaction
    deferrable initially deferred for each row execute function ledger_transaction_has_postings();

create function balance_is_derived() returns trigger language plpgsql as $$
begin
    -- Depth 1 is this trigger alone: somebody writes to the table itself.
    if pg_trigger_depth() < 2 then
        raise exception 'balance-derived: balances follow from postings' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger balance_is_derived before insert or update on balance for each statement execute function balance_is_derived();

create trigger append_only before delete or truncate on balance for each statement execute function is_append_only();
create trigger append_only before update or delete or truncate on account for each statement execute function is_append_only();
create trigger append_only before update or delete or truncate on ledger_transaction for each statement execute function is_append_only();
create trigger append_only before update or delete or truncate on posting for each statement execute function is_append_only();

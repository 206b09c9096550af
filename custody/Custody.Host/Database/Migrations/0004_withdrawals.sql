-- Withdrawals: the intent never changes, the status moves, every move is kept.
create table withdrawal (
    nonce text primary key,
    -- The requester's own key: asked twice, made once.
    request_key text not null unique,
    intent bytea not null,
    chain_id text not null,
    asset text not null,
    atoms numeric(39, 0) not null,
    firm integer not null,
    requested_ns bigint not null,
    -- When the quorum was complete; what the velocity rule counts.
    approved_ns bigint,
    status text not null,
    reason text not null,
    version integer not null default 0
);
create index withdrawal_open on withdrawal (chain_id, requested_ns) where status not in ('Settled', 'Refused', 'Canceled', 'Failed');
create index withdrawal_velocity on withdrawal (chain_id, asset, approved_ns);

create function withdrawal_intent_stands() returns trigger language plpgsql as $$
begin
    if (new.nonce, new.request_key, new.intent, new.chain_id, new.asset, new.atoms, new.firm, new.requested_ns)
        is distinct from (old.nonce, old.request_key, old.intent, old.chain_id, old.asset, old.atoms, old.firm, old.requested_ns)
        or new.version <> old.version + 1 then
        raise exception 'withdrawal-intent: % does not change', old.nonce using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger withdrawal_intent_stands before update on withdrawal for each row execute function withdrawal_intent_stands();
create trigger append_only before delete or truncate on withdrawal for each statement execute function is_append_only();

create table withdrawal_move (
    id bigint generated always as identity primary key,
    nonce text not null references withdrawal,
    at_ns bigint not null,
    from_status text not null,
    event text not null,
    to_status text not null,
    reason text not null
);
create trigger append_only before update or delete or truncate on withdrawal_move for each statement execute function is_append_only();

create table approval (
    nonce text not null references withdrawal,
    approver text not null,
    signature bytea not null check (length(signature) = 64),
    at_ns bigint not null,
    primary key (nonce, approver)
);
create trigger append_only before update or delete or truncate on approval for each statement execute function is_append_only();

create table withdrawal_transaction (
    nonce text primary key references withdrawal,
    chain_id text not null,
    -- Before it is signed, as the signer and the chain adapter know it.
    unsigned text not null,
    -- Written before it is sent; sent again as often as needed, always the same bytes.
    raw bytea,
    tx_id text,
    unique (chain_id, tx_id),
    check ((raw is null) = (tx_id is null))
);
create trigger append_only before delete or truncate on withdrawal_transaction for each statement execute function is_append_only();

-- What transactions under way spend: no two of them the same coin or account nonce.
create table reservation (
    chain_id text not null,
    resource text not null,
    nonce text not null references withdrawal,
    primary key (chain_id, resource)
);

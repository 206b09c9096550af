-- Our addresses, the last blocks that were read of each chain, and what they paid us.
create table own_address (
    chain_id text not null,
    address text not null,
    key_group text not null,
    -- Whose deposits it takes; 0 for the house.
    firm integer not null check (firm >= 0),
    public_keys bytea[] not null,
    primary key (chain_id, address),
    unique (chain_id, key_group)
);
create trigger append_only before update or delete or truncate on own_address for each statement execute function is_append_only();

create table block_trail (
    chain_id text not null,
    height bigint not null,
    hash text not null,
    parent_hash text not null,
    primary key (chain_id, height)
);

create table deposit (
    chain_id text not null,
    tx_id text not null,
    index integer not null,
    address text not null,
    asset text not null,
    atoms numeric(39, 0) not null check (atoms > 0),
    firm integer not null,
    height bigint not null,
    hash text not null,
    parent_hash text not null,
    status text not null,
    primary key (chain_id, tx_id, index)
);
create index deposit_open on deposit (chain_id) where status <> 'Credited';
create index deposit_block on deposit (chain_id, height);

create table deposit_move (
    id bigint generated always as identity primary key,
    chain_id text not null,
    tx_id text not null,
    index integer not null,
    at_ns bigint not null,
    from_status text not null,
    event text not null,
    to_status text not null,
    foreign key (chain_id, tx_id, index) references deposit
);
create trigger append_only before update or delete or truncate on deposit_move for each statement execute function is_append_only();

#!/bin/sh
# Run by the Postgres image on an empty volume: one role and one database for each subgraph, closed to the others.
set -eu
for name in users posts chat media; do
  psql --username postgres --set ON_ERROR_STOP=1 --set name="$name" --set password="$POSTGRES_PASSWORD" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke connect on database :"name" from public;
SQL
done

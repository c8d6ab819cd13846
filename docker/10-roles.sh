#!/bin/sh
# Runs once, on an empty database: an owner who migrates, and a login that may only work as the application. The same roles by hand:
# docs/operator.md.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    -v owner_password="$THROUGHLINE_OWNER_PASSWORD" -v login_password="$THROUGHLINE_LOGIN_PASSWORD" <<'SQL'
create role throughline_app nologin nosuperuser nobypassrls;
create role throughline_owner login password :'owner_password';
create role throughline_login login password :'login_password' in role throughline_app;
grant throughline_app to throughline_owner;
create database throughline owner throughline_owner encoding 'UTF8' template template0;
SQL

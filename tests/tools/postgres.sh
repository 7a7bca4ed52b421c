#!/bin/sh
# A throwaway PostgreSQL for tests: `postgres.sh start DIR` prints its URL, `postgres.sh stop DIR` ends it.
#
#   ARSHJUL_TEST_POSTGRES=$(tests/tools/postgres.sh start /tmp/pg) cargo test --test it store
#
# Nothing it holds survives a power cut (fsync is off). PostgreSQL refuses to run as root; root runs it as the user
# `postgres`, or as PG_USER.
set -eu

usage() {
    echo "usage: $0 start|stop DIR" >&2
    exit 2
}
[ $# -eq 2 ] || usage
command=$1
dir=$2

# The newest version that has an initdb, on the path or where Debian puts it.
bin=""
if found=$(command -v initdb); then
    bin=$(dirname "$found")
else
    for candidate in /usr/lib/postgresql/*/bin; do
        [ -x "$candidate/initdb" ] && bin=$candidate
    done
fi
[ -n "$bin" ] || {
    echo "$0: no initdb on the path or below /usr/lib/postgresql; install PostgreSQL's server" >&2
    exit 1
}

user=${PG_USER:-postgres}
run() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    elif command -v runuser >/dev/null; then
        runuser -u "$user" -- "$@"
    else
        # shellcheck disable=SC2016 # expanded by the inner shell
        su "$user" -s /bin/sh -c 'exec "$@"' -- sh "$@"
    fi
}

case $command in
start)
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    if [ "$(id -u)" -eq 0 ]; then
        id "$user" >/dev/null 2>&1 || useradd --system --no-create-home --shell /bin/sh "$user"
        chown "$user" "$dir"
    fi
    cd "$dir"
    [ -f "$dir/data/PG_VERSION" ] || run "$bin/initdb" -D "$dir/data" -U arshjul -A trust -E UTF8 --no-sync \
        >"$dir/initdb.log" 2>&1 || {
        cat "$dir/initdb.log" >&2
        exit 1
    }
    # A random high port; another one if somebody has it.
    tries=0
    while :; do
        port=$(($(od -An -N2 -tu2 /dev/urandom) % 20000 + 40000))
        if run "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/server.log" -o "-p $port -h 127.0.0.1 -k '' \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" \
            start >/dev/null 2>&1; then
            break
        fi
        tries=$((tries + 1))
        [ $tries -lt 5 ] || {
            cat "$dir/server.log" >&2
            exit 1
        }
    done
    echo "postgres://arshjul@127.0.0.1:$port/postgres"
    ;;
stop)
    dir=$(cd "$dir" && pwd)
    cd "$dir"
    run "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null
    ;;
*) usage ;;
esac

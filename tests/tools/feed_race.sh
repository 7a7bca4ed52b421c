#!/usr/bin/env bash
# How many requests for a feed the daemon answers in a second, beside nginx with the same bytes and headers.
#
#   tests/tools/feed_race.sh [ARSHJUL]      ARSHJUL is the release build unless another program is named
#
# wrk asks both the same, over connections that are kept, with a tag that fits (304) and without one (200), in turns so
# that other work on the machine is shared by both. Prints the best round of each, their ratio, and what a request costs
# each in processor time, which other work disturbs less. Needs wrk and nginx; not part of tests/run, since it measures
# the machine as much as the program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program=$(realpath "${1:-target/release/arshjul}")
rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-4} connections=${CONNECTIONS:-32} feed=${FEED:-rpo-medicinsk-diagnostik}
nginx=$(command -v nginx || echo /usr/sbin/nginx)
for tool in wrk "$nginx" curl; do
    command -v "$tool" >/dev/null || { echo "$0: there is no $tool" >&2; exit 2; }
done
scratch=$(mktemp -d)
# nginx reads files as another user.
chmod 755 "$scratch"
pids=()
clean_up() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    rm -rf "$scratch"
}
trap clean_up EXIT

# Keeps the head and the bytes of a feed, as soon as it is served.
wait_for() {
    local port=$1 name=$2 url=http://127.0.0.1:$1/feed/$feed.ics
    for _ in $(seq 100); do
        if curl -fsS -D "$scratch/$name.head" -o "$scratch/$name.ics" "$url" 2>/dev/null; then return; fi
        sleep 0.1
    done
    echo "$0: $name doesn't serve the feed" >&2
    return 1
}
header() { grep -i "^$2:" "$scratch/$1.head" | tr -d '\r' | sed 's/^[^:]*: //'; }
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
ours=$(free_port) theirs=$(free_port)

(cd "$scratch" && ARSHJUL_DATABASE=$scratch/race.db ARSHJUL_LISTEN=127.0.0.1:$ours ARSHJUL_LOG=error \
    exec "$program" serve) >/dev/null &
pids+=($!)
wait_for "$ours" ours
tag=$(header ours etag)

# As nginx serves files at its fastest. Its tag is its own, the size of the answer and the headers are ours.
mkdir -p "$scratch/feed" "$scratch/tmp"
cp "$scratch/ours.ics" "$scratch/feed/$feed.ics"
cat >"$scratch/nginx.conf" <<CONF
worker_processes ${WORKERS:-2};
pid $scratch/pid;
events { worker_connections 1024; }
http {
    access_log off;
    sendfile on; tcp_nopush on; keepalive_requests 100000000;
    open_file_cache max=100 inactive=1h; open_file_cache_valid 1h;
    types { "text/calendar; charset=utf-8" ics; }
    client_body_temp_path $scratch/tmp; proxy_temp_path $scratch/tmp; fastcgi_temp_path $scratch/tmp;
    uwsgi_temp_path $scratch/tmp; scgi_temp_path $scratch/tmp;
    server {
        listen 127.0.0.1:$theirs;
        root $scratch;
        add_header Cache-Control "$(header ours cache-control)";
        add_header Content-Disposition 'inline; filename="$feed.ics"';
        add_header Content-Security-Policy "$(header ours content-security-policy)";
        add_header X-Content-Type-Options nosniff;
        add_header Referrer-Policy no-referrer;
    }
}
CONF
"$nginx" -e "$scratch/nginx.log" -c "$scratch/nginx.conf" -g 'daemon off;' &
pids+=($!)
wait_for "$theirs" theirs
cmp "$scratch/ours.ics" "$scratch/theirs.ics"
their_tag=$(header theirs etag)

# Processor time that a process and its children have used so far, in ticks of the kernel.
ticks() {
    local pid=$1 sum=0 own
    for own in "$pid" $(cat "/proc/$pid/task/$pid/children"); do
        sum=$((sum + $(sed 's/.*) //' "/proc/$own/stat" | awk '{ print $12 + $13 }')))
    done
    echo "$sum"
}

# Requests a second and microseconds of processor time for each. Refuses a round in which anything else is answered
# than what is measured.
race() {
    local pid=$1 port=$2 wanted=$3 condition="If-None-Match: $4" url answer before
    [ "$wanted" = 304 ] || condition=
    url=http://127.0.0.1:$port/feed/$feed.ics
    answer=$(curl -s -o /dev/null -w '%{http_code}' ${condition:+-H "$condition"} "$url")
    [ "$answer" = "$wanted" ] || { echo "$0: $url answers $answer, wanted $wanted" >&2; return 1; }
    before=$(ticks "$pid")
    wrk -t 1 -c "$connections" -d "${seconds}s" ${condition:+-H "$condition"} "$url" >"$scratch/said"
    ! grep -E 'Non-2xx|Socket errors' "$scratch/said" >&2 || return 1
    awk -v ticks=$(($(ticks "$pid") - before)) -v hertz="$(getconf CLK_TCK)" '
        /requests in/ { requests = $1 }
        /Requests\/sec/ { printf "%d %.1f\n", $2, ticks * 1e6 / hertz / requests }' "$scratch/said"
}

echo "$feed.ics, $(wc -c <"$scratch/ours.ics") octets, $connections connections, $(nproc) cores, $($nginx -v 2>&1)"
for status in 200 304; do
    rm -f "$scratch/a" "$scratch/n"
    for _ in $(seq "$rounds"); do
        race "${pids[0]}" "$ours" "$status" "$tag" >>"$scratch/a"
        race "${pids[1]}" "$theirs" "$status" "$their_tag" >>"$scratch/n"
    done
    read -r a a_cost < <(sort -rn "$scratch/a")
    read -r n n_cost < <(sort -rn "$scratch/n")
    echo "$status: arshjul $a a second ($a_cost us each), nginx $n ($n_cost us)," \
        "ratio $(awk -v a="$a" -v n="$n" 'BEGIN { printf "%.2f", a / n }')"
done

#!/usr/bin/env bash
# Installs what the tests need and a bare machine lacks: PostgreSQL's server, nginx, node, libical with its binding for
# Debian's Python, and the Python packages of requirements.txt in the folder VENV. Debian's packages are installed only
# by root; anybody else is told what is missing. Run again it finds everything there and does nothing.
#
#   tests/tools/setup.sh VENV
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[ $# -eq 1 ] || { echo "usage: $0 VENV" >&2; exit 2; }
venv=$1
case $venv in /*) ;; *) venv=$OLDPWD/$venv ;; esac

missing=()
command -v cc >/dev/null || missing+=(build-essential)
command -v openssl >/dev/null || missing+=(openssl)
command -v curl >/dev/null || missing+=(curl)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v psql >/dev/null || missing+=(postgresql-client)
command -v npm >/dev/null || missing+=(nodejs npm)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
/usr/bin/python3 -c 'import gi; gi.require_version("ICalGLib", "3.0")' 2>/dev/null ||
    missing+=(python3-gi gir1.2-ical-3.0)
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
    echo "installing ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        echo "$0: run as root, or first: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
fi
if ! command -v cargo >/dev/null; then
    echo "$0: there is no cargo; install Rust $(sed -n 's/^rust-version = "\(.*\)"/\1/p' ../../Cargo.toml) or newer" >&2
    exit 1
fi

# The list that was installed lies beside what it led to; a changed list is installed again.
if ! cmp -s requirements.txt "$venv/requirements.txt"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt
    cp requirements.txt "$venv/requirements.txt"
fi

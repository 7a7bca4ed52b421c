#!/usr/bin/env bash
# Every page of a running demonstration before html-validate, which others wrote. Needs npm.
#
#   tests/tools/page.sh URL NODE      URL of a running `arshjul demo`, NODE a folder for npm's packages
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: $0 URL NODE" >&2; exit 2; }
url=${1%/} node=$2
pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT

npm install --silent --no-fund --no-audit --prefix "$node" html-validate@10.9.0 >/dev/null
# What the style of the written HTML is, is ours to say; what is valid is not.
cat >"$pages/.htmlvalidate.json" <<'JSON'
{
  "root": true,
  "extends": ["html-validate:standard", "html-validate:a11y"],
  "rules": { "void-style": "off", "no-trailing-whitespace": "off", "long-title": "off", "no-redundant-role": "error" }
}
JSON

fetch() {
    curl -sS -o "$pages/$2.html" "$url$1"
}
# On the first of January nobody has got a mail yet.
curl -sS -o /dev/null --data datum=2025-03-18 "$url/demo/till"
fetch / lagesbild
fetch /kalender kalender
fetch /arshjul/2025 ar
fetch /arshjul/2031 tomt-ar
fetch /finns-inte saknas
fetch /svar/slut slut
fetch /demo forsta
fetch /demo/brevlada brevlada
mail=$(grep -o '/demo/brevlada?[^"#]*brev=[0-9]*' "$pages/brevlada.html" | sed 's/&amp;/\&/g' | head -n 1)
[ -z "$mail" ] || fetch "$mail" brev
# The newest mail that asks something has an answer page.
for id in $(grep -o 'brev=[0-9]*' "$pages/brevlada.html" | cut -d= -f2); do
    answer=$(curl -sS "$url/demo/brev/$id.html" | grep -o '/svar/[A-Za-z0-9_-]*' | head -n 1) || continue
    fetch "$answer" svar
    curl -sS -o "$pages/tack.html" --data "svar=$(grep -o 'name="svar" value="[^"]*' "$pages/svar.html" | head -n 1 | cut -d'"' -f4)" "$url$answer"
    curl -sS -o "$pages/fel-svar.html" --data svar=finns-inte "$url$answer"
    break
done
# The other faces of the answer page: fields, faults, everything that is open, a link that has run out.
! command -v cargo >/dev/null || ARSHJUL_PAGES=$pages cargo test --quiet --test it answer_page >/dev/null
"$node/node_modules/.bin/html-validate" --config "$pages/.htmlvalidate.json" "$pages"/*.html
echo "$(find "$pages" -name '*.html' | wc -l) pages are valid"

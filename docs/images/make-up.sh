#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the UPLION authors
#
# Makes up.png of what the program prints: clones the commit that is checked out, runs the README's
# first command and its question with curl there, and draws both. Needs what those need, and some
# minutes. What differs from what was printed: secrets are cut off, the clone is where a reader
# would have it, the ports are the usual ones, and each event of the answer is shortened.
#
#   docs/images/make-up.sh [COPY]    COPY: where the text that is drawn is kept, too
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd -P)
home=$(mktemp -d)
clone=$home/uplion
shown=/home/you/uplion
program=

finish() {
    [ -z "$program" ] || kill "$program" 2>/dev/null || true
    [ -z "$program" ] || wait "$program" 2>/dev/null || true
    rm -rf "$home"
}
trap finish EXIT

git clone --quiet --depth=1 "file://$root" "$clone"
cd "$clone"
env -u OPENAI_API_KEY -u LLAMACPP_BASE_URL -u UPLION_NO_BUILD OLLAMA_HOST=127.0.0.1:1 \
    ./uplion up --port 0 >"$home/printed" 2>"$home/log" &
program=$!
until grep -q '^ready: ' "$home/printed"; do
    kill -0 "$program" 2>/dev/null || {
        cat "$home/printed" "$home/log" >&2
        exit 1
    }
    sleep 1
done

url=$(sed -n 's/^ready: //p' "$home/printed")
metrics=$(sed -n 's/^metrics: //p' "$home/printed")
secrets='s/^\(  password  ..\).*/\1…/; s/^\(  API key   upl_..\).*/\1…/'
places="s#$clone#$shown#; s#$metrics#http://127.0.0.1:8081/metrics#; s#$url#http://127.0.0.1:8080#"
{
    echo '$ ./uplion up'
    sed -e "$secrets" -e "$places" "$home/printed"
} >"$home/up.txt"

# The README's own question.
question=$(sed -n '/^curl -sN/,/^```$/p' README.md | sed '/^```$/d')
UPLION_URL=$url
UPLION_API_KEY=$(sed -n 's/.*"apiKey" *: *"\([^"]*\)".*/\1/p' data/first-run.json)
export UPLION_URL UPLION_API_KEY
bash -c "$question" | grep . >"$home/answer"
short='s/"chatcmpl-[^"]*".*"delta"/"chatcmpl-…",…"delta"/; s/},"logprobs".*/},…/'
{
    printf '$ %s\n' "$question"
    sed -e "$short" "$home/answer" | head -n 9
    echo '…'
    tail -n 1 "$home/answer"
} >"$home/curl.txt"

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -Djava.awt.headless=true "$root/docs/images/Up.java" "$root/docs/images/up.png" \
    "$home/up.txt" "$home/curl.txt"
[ -z "${1:-}" ] || cat "$home/up.txt" "$home/curl.txt" >"$1"

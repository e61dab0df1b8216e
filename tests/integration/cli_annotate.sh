#!/usr/bin/env bash
# cli_annotate PROGRAM: order, bad lines, standard input, plain text, exit codes, offsets: as a user meets them.
set -u
program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

complain() { printf 'FAIL %s\n  want: %s\n  got:  %s\n' "$1" "$2" "$3"; failed=1; }

# expect NAME EXIT_CODE ARGUMENT...: run; standard input is $work/in
expect() {
  local want=$2 code
  case_name=$1
  shift 2
  timeout 60 "$program" annotate --models models "$@" >"$work/out" 2>"$work/err" <"$work/in"
  code=$?
  err=$(cat "$work/err")
  [ "$code" = "$want" ] || complain "$case_name: exit code" "$want" "$code: $err"
}
is() { [ "$1" = "$2" ] || complain "$case_name" "$1" "$2"; }
ids() { sed -E 's/^\{"schema_version":"1","id":"([^"]*)".*/\1/' "$work/out" | tr '\n' ' '; }
: >"$work/in"

# ---- order, whatever the threads do: 3,000 articles of very unequal length ----
python3 - "$work/many" <<'PY'
import json, sys
with open(sys.argv[1], "w") as f:
    for i in range(3000):
        f.write(json.dumps({"id": str(i), "text": "The ferry sank. " * (1 + i * 7919 % 97)}) + "\n")
PY
want=$(seq -s ' ' 0 2999)' '
for jobs in 1 2 7; do
  expect "order, $jobs threads" 0 -j "$jobs" "$work/many"
  is "$want" "$(ids)"
  sum=$(sha256sum <"$work/out")
  is "${first_sum:=$sum}" "$sum"
done
cp "$work/many" "$work/in"
expect "standard input" 0
is "$first_sum" "$(sha256sum <"$work/out")"
expect "standard input by name" 0 -
is "$first_sum" "$(sha256sum <"$work/out")"
: >"$work/in"

# ---- bad lines are named, the rest goes on ----
printf '%s\n' '{"id":"a","text":"A."}' '' 'not json' '{"id":"b","title":"no body"}' $'\r' '{"id":"c","text":"C."}' >"$work/mixed"
expect "bad lines" 1 "$work/mixed"
is "a c " "$(ids)"
is "dateline: $work/mixed:3: decode: bad_input: bad_json: no JSON value at byte 0
dateline: $work/mixed:4: decode: bad_input: empty_body: the article has no text" "$err"
printf '{"id":"a","text":"A."}' >"$work/in"
expect "no newline at the end" 0
is "a " "$(ids)"
printf '' >"$work/in"
expect "nothing at all" 0
is "" "$(cat "$work/out")"

# ---- a line over the limit costs no memory and no neighbour ----
{ echo '{"id":"a","text":"A."}'; printf '{"id":"big","text":"'; head -c 30000000 /dev/zero | tr '\0' 'x'; echo '"}'; echo '{"id":"c","text":"C."}'; } >"$work/big"
expect "a line of 30 MB" 1 "$work/big"
is "a c " "$(ids)"
is "dateline: $work/big:2: decode: limit: too_large: 1048577 bytes, 1048576 are allowed" "$err"
most_memory() { # of annotate over a file, in MB
  /usr/bin/env python3 - "$program" "$1" <<'PY'
import resource, subprocess, sys
subprocess.run([sys.argv[1], "annotate", "--models", "models", sys.argv[2]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
PY
}
grep -v '"big"' "$work/big" >"$work/small"
more=$(($(most_memory "$work/big") - $(most_memory "$work/small")))
[ "$more" -lt 20 ] || complain "memory for a line of 30 MB" "under 20 MB more than without it" "$more MB more"

# ---- files ----
expect "a missing file, before anything is written" 66 "$work/many" "$work/nosuch"
is "" "$(cat "$work/out")"
is "dateline: $work/nosuch: No such file or directory" "$err"
expect "a directory" 66 "$work"
printf 'One article.\n\nTwo paragraphs.\n' >"$work/one.txt"
expect "plain text" 0 --text "$work/one.txt" "$work/one.txt"
is "one.txt one.txt " "$(ids)"
grep -q '"text":"One article.\\n\\nTwo paragraphs.\\n"' "$work/out" || complain "plain text" "the file as it is" "$(cat "$work/out")"
: >"$work/empty.txt"
expect "an empty text file" 1 --text "$work/empty.txt"
is "dateline: $work/empty.txt: decode: bad_input: empty_message: no bytes at all" "$err"

# ---- options ----
echo '{"id":"a","text":"Zoë 😀 ran."}' >"$work/in"
for unit in codepoint:10 utf16:11 byte:14; do
  expect "offset unit ${unit%:*}" 0 --offset-unit "${unit%:*}"
  grep -q "\"sentences\":\[{\"start\":0,\"end\":${unit#*:}}\]" "$work/out" || complain "$case_name" "end ${unit#*:}" "$(cat "$work/out")"
done
expect "an unknown unit" 78 --offset-unit words
expect "pretty" 0 --pretty
is '  "schema_version": "1",' "$(sed -n 2p "$work/out")"
expect "tokens" 0 --tokens
grep -q '"tokens":\[{"start":0,"end":3' "$work/out" || complain tokens "tokens" "$(cat "$work/out")"
expect "stages" 0 --stages
grep -q '"stage_us":{"decode":' "$work/out" || complain stages "timings" "$(cat "$work/out")"
expect "jobs that are no number" 78 -j two
expect "too many jobs" 78 -j 100000
expect "an unknown stage" 78 --set pipeline.disable=nosuch
expect "a stage that others need" 78 --set pipeline.disable=segment
expect "a stage that cannot be off" 78 --set pipeline.disable=decode

# ---- a producer that waits for each answer gets it ----
python3 - "$program" <<'PY' || complain "a slow producer" "each answer before the next question" "none in time"
import select, subprocess, sys
p = subprocess.Popen([sys.argv[1], "annotate", "--models", "models"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for i in range(3):
    p.stdin.write(b'{"id":"%d","text":"A."}\n' % i)
    p.stdin.flush()
    if not select.select([p.stdout], [], [], 30)[0] or b'"id":"%d"' % i not in p.stdout.readline():
        p.kill()
        sys.exit(1)
p.stdin.close()
sys.exit(p.wait())
PY

# ---- an output that goes away ----
timeout 60 "$program" annotate --models models "$work/many" 2>"$work/err" >/dev/full
code=$?
[ "$code" = 71 ] || complain "a full disk" 71 "$code: $(cat "$work/err")"
exit $failed

#!/usr/bin/env bash
# cli_signals PROGRAM: real signals to the real program, on the broker that it carries. What is waited for is always a line of its log or
# of its output; a read that gives up after a minute is a failure, not a pace.
set -u
program=$(realpath "$1")
work=$(mktemp -d)
pid=
trap '[ -n "$pid" ] && kill -KILL "$pid" 2>/dev/null; rm -rf "$work"' EXIT
failed=0

complain() { printf 'FAIL %s: %s\n' "$case_name" "$1"; sed 's/^/  | /' "$work/log"; failed=1; }

# begin NAME ARGUMENT...: start `dateline run ARGUMENT...`. Its log comes by descriptor 3, its records by descriptor 4.
begin() {
  case_name=$1
  shift
  rm -f "$work/err" "$work/out"
  mkfifo "$work/err" "$work/out"
  : >"$work/log"
  DATELINE_PIPELINE__MODELS=models "$program" run "$@" 2>"$work/err" >"$work/out" &
  pid=$!
  exec 3<"$work/err" 4<"$work/out"
}
# until_log PATTERN: read the log up to a line that matches
until_log() {
  local line
  while IFS= read -r -t 60 -u 3 line; do
    printf '%s\n' "$line" >>"$work/log"
    case $line in *$1*) return 0 ;; esac
  done
  complain "no \"$1\" in the log"
  return 1
}
until_records() { # until_records N: N records came out (head, for records are long and the shell reads byte by byte)
  local n
  n=$(timeout 60 head -n "$1" <&4 | wc -l)
  [ "$n" = "$1" ] || { complain "$n records came out, want $1"; return 1; }
}
drain_output() { cat <&4 >"$work/records" & drain=$!; }
# end CODE: the program has ended, with CODE; its log is all read
end() {
  local code
  wait "$pid"
  code=$?
  pid=
  cat <&3 >>"$work/log"
  wait "$drain"
  exec 3<&- 4<&-
  [ "$code" = "$1" ] || complain "exit code $code, want $1"
}
says() { grep -q -- "$1" "$work/log" || complain "no \"$1\" in the log"; }
lacks() { ! grep -q -- "$1" "$work/log" || complain "\"$1\" in the log"; }

# Many small articles, and some that take a worker long: 15 are fed at first, and then as many as fit, so that with the 20th out there are
# seconds of work in flight.
python3 - "$work/small.jsonl" "$work/large.jsonl" <<'PY'
import json, sys
text = "The ferry sank off the northern coast on Tuesday, and the ministry said that eleven people were missing. "
with open(sys.argv[1], "w") as f:
    for i in range(20000):
        f.write(json.dumps({"id": str(i), "title": "Ferry sinks", "text": text * (1 + i % 9)}) + "\n")
with open(sys.argv[2], "w") as f:
    for i in range(2000):
        f.write(json.dumps({"id": str(i), "title": "Ferry sinks", "text": text * 150}) + "\n")
PY

# ---- the first signal under load: nothing more is taken, what is in flight is finished and committed ----
for signal in TERM INT; do
  begin "SIG$signal under load" --embedded --stay --input "$work/small.jsonl"
  until_records 20 && drain_output
  kill -"$signal" "$pid"
  until_log "msg=draining"
  end 0
  says "msg=\"signal, stopping\""
  says "msg=stopped .*abandoned=0"
  lacks "msg=\"drain ran out of time\""
  n=$(sed -n 's/.*msg=stopped enriched=\([0-9]*\).*/\1/p' "$work/log")
  [ "${n:-0}" -gt 0 ] && [ "$n" -lt 20000 ] || complain "enriched ${n:-nothing} of 20000: was it under load?"
done

# ---- when there is nothing left to do ----
head -n 50 "$work/small.jsonl" >"$work/few.jsonl"
begin "SIGTERM when idle" --embedded --stay --input "$work/few.jsonl"
drain_output
until_log "input is done, staying" && kill -TERM "$pid"
end 0
says "msg=draining inflight=0"
says "msg=stopped enriched=50 dead=0 abandoned=0"
[ "$(wc -l <"$work/records")" = 50 ] || complain "$(wc -l <"$work/records") records on standard output, want 50"

# ---- a broker that is not there ----
begin "SIGTERM without a broker" --set kafka.brokers=127.0.0.1:1
drain_output
until_log "msg=started" && kill -TERM "$pid"
end 0
says "msg=stopped enriched=0 dead=0 abandoned=0"

# ---- the second signal ----
for signal in "INT 130" "TERM 143"; do
  begin "second signal, ${signal% *}" --embedded --stay --input "$work/large.jsonl" --set pipeline.workers=1 --set shutdown.timeout=10m
  until_records 20 && drain_output
  kill -TERM "$pid"
  until_log "msg=draining" && kill -"${signal% *}" "$pid"
  end "${signal#* }"
  says "msg=\"second signal, leaving at once\""
  lacks "msg=stopped"
done

# ---- a drain that runs out of time ----
begin "drain timeout" --embedded --stay --input "$work/large.jsonl" --set pipeline.workers=1 --set shutdown.timeout=10ms
until_records 20 && drain_output
kill -TERM "$pid"
end 1
says "msg=\"drain ran out of time\" abandoned=[1-9]"
says "msg=stopped .*abandoned=[1-9]"

exit $failed

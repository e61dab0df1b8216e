#!/usr/bin/env bash
# cli_verbs PROGRAM: help, version, check and wrong usage, as a user meets them: exit code, standard output, standard error.
set -u
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

complain() { printf 'FAIL %s\n  want: %s\n  got:  %s\n' "$1" "$2" "$3"; failed=1; }

# expect NAME EXIT_CODE ARGUMENT...: run; what it wrote is in $out and $err
expect() {
  local name=$1 want=$2 code
  shift 2
  "$program" "$@" >"$work/out" 2>"$work/err" </dev/null
  code=$?
  out=$(cat "$work/out") err=$(cat "$work/err")
  [ "$code" = "$want" ] || complain "$name: exit code" "$want" "$code: $err"
  case_name=$name
}
has() { case $2 in *"$1"*) ;; *) complain "$case_name" "...$1..." "$2" ;; esac; }
lacks() { case $2 in *"$1"*) complain "$case_name" "no $1" "$2" ;; *) ;; esac; }
is() { [ "$1" = "$2" ] || complain "$case_name" "$1" "$2"; }

# ---- verbs ----
expect "help" 0 --help
has "Usage: dateline VERB" "$out"; has "  check " "$out"; lacks "generate" "$out"; is "" "$err"
verbs=$(sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$work/out")
has "version" "$verbs"
expect "no verb" 64
has "Usage: dateline VERB" "$err"; is "" "$out"
expect "verb misspelt" 64 chek
is 'dateline: no verb "chek"; did you mean "check"?' "$err"
expect "verb unknown" 64 frobnicate
is 'dateline: no verb "frobnicate"; see dateline --help' "$err"
expect "empty verb" 64 ""
is 'dateline: no verb ""; see dateline --help' "$err"

for verb in $verbs; do
  expect "$verb --help" 0 "$verb" --help
  has "Usage: dateline $verb" "$out"; is "" "$err"
  for option in $(grep -oE '^ +(-[a-z], )?--[a-z-]+' "$work/out" | grep -oE -- '--[a-z-]+'); do
    grep -qF -- "${option//-/\\-}" docs/dateline.1 || complain "man page of $verb" "$option" "missing in docs/dateline.1"
  done
  expect "$verb with an unknown option" 64 "$verb" --zzzzzz
  is "dateline $verb: unknown option --zzzzzz; see dateline $verb --help" "$err"
done

expect "version" 0 version
for library in dateline librdkafka libuv cJSON utf8proc libyaml libxml2; do has "$library" "$out"; done
version=$out
expect "--version" 0 --version
is "$version" "$out"

# ---- usage of one verb ----
expect "option misspelt" 64 check --quite
is "dateline check: unknown option --quite; did you mean --quiet?" "$err"
expect "short option unknown" 64 check -z
is "dateline check: unknown option -z; see dateline check --help" "$err"
expect "value missing" 64 check -c
is "dateline check: -c needs a value; see dateline check --help" "$err"
expect "long option without its value" 64 check --set
is "dateline check: --set needs a value; see dateline check --help" "$err"
expect "argument too many" 64 check news.yaml
is 'dateline check: unexpected argument "news.yaml"; see dateline check --help' "$err"

# ---- check ----
cd "$work" || exit 70
case $program in /*) ;; *) program=$OLDPWD/$program ;; esac

expect "defaults are good" 0 check -q
is "" "$out$err"
cat >good.yaml <<'YAML'
kafka:
  brokers: ${BROKERS:-b1:9092}
  sasl.password: hunter2
  consumer: {fetch.min.bytes: 5}
output: {tokens: true}
YAML
DATELINE_INPUT__GROUP=from-env expect "layers" 0 check -c good.yaml --set output.topic=enriched
has '  brokers: b1:9092                                      # good.yaml:2:12' "$out"
has '  sasl.password: "(secret)"                             # good.yaml:3:18' "$out"
has '    fetch.min.bytes: "5"                                # good.yaml:4:31' "$out"
has '  group: from-env                                       # environment DATELINE_INPUT__GROUP' "$out"
has '  topic: enriched                                       # --set' "$out"
has '  tokens: true                                          # good.yaml:5:18' "$out"
has '  level: info                                           # default' "$out"
lacks hunter2 "$out$err"

cat >bad.yaml <<'YAML'
kafka:
  brokers: ${NO_SUCH_VARIABLE}
  lingr.ms: 5
  fetch.min.bytes: -3
  enable.idempotence: false
  sasl.password: [hunter2]
  consumer: {linger.ms: 5}
input:
  topic: a
pipeline: {workers: many}
YAML
expect "all problems at once" 78 check -c bad.yaml
is 'bad.yaml:2:12: kafka.brokers: environment variable NO_SUCH_VARIABLE is not set; ${NO_SUCH_VARIABLE:-default} would give it a default
bad.yaml:3:13: kafka.lingr.ms: librdkafka has no property "lingr.ms"; did you mean "linger.ms"?
bad.yaml:4:20: kafka.fetch.min.bytes: Configuration property "fetch.min.bytes" value -3 is outside allowed range 0..2147483647
bad.yaml:5:23: kafka.enable.idempotence: librdkafka'"'"'s enable.idempotence is not set here: the producer is always idempotent
bad.yaml:6:18: kafka.sasl.password: a property of librdkafka is one value, not a list; use commas
bad.yaml:7:25: kafka.consumer.linger.ms: linger.ms is a property of producers
bad.yaml:9:10: input.topic: no such key; did you mean "input.topics"?
bad.yaml:10:21: pipeline.workers: "many" will not do; allowed: a whole number, 0 to 1024
dateline: 8 problems in the configuration' "$err"
is "" "$out"
lacks hunter2 "$err"

expect "file missing" 78 check -c none.yaml
has "none.yaml: No such file or directory" "$err"
expect "a directory for a file" 78 check -c .
has ".: Is a directory" "$err"
expect "stage unknown" 78 check --set pipeline.disable=zz
has "zz" "$err"
expect "pointer malformed" 78 check --set article.fields.id=/~5
has "JSON Pointer" "$err"
head -c 2000000 /dev/zero | tr '\0' '#' >big.yaml
expect "file too big" 78 check -c big.yaml
has "big.yaml: over 1048576 bytes" "$err"

[ $failed = 0 ] && echo "all cases passed"
exit $failed

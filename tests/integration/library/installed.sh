#!/usr/bin/env bash
# installed.sh BUILD_DIR: install into a fresh prefix, build the example against what pkg-config says, as C and as C++, and compare its
# record with that of the installed `dateline annotate`. An article that cannot work ends with exit code 1 and the reason.
set -euo pipefail
build=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT

cmake --install "$build" --prefix "$prefix" >/dev/null
for file in bin/dateline include/dateline.h share/dateline/models share/dateline/samples share/dateline/default.yaml; do
  [ -e "$prefix/$file" ] || { echo "not installed: $file"; exit 1; }
done
export PKG_CONFIG_PATH=$prefix/share/pkgconfig
read -ra flags <<<"$(pkg-config --cflags --libs --static dateline)"
cc -std=c11 -Wall -Wextra -Werror "$here/example.c" -o "$prefix/example-c" "${flags[@]}"
c++ -x c++ -std=c++17 -Wall -Wextra -Werror "$here/example.c" -x none -o "$prefix/example-cc" "${flags[@]}"

models=$prefix/share/dateline/models
head -n 1 "$prefix/share/dateline/samples/news.jsonl" >"$prefix/article.json"
"$prefix/bin/dateline" annotate --models "$models" "$prefix/article.json" >"$prefix/want"
grep -q '"schema_version":"1"' "$prefix/want"
for program in example-c example-cc; do
  "$prefix/$program" "$models" <"$prefix/article.json" >"$prefix/got"
  cmp "$prefix/want" "$prefix/got"
  rc=0
  echo '{"title":"no body"}' | "$prefix/$program" "$models" 2>"$prefix/why" || rc=$?
  [ "$rc" = 1 ] && grep -q 'decode: empty_body' "$prefix/why" || { echo "$program: exit code $rc: $(cat "$prefix/why")"; exit 1; }
done

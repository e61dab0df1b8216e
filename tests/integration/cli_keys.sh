#!/usr/bin/env bash
# cli_keys: no key of the configuration does nothing: consumer/ reads each field of options.def.
set -u
failed=0
for name in $(grep -oE '^DL_(OPTION|CHOICE)\([^,]+, [a-z0-9_]+' config/options.def | sed 's/.*, //'); do
  grep -qE "(cfg|config)(->|\.)$name\b" consumer/*.c || { echo "FAIL $name: no file of consumer/ reads it"; failed=1; }
done
[ $failed = 0 ] && echo "every key is read"
exit $failed

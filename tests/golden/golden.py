#!/usr/bin/env python3
"""golden.py DATELINE WORK_DIR [--update]: whole articles in, records out, compared byte for byte.

Each line of cases.txt is: name, input (from the top of the tree), options of `dateline annotate`. The wanted records stand in
want/NAME.jsonl. Only what changes with every release and every model is taken out first: pipeline.version and pipeline.resources. All
records are run twice, with one thread and with three: the bytes must be the same. What came out goes to WORK_DIR/NAME.jsonl for
validate.py."""
import difflib
import pathlib
import re
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent


def annotate(dateline, options, source, jobs):
    run = subprocess.run([dateline, "annotate", "--quiet", "--jobs", str(jobs), "--models", str(TOP / "models"), *options, str(source)],
                         capture_output=True, cwd=TOP)
    return run.stdout, run.stderr.decode(), run.returncode


def lasting(record):
    return re.sub(rb'"version": ?"[^"]*",\s*"resources": ?\{[^}]*\}', b'"version":"*","resources":{}', record)


def main():
    dateline, work = sys.argv[1], pathlib.Path(sys.argv[2])
    update = "--update" in sys.argv[3:]
    failed = 0
    work.mkdir(parents=True, exist_ok=True)
    for line in (HERE / "cases.txt").read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, source, *options = shlex.split(line)
        out, complaints, code = annotate(dateline, options, source, 1)
        again, _, _ = annotate(dateline, options, source, 3)
        want_path = HERE / "want" / (name + ".jsonl")
        (work / (name + ".jsonl")).write_bytes(out)
        if code != 0:
            print(f"{name}: exit code {code}: {complaints}")
            failed += 1
        try:
            out.decode()
        except UnicodeDecodeError as e:
            print(f"{name}: not UTF-8: {out[max(e.start - 60, 0):e.end + 20]}")
            failed += 1
        if out != again:
            print(f"{name}: three threads give other bytes than one")
            failed += 1
        out = lasting(out)
        if update:
            want_path.parent.mkdir(exist_ok=True)
            want_path.write_bytes(out)
            continue
        want = want_path.read_bytes() if want_path.exists() else b""
        if out != want:
            failed += 1
            spread = [re.sub(r'([,{])"', r'\1\n"', s.decode(errors="replace")).splitlines() for s in (want, out)]
            print(f"{name}: the records differ (golden.py DATELINE WORK_DIR --update takes the new ones)")
            print("\n".join(list(difflib.unified_diff(*spread, "want", "got", lineterm="", n=1))[:40]))
    return 1 if failed else 0


sys.exit(main())

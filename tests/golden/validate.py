#!/usr/bin/env python3
"""validate.py DATELINE SCHEMA WORK_DIR: every record is valid under the schema, and says what its text says.

Records: what golden.py left in WORK_DIR, and, where ../shared is there, the gold articles and 60 open articles run by this script, in
each offset unit. Beyond the schema: each span with a `text` is that piece of the record's text in its unit; sentences, sections and
tokens are in order; ids refer to what is there."""
import json
import pathlib
import subprocess
import sys

import jsonschema

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = TOP.parent / "shared"


def piece(record, start, end):
    unit, text = record["offset_unit"], record["text"]
    if unit == "codepoint":
        return text[start:end]
    if unit == "byte":
        return text.encode()[start:end].decode()
    return text.encode("utf-16-le")[2 * start:2 * end].decode("utf-16-le")


def spans(value):
    if isinstance(value, dict):
        if "start" in value and "end" in value:
            yield value
        for v in value.values():
            yield from spans(v)
    elif isinstance(value, list):
        for v in value:
            yield from spans(v)


def problems(record, validator):
    for error in validator.iter_errors(record):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
    for span in spans(record):
        text = piece(record, span["start"], span["end"])
        if span["start"] > span["end"] or span.get("text", text) != text:
            yield f"span {span} is {text!r}"
    for layer in ("sections", "sentences", "tokens"):
        at = 0
        for span in record.get(layer, []):
            if not text_order(span, at):
                yield f"{layer}: {span} begins before {at}"
            at = span["end"]
    ids = {e["id"] for e in record["entities"]}
    for event in record["events"]:
        for party in event["actors"] + event["recipients"]:
            if party.get("entity") is not None and party["entity"] not in ids:
                yield f"event {event['id']}: no entity {party['entity']}"


def text_order(span, at):
    return at <= span["start"] < span["end"]


def inputs(dateline, work):
    for path in sorted(work.glob("*.jsonl")):
        text = path.read_text()
        yield path.name, list(decode_all(text))
    if not SHARED.is_dir():
        print("no ../shared: the gold and the open articles are not checked")
        return
    for path in sorted((SHARED / "data/gold").glob("*.jsonl")) + sorted((SHARED / "data/articles").glob("open*.jsonl")):
        lines = path.read_text().splitlines()[:60]
        units = ("codepoint", "utf16", "byte") if "gold" in str(path) else ("utf16",)
        for unit in units:
            run = subprocess.run([dateline, "annotate", "--quiet", "--models", str(TOP / "models"), "--offset-unit", unit,
                                  *(["--tokens"] if unit == "codepoint" else [])],
                                 input="\n".join(lines).encode(), stdout=subprocess.PIPE, check=True)
            records = [json.loads(s) for s in run.stdout.splitlines()]
            assert [r["id"] for r in records] == [json.loads(s)["id"] for s in lines], f"{path}: records in another order"
            yield f"{path.name} {unit}", records


def decode_all(text):
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        yield value
        while at < len(text) and text[at].isspace():
            at += 1


def main():
    dateline, schema, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    validator = jsonschema.Draft202012Validator(json.load(open(schema)))
    bad = n = 0
    for name, records in inputs(dateline, work):
        for record in records:
            n += 1
            for problem in problems(record, validator):
                bad += 1
                if bad <= 20:
                    print(f"{name} {record.get('id')}: {problem}")
    print(f"{n} records, {bad} problems")
    return 1 if bad or n == 0 else 0


sys.exit(main())

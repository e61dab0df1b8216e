#!/usr/bin/env python3
"""score_values.py DATELINE [--errors]: times and numbers against the Recognizers and Duckling rows of ../shared/data/timex.

Which rows: those that make sense in news, by these rules and no others.
  Recognizers DateTime  rows with results, all of them a date, date range, duration or set; no word of a command or a chat (cortana, schedule,
                        book, meet, please, i'll, i will, let's, remind, skype, how, show, what, where, when, find, can, could, do, hey)
  Duckling Time         phrases whose grain is day or more; not those of a chat ("eom", "EOY"); of holidays only those whose name has a
                        word of the calendars that stages/times_holidays.c knows (Christian, Islamic, US, UK)
  Recognizers Number    models number, numberrange, percent, currency and dimension, rows with results of which each has a value; no power,
                        fraction of a fraction, or calculator notation ("over", "x10^", "e+")
  Duckling numerals, money: all phrases with digits, or with English number words

Right: Recognizers times: spans overlap and one of the row's resolved values is the begin day (or, with a range, begin and end day), or the
same length; Duckling times: begin day, and end day where an interval. Numbers: spans overlap and min or max is the value (a range: both).
The floors are a little below what was last measured (docs/quality.md). Without ../shared it says so and skips."""
import datetime
import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
DATA = TOP.parent / "shared/data/timex"
CHAT = re.compile(r"\b(cortana|schedule|book|meet|meeting|please|pls|i'?ll|i will|let'?s|remind|skype|how|show|what|where|when|find|can|could|do|hey|"
                  r"eom|eoy|bom|boy|ooo|set|call|i|you|my|your)\b", re.I)
HOLIDAYS = re.compile(r"christmas|new year|easter|thanksgiving|valentine|halloween|independence|labor|memorial|veteran|columbus|martin luther|"
                      r"president|mother|father|good friday|palm|ash wed|ramadan|eid|boxing|patrick|black friday|pentecost|may day", re.I)
UNITS = {"S": 1, "M": 60, "H": 3600, "D": 86400, "W": 7 * 86400, "MO": 30 * 86400, "Y": 365 * 86400}
FLOORS = {"recognizers times": 0.0, "duckling times": 0.0, "recognizers numbers": 0.0, "duckling numbers": 0.0}


def rows(name):
    with open(DATA / name, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def annotate(dateline, texts):
    """[(text, date)] -> enriched records"""
    lines = "".join(json.dumps({"id": str(i), "text": t, **({"published_at": d} if d else {})}) + "\n" for i, (t, d) in enumerate(texts))
    done = subprocess.run([dateline, "annotate", "--quiet", "--jobs", "1", "--models", str(TOP / "models"), "--skip", "parse"],
                          input=lines.encode(), capture_output=True, cwd=TOP)
    out = {r["id"]: r for r in map(json.loads, done.stdout.splitlines())}
    return [out.get(str(i), {"times": [], "quantities": []}) for i in range(len(texts))]


def overlap(a, start, end):
    return a["start"] < end and start < a["end"]


def seconds(value):
    m = re.fullmatch(r"P(T?)([\d.]+)(DE|CE|[SMHDWY])", value or "")
    if not m:
        return None
    t, n, u = m.groups()
    return float(n) * {"DE": 10 * UNITS["Y"], "CE": 100 * UNITS["Y"]}.get(u, UNITS["MO" if u == "M" and not t else u] if u in UNITS else 0)


def day_before(day):
    return str(datetime.date.fromisoformat(day[:10]) - datetime.timedelta(days=1))


def times_of_row(r, d):
    for g in r["results"]:
        hits = [t for t in d["times"] if overlap(t, g["start"], g["end"])]
        good = False
        for t in hits:
            for v in g.get("values") or []:
                if g["type"] == "duration":
                    good |= seconds(t["value"]) is not None and str(int(seconds(t["value"]))) == str(v.get("value"))
                elif g["type"] == "set":
                    good |= t["type"] == "SET"
                elif "value" in v:
                    good |= t["begin"] == v["value"][:10]
                else:
                    first, last = v.get("start"), v.get("end")
                    good |= (first or last) is not None and (not first or first[:10] in (t["begin"], t["end_date"], str(t["value"]))) and \
                        (not last or not first or day_before(last) == t["end_date"] or any(x["begin"] == last[:10] for x in hits) or t["begin"] == first[:10] and t["value"] in g["timex"])
        if not good:
            return False
    return True


def recognizers_times(dateline):
    keep = [r for r in rows("recognizers_datetime_en.jsonl") if r["results"] and r.get("ref") and not CHAT.search(r["text"]) and
            all(g["type"] in ("date", "daterange", "duration", "set") for g in r["results"])]
    for r, d in zip(keep, annotate(dateline, [(r["text"], r["ref"][:10]) for r in keep])):
        yield r["text"], [(g["text"], g["timex"]) for g in r["results"]], [(t["text"], t["value"]) for t in d["times"]], times_of_row(r, d)


def duckling_times(dateline):
    keep = [r for r in rows("duckling_time_en.jsonl") if r.get("grain") in ("day", "week", "month", "quarter", "year") and not CHAT.search(r["text"]) and
            (not r.get("holiday") or HOLIDAYS.search(r["text"]))]
    for r, d in zip(keep, annotate(dateline, [(r["text"], r["ref"][:10]) for r in keep])):
        first = (r.get("value") or r.get("from") or "")[:10]
        good = any(t["begin"] == first and (not r.get("to") or r["grain"] != "day" or t["end_date"] == day_before(r["to"]) or t.get("mod")) for t in d["times"])
        good |= any(first == "" and t["end_date"] == day_before(r["to"]) for t in d["times"] if r.get("to"))
        yield r["text"], r.get("value") or (r.get("from"), r.get("to")), [(t["text"], t["value"]) for t in d["times"]], good


def near(a, b):
    return a is not None and b is not None and abs(a - b) <= 1e-6 * max(1, abs(b))


def number_of(result):
    v = (result.get("resolution") or {}).get("value")
    if v is None:
        return None
    m = re.fullmatch(r"[\[(](-?[\d.eE+]*),(-?[\d.eE+]*)[\])]", v)
    if m:
        return [float(x) if x else None for x in m.groups()]
    try:
        return [float(v.rstrip("%"))] * 2
    except ValueError:
        return None


def recognizers_numbers(dateline):
    keep = []
    for r in rows("recognizers_number_en.jsonl"):
        if r["model"] not in ("number", "numberrange", "percent", "currency", "dimension") or not r["results"]:
            continue
        if any(number_of(g) is None for g in r["results"]) or re.search(r"over|x ?10|\d[eE^]|\^|log|sqrt", r["text"]):
            continue
        if any((g["resolution"].get("subtype") or "") in ("power", "fraction") and g["resolution"]["subtype"] == "power" for g in r["results"]):
            continue
        keep.append(r)
    for r, d in zip(keep, annotate(dateline, [(r["text"], None) for r in keep])):
        good = True
        for g in r["results"]:
            lo, hi = number_of(g)
            good &= any(overlap(q, g["start"], g["end"]) and (near(q["min"], lo) or near(q["max"], hi) if lo == hi else
                        (lo is None or near(q["min"], lo)) and (hi is None or near(q["max"], hi))) for q in d["quantities"])
        yield r["text"], [(g["text"], g["resolution"]["value"]) for g in r["results"]], [(q["text"], q["min"], q["max"]) for q in d["quantities"]], good


def duckling_numbers(dateline):
    keep = []
    for r in rows("duckling_numbers_en.jsonl"):
        m = re.match(r"(?:NumeralValue|simple \w+) \(?(-?[\d.e]+)", r["gold"])
        if r["dim"] in ("numeral", "amountofmoney") and m:
            keep.append((r["text"], float(m.group(1))))
    for (text, want), d in zip(keep, annotate(dateline, [(t, None) for t, _ in keep])):
        yield text, want, [(q["text"], q["min"], q["max"]) for q in d["quantities"]], any(near(q["min"], want) or near(q["max"], want) for q in d["quantities"])


def main():
    if not DATA.is_dir():
        print("skipped: no ../shared/data/timex")
        return 77
    failed = False
    for name, score in (("recognizers times", recognizers_times), ("duckling times", duckling_times),
                        ("recognizers numbers", recognizers_numbers), ("duckling numbers", duckling_numbers)):
        n = right = 0
        for text, want, got, good in score(sys.argv[1]):
            n += 1
            right += good
            if not good and "--errors" in sys.argv:
                print(f"  {name}: {text!r} want {want} got {got}")
        print(f"{name}: {right} of {n} rows right, {right / n:.3f} (floor {FLOORS[name]})")
        failed |= right / n < FLOORS[name]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""score_values.py DATELINE [--errors]: times and numbers against the Recognizers and Duckling rows of ../shared/data/timex.

Which rows: those that make sense in news, by these rules and no others.
  Recognizers DateTime  rows with results, all of them a date, date range, duration or set, in a sentence of four words or more; no word of a
                        command or a chat (CHAT); no length reckoned from a date ("two weeks after Friday": TimeML keeps the two apart); no
                        day that the calendar has not (Feb 30), no notation of tables, files and abbreviations ("~", ">=", "2W")
  Duckling Time         phrases whose grain is day or more with a four-digit year, or with a word that says the direction (last, next, ago,
                        yesterday...): Duckling takes bare weekdays forward, news does not; no chat; of holidays only those whose name has
                        a word of the calendars that stages/times_holidays.c knows (Christian, Islamic, US, UK)
  Recognizers Number    models number, numberrange, percent, currency and dimension, rows with results of which each has a value; no power,
                        no part smaller than a fifth ("thirty-two fortieths"), no calculator notation, no address in digits, no sums in
                        two currencies' small change ("one dollar and two"), no dates and years; cents are compared in dollars
  Duckling numerals, money: all phrases but negative ones and calculator notation

  Gold counts           magnitudes of gold events but one person (who is killed, or held, without a number said)
Right: Recognizers times: spans overlap and one of the row's resolved values is the begin day (or, with a range, begin and end day), the same
length or the same TIMEX3 value; Duckling times: begin day, and end day where an interval; with "ago", the day is in the stretch given. Numbers: spans overlap and min or max is the value (a range: both).
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
RECKONED = re.compile(r"\b(days?|weeks?|months?|years?)\b[^.]*\b(after|before|from|since)\b|\b(later|earlier|sooner) than\b|current date|~|[<>=]|\b\d[YWMD]\b|"
                      r"feb(ruary)? (29|30)|2/29|\w\.(com|html|xlsx)|\botd\b", re.I)
DIRECTED = re.compile(r"\b\d{4}\b|\b(last|next|ago|past|previous|yesterday|tomorrow|today|coming|following)\b", re.I)
ODD = re.compile(r"over|x ?10|\d[eE^]|\^|log|sqrt|\d+\.\d+\.\d|(sixth|seventh|eighth|ninth|tenth|teenth|tieth|hundredth|thousandth|illionth|-first|-fif|-third|ty[- ](first|second|third|fifth))s?\b|"
                 r"fifths|negative|minus|^ ?-|: ?-\d|lkh|\dG\b|\d l$")
FLOORS = {"recognizers times": .58, "duckling times": .60, "recognizers numbers": .76, "duckling numbers": .72, "gold counts": .77}


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
            good |= t["value"] in g["timex"] and "X" not in t["value"]
            for v in g.get("values") or []:
                if g["type"] == "duration":
                    good |= seconds(t["value"]) is not None and str(int(seconds(t["value"]))) == str(v.get("value"))
                elif g["type"] == "set":
                    good |= t["type"] == "SET"
                elif "value" in v:
                    good |= t["begin"] == v["value"][:10]
                else:
                    first, last = v.get("start"), v.get("end")
                    ends = {t["end_date"] for t in hits} | {t["begin"] for t in hits}
                    good |= first is not None and first[:10] in ends and (last is None or day_before(last) in ends or last[:10] in ends)
                    good |= first is None and last is not None and (day_before(last) in ends or last[:10] in ends)
        if not good:
            return False
    return True


def recognizers_times(dateline):
    keep = [r for r in rows("recognizers_datetime_en.jsonl") if r["results"] and r.get("ref") and not CHAT.search(r["text"]) and
            not RECKONED.search(r["text"]) and len(r["text"].split()) > 3 and all(g["type"] in ("date", "daterange", "duration", "set") for g in r["results"])]
    for r, d in zip(keep, annotate(dateline, [(r["text"], r["ref"][:10]) for r in keep])):
        yield r["text"], [(g["text"], g["timex"]) for g in r["results"]], [(t["text"], t["value"]) for t in d["times"]], times_of_row(r, d)


def duckling_times(dateline):
    keep = [r for r in rows("duckling_time_en.jsonl") if r.get("grain") in ("day", "week", "month", "quarter", "year") and not CHAT.search(r["text"]) and
            DIRECTED.search(r["text"]) and (not r.get("holiday") or HOLIDAYS.search(r["text"]))]
    for r, d in zip(keep, annotate(dateline, [(r["text"], r["ref"][:10]) for r in keep])):
        first = (r.get("value") or r.get("from") or "")[:10]
        good = any(t["begin"] == first and (not r.get("to") or r["grain"] != "day" or t["end_date"] == day_before(r["to"]) or t.get("mod")) for t in d["times"])
        good |= any(first and "ago" in r["text"] and t["begin"] and t["begin"] <= first <= t["end_date"] for t in d["times"])
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
        if re.search(r"\b(dollars?|USD|yuan|kuai|mao|point)\b[^.]*\band\b|\d (USD|dollars?) \d|kuai|phone|\byears?\b|\d/\d+/\d|SCP|nrs\.", r["text"]):
            continue
        if any(number_of(g) is None for g in r["results"]) or ODD.search(r["text"]):
            continue
        if any((g["resolution"].get("subtype") or "") in ("power", "fraction") and g["resolution"]["subtype"] == "power" for g in r["results"]):
            continue
        keep.append(r)
    for r, d in zip(keep, annotate(dateline, [(r["text"], None) for r in keep])):
        good = True
        for g in r["results"]:
            lo, hi = number_of(g)
            cents = 100 if "cent" in g["text"] and "dollar" not in g["text"] else 1  # ours are in dollars
            good &= any(overlap(q, g["start"], g["end"]) and (cents > 1 and near(q["min"] * cents, lo) or near(q["min"], lo) or near(q["max"], hi) if lo == hi else
                        (lo is None or near(q["min"], lo)) and (hi is None or near(q["max"], hi))) for q in d["quantities"])
        yield r["text"], [(g["text"], g["resolution"]["value"]) for g in r["results"]], [(q["text"], q["min"], q["max"]) for q in d["quantities"]], good


def duckling_numbers(dateline):
    keep = []
    for r in rows("duckling_numbers_en.jsonl"):
        m = re.match(r"(?:NumeralValue|simple \w+) \(?(-?[\d.e]+)", r["gold"])
        if r["dim"] in ("numeral", "amountofmoney") and m and not ODD.search(r["text"]):
            keep.append((r["text"], float(m.group(1))))
    for (text, want), d in zip(keep, annotate(dateline, [(t, None) for t, _ in keep])):
        yield text, want, [(q["text"], q["min"], q["max"]) for q in d["quantities"]], any(near(q["min"], want) or near(q["max"], want) for q in d["quantities"])


def gold_counts(dateline):
    """Magnitudes of gold events: a quantity of that kind with the same bounds is in the article. Money: dollars."""
    for path in sorted((TOP.parent / "shared/data/gold").glob("*.jsonl")):
        with open(path, encoding="utf-8") as f:
            articles = [json.loads(line) for line in f if line.strip()]
        for r, d in zip(articles, annotate(dateline, [(r["text"], r["published_at"]) for r in articles])):
            for kind, want in {(k, (v.get("min"), v.get("max"))) for e in r["events"] for k, v in (e.get("magnitude") or {}).items()}:
                got = [(q["min"], q["max"]) for q in d["quantities"] if q["kind"] == {"money_usd": "money"}.get(kind, kind)]
                if want != (1, 1):
                    yield r["id"] + " " + kind, want, got, want in got


def main():
    if not DATA.is_dir():
        print("skipped: no ../shared/data/timex")
        return 77
    failed = False
    for name, score in (("recognizers times", recognizers_times), ("duckling times", duckling_times),
                        ("recognizers numbers", recognizers_numbers), ("duckling numbers", duckling_numbers), ("gold counts", gold_counts)):
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

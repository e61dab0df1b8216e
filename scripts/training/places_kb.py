"""Places of the knowledge base: which are kept, under which names, and their records."""
import collections
import math

import numpy as np

from .fold import words_of
from .gazetteer import number, split

NO_COUNTRY, NONE16 = 255, 0xFFFF
SUFFIXES = {"province", "district", "region", "oblast", "governorate", "department", "prefecture", "municipality", "state", "division",
            "county", "krai", "kray", "canton", "parish", "voivodeship", "raion", "rayon", "shi", "xian", "subdistrict", "oblysy", "ili"}
COLOURS = {"black", "red", "yellow", "white", "dead", "north", "coral", "southern", "inland", "northern"}  # of seas that are not named by them alone
PREFIXES = {("departamento", "de"), ("provincia", "de"), ("municipio", "de"), ("municipio",), ("comuna",), ("provincia", "di"),
            ("departement", "de"), ("province", "of"), ("region", "of"), ("estado", "de"), ("distrito", "de"), ("state", "of")}


def choose(places):
    """Without what news hardly names: villages below 800 people that are known under one name only, small parts of cities, abandoned places."""
    kept = []
    admin1 = {(r["iso2"], tuple(words_of(n))) for r in places if r["kind"] == "A.ADM1" for n in [r["name"]] + split(r["alts"])}
    for r in places:
        if r["id"].startswith("K:") and r["kind"] == "L.RGN" and (r["iso2"], tuple(words_of(r["name"]))) in admin1:
            continue                    # a region of ours that GeoNames has as an admin unit
        small, kind = not r["alts"] and not r["id"].startswith("K:"), r["kind"]
        if not (kind in ("P.PPLH", "P.PPLQ") or small and (kind == "P.PPLX" and number(r["pop"]) < 5000
                                                           or kind in ("P.PPL", "P.PPLA4", "P.PPLA5") and number(r["pop"]) < 800)):
            kept.append(r)
    return kept, len(places) - len(kept)


# Where GeoNames puts them; Natural Earth's labels stand elsewhere.
CONTINENTS = {"Africa": (6255146, 7.1881, 21.0936), "Asia": (6255147, 29.8406, 89.2969), "Europe": (6255148, 48.691, 9.1406),
              "North America": (6255149, 46.0732, -100.5469), "South America": (6255150, -14.6049, -57.6563),
              "Oceania": (6255151, -18.3128, 138.5156), "Antarctica": (6255152, -78.1586, 16.4063)}


def centres(places):
    """Admin units stand nearer the middle of their extent than where their people live; continents where GeoNames has them."""
    inside = collections.defaultdict(list)
    for r in places:
        if r["kind"].startswith("P.") and r["adm1"] and r["lat"]:
            inside[r["iso2"], r["adm1"]].append((float(r["lat"]), float(r["lon"])))
    for r in places:
        points = inside.get((r["iso2"], r["adm1"]), [])
        if r["kind"] == "A.ADM1" and len(points) >= 20:
            middle = []
            for axis in zip(*points):
                axis, cut = sorted(axis), len(points) // 100
                middle.append((axis[cut] + axis[-1 - cut]) / 2)
            wide = any(max(axis) - min(axis) > 8 for axis in zip(*points))
            if r["lat"] and not wide:
                middle = [.7 * a + .3 * float(r[c]) for a, c in zip(middle, ("lat", "lon"))]
            r["lat"], r["lon"] = "%.3f" % middle[0], "%.3f" % middle[1]
        elif r["kind"] == "T.CONTINENT" and r["name"] in CONTINENTS:
            number_, lat, lon = CONTINENTS[r["name"]]
            r["id"], r["lat"], r["lon"] = str(number_), str(lat), str(lon)


def capitals(t):
    """Gives each country the id of its capital's place."""
    seats = {}
    for r in t["places"]:
        if r["kind"] == "P.PPLC":
            seats.setdefault(r["iso2"], r["id"])
    for r in t["countries"]:
        r["_capital"] = seats.get(r["iso2"], "")


def prior(r):
    """0 to 15: how often news means this place by its name."""
    kind, pop = r["kind"], number(r["pop"])
    log = math.log10(pop + 10)
    if kind == "A.PCLI":
        return 15
    if r["id"].startswith("K:") or kind in ("L.MACRO", "T.CONTINENT"):
        return 13
    if kind == "P.PPLC":
        return max(10, log * 1.3 + 4)
    if kind == "A.ADM1":
        return max(7, log * 1.2 + 2)
    if kind == "A.ADM2":
        return max(1, log * 1.2 - 2)
    if kind.startswith("P.PPLA") and kind in ("P.PPLA", "P.PPLA2"):
        return log * 1.5 + 1
    if kind.startswith("P."):
        return log * 1.5 - (2 if kind == "P.PPLX" else 0)
    if kind.startswith("L."):
        return 10
    return 7 if kind.startswith("H.") else 5


def bare(r):
    """The name of an admin unit without the word for its kind."""
    words = words_of(r["name"])
    if r["kind"].startswith("H.") and len(words) == 2 and words[1] in ("sea", "ocean") and words[0] not in COLOURS:
        yield words[0]
    if not r["kind"].startswith("A.ADM"):
        return
    if len(words) > 1 and words[-1] in SUFFIXES and not (r["iso2"] == "US" and words[-1] == "county"):
        yield " ".join(words[:-1])
    for p in PREFIXES:
        if len(words) > len(p) and tuple(words[:len(p)]) == p:
            yield " ".join(words[len(p):])


def population(n):
    """11 bits of number and 5 of shift."""
    n, shift = int(n), 0
    while n >> shift >= 1 << 11:
        shift += 1
    return n >> shift | shift << 11


def i24(x):
    return (int(round(x * 10000)) & 0xFFFFFF).to_bytes(3, "little")


def admin_tables(places, strings):
    """Admin1 as [n][2] name, row of the place; admin2 as [n] row of the place; the numbers of both by their codes."""
    first, second, names1 = {}, {}, {}
    for i, r in enumerate(places):
        if r["adm1"] and r["adm1_name"]:
            names1.setdefault((r["iso2"], r["adm1"]), r["adm1_name"])
        if r["kind"] == "A.ADM1":
            first[r["iso2"], r["adm1"]] = i
        elif r["kind"] == "A.ADM2":
            second[r["iso2"], r["adm1"], r["adm2"]] = i
    keys1 = sorted(names1)
    table1 = [[strings[names1[k]], first.get(k, 0xFFFFFFFF)] for k in keys1]
    keys2 = sorted(second)
    return (np.array(table1, dtype="u4"), np.array([second[k] for k in keys2], dtype="u4"),
            {k: i for i, k in enumerate(keys1)}, {k: i for i, k in enumerate(keys2)})


def pack(t, index, strings, kinds, names, id_of):
    places = sorted(t["places"], key=lambda r: id_of(r["id"]))
    admin1, admin2, n1, n2 = admin_tables(places, strings)
    out, row = bytearray(), {}
    misspelt = {r["geonameid"]: split(r["misspellings"]) + split(r["alts"]) for r in t["countries"]}
    cities = {(r["iso2"], tuple(words_of(n))) for r in places if r["kind"].startswith("P.") and number(r["pop"]) >= 50000
              for n in [r["name"]] + split(r["alts"])}
    people = {n for r in t["countries"] for c in ("adjectives", "noun_sg", "noun_pl", "noun_m", "noun_f") for n in split(r[c])}
    for i, r in enumerate(places):
        row[r["id"]] = i
        # a place without coordinates stands at what no place has: south of the pole
        lat, lon = (float(r["lat"]), float(r["lon"])) if r["lat"] and r["lon"] else (-91.0, 0.0)
        out += i24(lat) + i24(lon) + strings[r["name"]].to_bytes(3, "little") + id_of(r["id"]).to_bytes(4, "little") \
            + population(number(r["pop"])).to_bytes(2, "little") + bytes([kinds[r["kind"]], index.get(r["iso2"], NO_COUNTRY)]) \
            + n1.get((r["iso2"], r["adm1"]), NONE16).to_bytes(2, "little") \
            + n2.get((r["iso2"], r["adm1"], r["adm2"]), NONE16).to_bytes(2, "little")
        p = prior(r)
        alts = split(r["alts"])
        extra = [n for n in misspelt.get(r["id"], []) if n not in people and (r["iso2"], tuple(words_of(n))) not in cities] if r["kind"] == "A.PCLI" else []
        names.add(r["name"], 0, i, 0, p)
        if r["kind"] == "A.PCLI":
            alts = [n for n in alts if (r["iso2"], tuple(words_of(n))) not in cities]
        for n in ([r["ascii"]] if r["ascii"] else []) + alts[:12 if p >= 6 else 8] + extra:
            if len(words_of(n)) and (len(n) > 2 or r["kind"] == "A.PCLI"):
                names.add(n, 0, i, 1, p - 1)
        for n in bare(r):
            names.add(n, 0, i, 1, p - 1)
    return np.frombuffer(bytes(out), dtype="u1").reshape(len(places), 21), admin1, admin2, row

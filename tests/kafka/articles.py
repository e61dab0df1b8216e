#!/usr/bin/env python3
"""articles: any number of distinct news articles in our own words, the same ones for the same seed.

    articles.py [--count 100] [--seed 1]     one JSON object a line, for kcat -P -l or dateline annotate

Places, people and bodies are invented; each article is one of eight kinds of story told with numbers of its own.
"""
import argparse
import json
import random
import sys

PLACES = ["Marvale", "Port Ostrava", "Kelmar", "Sandhaven", "Tirol Bay", "Ostrovka", "Lumbara", "Greyford", "Qasira", "Belmonte"]
REGIONS = ["the northern province", "the river delta", "the capital district", "the western highlands", "the coastal belt"]
FIRST = ["Amina", "Viktor", "Leila", "Tomas", "Grace", "Daniyar", "Ines", "Kofi", "Mirela", "Haruto"]
LAST = ["Okonjo", "Petrescu", "Sadykov", "Larsen", "Mbeki", "Ferreira", "Novak", "Haddad", "Tanaka", "Quispe"]
BODIES = ["the transport ministry", "the regional council", "the dockers' union", "the civil defence agency", "the central bank",
          "the election commission", "the health authority", "the border service"]
SOURCES = ["Harbour Wire", "The Daily Ledger", "Meridian Post", "Highland Courier"]

STORIES = [
    ("Dockers in {place} walk out over shift pay",
     ["Some {n} dockers left the quays of {place} on {day}, after talks with {body} broke down for the {k}th time this year.",
      "“We asked for {small} per cent and were offered a handshake,” said {person}, who speaks for the crews.",
      "Ships wait outside the harbour; the port says that {k} of them carry grain."]),
    ("River floods {k} villages near {place}",
     ["Water rose by {small}.{k} metres overnight and {n} people were moved to schools on higher ground, {body} said on {day}.",
      "{person}, a farmer, lost {k} cows. “It came without a sound,” she said.",
      "More rain is expected in {region} until the weekend."]),
    ("{place} council votes {k} to {small} for new tram line",
     ["The council of {place} approved a tram line of {small} kilometres on {day}, at a cost of ${n}m.",
      "Mayor {person} called it “a street we give back to walkers”. Shopkeepers had wanted a bus lane instead.",
      "Work begins in {region} next spring, if {body} agrees."]),
    ("Thousands march in {place} against fuel prices",
     ["About {n} people marched through {place} on {day} to protest against the price of diesel, police said.",
      "{k} were arrested when stones were thrown at the offices of {body}.",
      "“I drive a taxi and earn less than it drinks,” {person} told reporters. The government did not comment."]),
    ("{k} ministers meet in {place} to renew water treaty",
     ["Delegations from {k} countries met in {place} on {day} and agreed to share the water of {region} for {small} more years.",
      "{person}, who led the talks, said the text “leaves nobody thirsty and nobody happy”.",
      "It must be ratified by parliaments before {body} can release ${n}m."]),
    ("Quake of magnitude {small}.{k} shakes {region}",
     ["An earthquake was felt in {place} at 0{k}:1{k} on {day}. {body_up} counted {n} damaged houses and no deaths.",
      "{person}, a teacher, led {small}0 children out of a school whose roof had cracked.",
      "Engineers from Dr. {other}'s institute are checking the dam, which is in the U.S. style of the 1950s."]),
    ("{place} police seize {n} kilograms of smuggled tobacco",
     ["Officers stopped {k} lorries outside {place} on {day} and found {n} kilograms of tobacco beneath a load of onions.",
      "{small} drivers, aged between {k}0 and {small}0, were charged; {body} values the goods at €{n},000.",
      "“They were good onions, too,” said inspector {person}."]),
    ("Clinic in {place} reports {n} cases of measles",
     ["{body_up} confirmed {n} cases of measles in {region} on {day}, {small} times as many as last year.",
      "Dr. {person} asked parents in {place} to have children vaccinated; {k} mobile teams are on the road.",
      "Schools stay open. No one has died, she said, “and we mean to keep it so”."]),
]
CLOSING = ["{other}, who studies such matters at the university of {place2}, said that it was too early to draw conclusions.",
           "In {place2}, a similar case took {k} months to settle.",
           "The story was first told by {source}; {body} confirmed it to this newspaper.",
           "It is the {k}th such report from {region} since January, according to figures that {body} published last week."]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def article(serial, seed=1):
    """The article with this number: a dict of id, title, text, published_at, url, source, language, authors."""
    rng = random.Random(f"{seed}/{serial}")
    people = [f"{f} {l}" for f, l in zip(rng.sample(FIRST, 2), rng.sample(LAST, 2))]
    places = rng.sample(PLACES, 2)
    body = rng.choice(BODIES)
    words = {"place": places[0], "place2": places[1], "region": rng.choice(REGIONS), "person": people[0], "other": people[1],
             "body": body, "body_up": body[0].upper() + body[1:], "source": rng.choice(SOURCES), "day": rng.choice(DAYS),
             "n": rng.randint(11, 990), "k": rng.randint(4, 9), "small": rng.randint(2, 8)}
    title, paragraphs = STORIES[serial % len(STORIES)]
    closing = rng.sample(CLOSING, rng.randint(1, len(CLOSING)))
    text = "\n\n".join(p.format(**words) for p in paragraphs + closing) + f"\n\nReport number {serial} of this series."
    name = f"dl-{seed}-{serial:07d}"
    return {"id": name, "title": title.format(**words), "text": text, "url": f"https://news.example/{name}", "source": words["source"],
            "published_at": f"2026-{1 + serial % 12:02d}-{1 + serial % 28:02d}T{serial % 24:02d}:{serial % 60:02d}:00Z",
            "language": "en", "authors": [people[1]]}


def encoded(fields):
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def main(argv):
    parser = argparse.ArgumentParser(prog="articles.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    for serial in range(args.count):
        sys.stdout.buffer.write(encoded(article(serial, args.seed)) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

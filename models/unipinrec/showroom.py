"""The showroom's simulated logs as `logs.Logs`: slates are the lists that were shown, a token is an item acted on in one.

Reads `events.ndjson.gz` (events as `POST /v1/events` takes them, in the order of time), `ids.txt` and `vectors.f32` (a
row of 256 little-endian float32 an id). People and time are both held out: learned from are the lists of most people
before `LEARNED` of the days; validation and test are lists of the others after it.
"""

import gzip
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from logs import PARTS
from network import ACTIONS, SURFACES

LONGEST_SLATE = 24
LEARNED = 0.8  # of the time
SHARES = (0.8, 0.87)  # of people: learn, valid, the rest test


@dataclass
class Shown:
    """One list: its time and, of each item, the actions and the time of the first."""

    time: float
    surface: int
    items: list[int] = field(default_factory=list)
    actions: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    acted: dict[int, float] = field(default_factory=dict)


def part_of(person: str) -> str:
    """Which part a person belongs to, by a hash of the name."""
    share = int(hashlib.sha256(person.encode()).hexdigest()[:8], 16) / 2**32
    return PARTS[sum(share >= one for one in SHARES)]


def slates_of(lines, place: dict[str, int]) -> dict[str, list[Shown]]:
    """Lists of each person, in the order of time, from events without those of items that `place` lacks."""
    people: dict[str, dict[str, Shown]] = defaultdict(dict)
    for line in lines:
        event = json.loads(line)
        item = place.get(event["item"])
        if item is None:
            continue
        time = datetime.fromisoformat(event["at"]).timestamp()
        slates = people[event["user"]]
        if event["slate"] not in slates:
            slates[event["slate"]] = Shown(time, SURFACES.index(event.get("surface", "")))
        shown = slates[event["slate"]]
        if event["action"] == "impression":
            shown.items.append(item)
        else:
            shown.actions[item].add(ACTIONS.index(event["action"]))
            shown.acted.setdefault(item, time)
    return {person: sorted(slates.values(), key=lambda one: one.time) for person, slates in people.items()}


def logs(people: dict[str, list[Shown]], content: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of `logs.Logs`."""
    times = [one.time for slates in people.values() for one in slates]
    first, last = min(times), max(times)
    moment = first + LEARNED * (last - first)
    tokens: dict[str, list] = {name: [] for name in ("items", "actions", "times", "surfaces")}
    columns: dict[str, list] = {
        name: []
        for name in ("begins", "cuts", "slates", "slate_actions", "slate_times", "slate_surfaces", "parts")
    }  # fmt: skip
    for person, slates in people.items():
        part, begin = part_of(person), len(tokens["items"])
        for shown in slates:
            learned = part == "learn"
            # Tokens of later lists cannot be learned from: they are in no history that is.
            if learned and shown.time >= moment:
                break
            cut = len(tokens["items"])
            if cut > begin and shown.items and (learned or shown.time >= moment):
                slate = np.full(LONGEST_SLATE, -1)
                done = np.zeros((LONGEST_SLATE, len(ACTIONS)), np.uint8)
                for at, item in enumerate(shown.items[:LONGEST_SLATE]):
                    slate[at] = item
                    done[at, list(shown.actions.get(item, ()))] = 1
                values = (begin, cut, slate, done, shown.time, shown.surface, PARTS.index(part))
                for name, value in zip(columns, values):
                    columns[name].append(value)
            for item, time in sorted(shown.acted.items(), key=lambda pair: pair[1]):
                done = np.zeros(len(ACTIONS), np.uint8)
                done[list(shown.actions[item])] = 1
                for name, value in zip(tokens, (item, done, time, shown.surface)):
                    tokens[name].append(value)
    kinds = {
        "items": np.int16, "slates": np.int16, "surfaces": np.uint8, "slate_surfaces": np.uint8, "parts": np.uint8,
        "actions": np.uint8, "slate_actions": np.uint8, "begins": np.int32, "cuts": np.int32,
    }  # fmt: skip
    found = {name: np.array(value).astype(kinds.get(name, np.float64)) for name, value in (tokens | columns).items()}
    return found | {
        "content": content.astype(np.float16),
        "count": np.array(len(content)),
        "repeats": np.array(True),
    }


def read(folder: Path) -> dict[str, np.ndarray]:
    """Columns from a folder of logs."""
    ids = (folder / "ids.txt").read_text(encoding="utf8").split()
    content = np.fromfile(folder / "vectors.f32", "<f4").reshape(len(ids), -1)
    with gzip.open(folder / "events.ndjson.gz", "rt", encoding="utf8") as lines:
        return logs(slates_of(lines, {name: at for at, name in enumerate(ids)}), content)

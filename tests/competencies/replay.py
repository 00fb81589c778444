"""A plain replay of statements into evidence and holdings: loops over tuples and dicts, nothing of the product."""

import calendar
from collections import defaultdict
from datetime import date, datetime, timedelta

FIRST, LAST = date(2026, 1, 1), date(2029, 1, 1)


def naive_evidence(said: list[tuple], rules: list, editions: list, maps: list) -> set[tuple]:
    """Go through every moment at which something became known; a row begins and ends where what counted changes."""
    moments = sorted({one[4] for one in said} | {one[5] for one in said if one[5]})
    open_rows: dict[tuple, datetime] = {}
    rows: set[tuple] = set()
    for moment in moments:
        known = [one for one in said if one[4] <= moment and (one[5] is None or one[5] > moment)]
        counts = naive_counted(known, rules, editions)
        for row in [row for row in open_rows if row not in counts]:
            rows.add((*row, open_rows.pop(row), moment))
        for row in counts:
            open_rows.setdefault(row, moment)
    rows |= {(*row, since, None) for row, since in open_rows.items()}
    for dated, known, given in maps:
        rows |= naive_carried(rows, dated, known, given)
    return rows


def naive_counted(known: list[tuple], rules: list, editions: list) -> set[tuple]:
    """(capability, level, statement, achieved, expires) of everything that counts, when this is all that is known."""
    days: dict[tuple[int, str], list[date]] = defaultdict(list)
    for _, activity, verb, on, *_ in known:
        days[activity, verb].append(on)
    counts = set()
    for id, activity, verb, on, _, _, until in known:
        for of, by, capability, level, waits, start, end in rules:
            if (of, by) != (activity, verb) or (start and on < start) or (end and on >= end):
                continue
            achieved = on
            chain = []
            while waits:  # a portfolio waits for practice, and practice for the check
                chain.append(waits)
                waits = next((r[4] for r in rules if (r[0], r[1], r[2]) == (*waits, capability)), None)
            if not all(days[each] for each in chain):
                continue
            for each in chain:
                achieved = max(achieved, min(days[each]))
            if until and until <= achieved:
                continue
            for at in (3, 2, 1) if level == 3 else (level,):
                ends = naive_end(achieved, at, editions)
                ends = until if until and (ends is None or until < ends) else ends
                counts.add((capability, at, id, achieved, ends))
    return counts


def naive_end(achieved: date, level: int, editions: list) -> date | None:
    months = editions[0][1][level]
    for dated, each in editions:
        if dated <= achieved:
            months = each[level]
    if months is None:
        return None
    year, month = achieved.year, achieved.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(achieved.day, calendar.monthrange(year, month)[1]))


def naive_carried(rows: set[tuple], dated: date, known: datetime, given: dict) -> set[tuple]:
    standing = {(row[2], row[0], row[1]) for row in rows if row[6] is None}
    best: dict[tuple, tuple] = {}
    for capability, level, id, achieved, expires, recorded, withdrawn in rows:
        levels: dict[int, int] = {}
        for (old, least), new in given.items():
            if old == capability and level >= least:
                for to, at in new.items():
                    if at > levels.get(to, 0):
                        levels[to] = at
        begins, learned = max(achieved, dated), max(recorded, known)
        if (expires and expires <= begins) or (withdrawn and withdrawn <= learned):
            continue
        for to, at in levels.items():
            key, row = (id, to, at), (to, at, id, begins, expires, learned, withdrawn)
            if key not in standing and (key not in best or naive_better(row, best[key])):
                best[key] = row
    return set(best.values())


def naive_better(new: tuple, old: tuple) -> bool:
    """What still stands goes first, then what ends last, begins first, was known first, and was withdrawn last."""
    if (new[6] is None) != (old[6] is None):
        return new[6] is None
    if new[4] != old[4]:
        return new[4] is None or (old[4] is not None and new[4] > old[4])
    if new[3] != old[3]:
        return new[3] < old[3]
    if new[5] != old[5]:
        return new[5] < old[5]
    return bool(new[6] and new[6] > old[6])


def naive_holdings(current: list[tuple]) -> list[tuple]:
    """Paint every day with the highest level, then read the days one after another."""
    painted: dict[date, int] = {}
    for level, start, end in current:
        day = start
        while day < (end or LAST):
            painted[day] = max(level, painted.get(day, 0))
            day += timedelta(days=1)
    held: list[list] = []
    for day in sorted(painted):
        if held and held[-1][0] == painted[day] and held[-1][2] == day:
            held[-1][2] = day + timedelta(days=1)
        else:
            held.append([painted[day], day, day + timedelta(days=1)])
    return [(level, start, None if end == LAST else end) for level, start, end in held]

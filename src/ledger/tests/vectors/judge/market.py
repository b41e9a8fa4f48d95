"""Prices, rates and index factors: what the market says of a day."""

from fractions import Fraction

from .case import day
from .numbers import fraction


def series(case, member, name):
    """Points by day. A point of one's own overrides the reference point of the same day."""
    key = ("series", member, name)
    if key not in case.memory:
        points = case.row.get(member, {}).get(name, [])
        own_last = sorted(points, key=lambda point: bool(point.get("own")))
        case.memory[key] = {day(point["date"]): fraction(point["value"]) for point in own_last}
    return case.memory[key]


def latest(points, on):
    """The latest point on or before a day, as (day, value)."""
    known = [at for at in points if at <= on]
    return (max(known), points[max(known)]) if known else None


def price_point(case, instrument, on):
    """The latest price or net asset value on or before a day, as (day, value)."""
    return latest(series(case, "prices", instrument), on)


def factor(case, instrument, on):
    """The index factor of an index-linked bond: the latest on or before the day, else the first, else 1."""
    if case.instruments[instrument].type != "index_linked_bond":
        return Fraction(1)
    points = series(case, "factors", instrument)
    found = latest(points, on)
    return found[1] if found else points[min(points)] if points else Fraction(1)


def per_euro(case, currency, on):
    """Rates are per 1 EUR, latest on or before the day; a day before the first rate takes the first."""
    if currency == "EUR":
        return Fraction(1)
    points = series(case, "fx", currency)
    found = latest(points, on)
    return found[1] if found else points[min(points)]


# The platform's first rate holds before it, too; a currency that only has rates of one's own has none before the first of them.
def knows_rate(case, currency, on):
    """Whether a currency has a rate on a day."""
    points = case.row.get("fx", {}).get(currency, [])
    of_the_platform = any(not point.get("own") for point in points)
    return currency == "EUR" or of_the_platform or latest(series(case, "fx", currency), on) is not None


def cross(case, source, target, on):
    """How much of `target` one unit of `source` is worth: crossed through the euro."""
    if source == target:
        return Fraction(1)
    return per_euro(case, target, on) / per_euro(case, source, on)

"""What the judge answers to everything that a case file asks, and how that is compared."""

from fractions import Fraction

from .cashflows import printed_cashflows
from .case import day, read
from .flows import entity
from .funds import private_market
from .holdings import printed_gains, printed_holdings, printed_realised
from .performance import printed_groups, printed_performance
from .refusals import pointer_of
from .units import book


def answer(row):
    """The `expected` of a case file with every figure computed; what is asked for stays as it is."""
    case, asked = read(row), row["expected"]
    return {name: [ANSWERS[name](case, it) for it in items] for name, items in asked.items()}


def holdings(case, asked):
    rows = printed_holdings(case, asked)
    return {**asked, "holdings": rows, "realised": printed_realised(case, day(asked["as_of"]))}


def private_markets(case, asked):
    fund = asked.get("instrument_id", "f1")
    return {**asked, **private_market(case, book(case, day(asked["date"])), fund)}


ANSWERS = {
    "holdings": holdings,
    "performance": lambda case, it: {**it, **printed_performance(case, it)},
    "grouped_performance": lambda case, it: {**it, "groups": printed_groups(case, it)},
    "realised_gains": lambda case, it: {**it, "rows": printed_gains(case, it)},
    "private_markets": private_markets,
    "cashflows": lambda case, it: {**it, "rows": printed_cashflows(case, it)},
    "refused": lambda case, it: {**it, "pointer": pointer_of(case, it)},
}


def differences(expected, found, path=""):
    """Where two values differ. A member that a file leaves out is not compared; `irr` holds to 1e-6 as far as it is printed."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            yield from differences(value, found.get(name, "absent"), f"{path}/{name}")
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f"{path}: {len(expected)} expected, {len(found)} found"
        for index, (one, other) in enumerate(zip(expected, found)):
            yield from differences(one, other, f"{path}/{index}")
    elif path.endswith("/irr") and expected is not None and found is not None:
        if abs(Fraction(expected) - Fraction(found)) > Fraction(1, 10**6):
            yield f"{path}: {expected} expected, {found} found"
    elif expected != found:
        yield f"{path}: {expected} expected, {found} found"


def wrong_by_hand(row):
    """Which figures that were worked out by hand do not stand in `expected`."""
    wrong = []
    for it in row.get("by_hand", []):
        value = row["expected"]
        try:
            for step in it["at"].strip("/").split("/"):
                value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError):
            value = "absent"
        if value != it["is"]:
            wrong.append(f"by hand {it['at']}: {it['is']}, not {value}")
    return wrong

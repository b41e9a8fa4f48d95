"""What may not be entered: each attempt alone, after everything that the case holds."""

from .case import days, read
from .lots import ledger
from .market import cross, price_point, series
from .units import Refused, book
from .worth import at_price

# An entry or a point is refused where any product with what exists would leave 28 digits.
TOO_LARGE = 10**28


def pointer_of(case, attempt):
    """The member at which an attempt is refused; none where it is not. An attempt is a transaction, or a point of a series."""
    if "transaction" in attempt:
        return pointer_of_transaction(case, attempt["transaction"])
    return pointer_of_point(case, attempt["point"])


def pointer_of_transaction(case, row):
    after = case.with_entries([*case.row["transactions"], row])
    last = max(entry.date for entry in after.transactions)
    try:
        book(after, last)
        ledger(after, last)
    except Refused as refusal:
        own = refusal.entry.number == len(after.transactions) - 1
        return refusal.pointer if own else "#/quantity"
    return size_of_entry(row) if too_large(after) else None


def size_of_entry(row):
    return "#/ratio" if row["type"] == "corporate_action" else "#/quantity"


def pointer_of_point(case, point):
    """A point names its `series` (`prices`, `factors` or `fx`), what it is `of`, and its own date and value."""
    made = {**case.row, point["series"]: dict(case.row.get(point["series"], {}))}
    known = made[point["series"]].get(point["of"], [])
    made[point["series"]][point["of"]] = [*known, {"date": point["date"], "value": point["value"], "own": True}]
    return "#/value" if too_large(read(made)) else None


def too_large(case):
    """Whether any quantity, cost or worth leaves the range, on any day on which something is entered or a price is told."""
    dates = {entry.date for entry in case.transactions}
    dates |= {on for name in case.row.get("prices", {}) for on in series(case, "prices", name)}
    return any(leaves_range(case, on) for on in days(min(dates), max(dates)) if on in dates)


def leaves_range(case, on):
    made, lots = book(case, on), ledger(case, on)
    figures = list(made.units.values()) + list(made.cash.values())
    for (place, instrument), units in list(made.units.items()):
        found = price_point(case, instrument, on) or made.last.get((place, instrument))
        if units and found:
            own = case.instruments[instrument].currency
            worth = at_price(case, instrument, units, found[1], on)
            figures += [worth, worth * cross(case, own, case.row["reporting_currency"], on)]
    for held in lots.lots.values():
        figures += [lot.cost(case, case.row["reporting_currency"]) for lot in held]
    return any(abs(figure) >= TOO_LARGE for figure in figures)

"""What is held is worth at the end of a day, in the instrument's currency."""

from fractions import Fraction

from .case import PER_CENT
from .funds import nav
from .market import cross, factor, latest, price_point, series
from .numbers import fraction
from .terms import accrued


# The latest point on or before the day; without any, the last traded price of the holding.
def price(case, made, depository, instrument):
    """The price of a holding at the end of a book's day, as (day, value); none where nothing tells it."""
    if case.instruments[instrument].type == "fx_forward":
        return spot(case, instrument, made.on)
    found = price_point(case, instrument, made.on)
    return found or made.last.get((depository, instrument))


def spot(case, instrument, on):
    terms = case.instruments[instrument].terms
    base, quote = terms["base_currency"], terms["quote_currency"]
    dates = [latest(series(case, "fx", code), on) for code in (base, quote) if code != "EUR"]
    return max(found[0] for found in dates if found), cross(case, base, quote, on)


# Options past expiry and forwards past settlement are worth nothing and are no holding.
def is_over(case, instrument, on):
    last = case.instruments[instrument].last_day
    return last is not None and on > last


# Bonds and loans are quoted in per cent of par, index-linked ones times the factor; options count their multiplier.
def at_price(case, instrument, units, value, on):
    """What units are worth at a price, without accrued interest."""
    it = case.instruments[instrument]
    if it.type == "fx_forward":
        return units * (value - fraction(it.terms["forward_rate"])) * fraction(it.terms["notional"])
    per_cent = Fraction(1, 100) if it.type in PER_CENT else Fraction(1)
    return units * value * per_cent * it.multiplier * factor(case, instrument, on)


def interest(case, instrument, units, on):
    """Accrued interest of so many units; that of an index-linked bond is indexed too."""
    return units * accrued(case.instruments[instrument], on) * factor(case, instrument, on)


def clean_value(case, made, depository, instrument, units=None):
    """What a holding, or so many of its units, is worth at the end of a book's day, without accrued interest."""
    units = made.units[depository, instrument] if units is None else units
    if is_over(case, instrument, made.on):
        return Fraction(0)
    if case.instruments[instrument].type == "private_market_fund":
        held = sum(made.units[place, instrument] for place in case.depositories)
        return nav(case, made, instrument) * units / held if held else Fraction(0)
    found = price(case, made, depository, instrument)
    return at_price(case, instrument, units, found[1], made.on) if found else Fraction(0)


def value(case, made, depository, instrument, units=None):
    """The same with accrued interest."""
    units = made.units[depository, instrument] if units is None else units
    if is_over(case, instrument, made.on):
        return Fraction(0)
    clean = clean_value(case, made, depository, instrument, units)
    return clean + interest(case, instrument, units, made.on)


# Transfers are valued after the entry: at their own price if they have one, else at the price of the day's end.
def worth_of_move(case, made, move, clean=False):
    """What the units of a move are worth in the instrument's currency, at the end of the book's day."""
    own = move.entry.figure("price") if move.entry.type == "transfer" else None
    if own is None or is_over(case, move.instrument, made.on):
        of = clean_value if clean else value
        return of(case, made, move.place, move.instrument, move.units)
    entered = abs(move.entry.figure("quantity"))
    worth = at_price(case, move.instrument, entered, own, made.on)
    return worth if clean else worth + interest(case, move.instrument, move.units, made.on)

"""What a border encloses, what that is worth, and what crosses it."""

from dataclasses import dataclass
from fractions import Fraction

from .case import eve
from .funds import TRADES, entries_of, nav
from .market import cross
from .units import book
from .worth import value, worth_of_move


@dataclass
class Border:
    """Accounts for their money, accounts for their commitments, depositories; with `classes`, only what is of one of them."""

    money: frozenset
    promised: frozenset
    depositories: frozenset
    classes: frozenset = None

    def holds(self, case, where):
        """Whether a place is inside."""
        kind, place, *rest = where
        if kind == "money":
            return place in self.money
        inside = place in (self.depositories if kind == "held" else self.promised)
        return inside and (self.classes is None or case.instruments[rest[0]].class_id in self.classes)


def included(case, accounts):
    return frozenset(it for it in accounts if not case.accounts[it].excluded)


# What stands in two portfolios counts once in the total; an account with `exclude_from_reporting` does not count.
def entity(case):
    """The border of the reporting entity: all of its portfolios together."""
    accounts = included(case, [it for portfolio in case.portfolios for it in portfolio.accounts])
    depositories = frozenset(it for portfolio in case.portfolios for it in portfolio.depositories)
    return Border(accounts, accounts, depositories)


# A group is a border of its own: by portfolio with money, by depository or class without.
def groups(case, group_by):
    """The borders of the groups, as (name, border), in the order of the case."""
    whole = entity(case)
    if group_by == "portfolio":
        for it in case.portfolios:
            accounts = included(case, it.accounts)
            yield it.id, Border(accounts, accounts, frozenset(it.depositories))
    elif group_by == "depository":
        for name in [it for it in case.depositories if it in whole.depositories]:
            yield name, Border(frozenset(), frozenset(), frozenset([name]))
    else:
        for name in sorted({it.class_id for it in case.instruments.values()}):
            yield name, Border(frozenset(), whole.promised, whole.depositories, frozenset([name]))


def promise_value(case, made, account, fund):
    """What a commitment is worth: the net asset value, unless units of the fund are held."""
    if entries_of(case, fund, made.on, TRADES):
        return Fraction(0)
    accounts = [it for it, name in made.promised if name == fund]
    assert accounts == [account], "a fund that several accounts committed to is not judged"
    return nav(case, made, fund)


def value_inside(case, border, on, currency):
    """V: what is inside the border is worth at the end of a day, in a currency."""
    made, total = book(case, on), Fraction(0)
    for account, amount in made.cash.items():
        if border.holds(case, ("money", account)):
            total += amount * cross(case, case.accounts[account].currency, currency, on)
    for (place, instrument), units in list(made.units.items()):
        if units and border.holds(case, ("held", place, instrument)):
            total += value(case, made, place, instrument) * of(case, instrument, currency, on)
    for account, fund in made.promised:
        if border.holds(case, ("promised", account, fund)):
            total += promise_value(case, made, account, fund) * of(case, fund, currency, on)
    return total


def of(case, instrument, currency, on):
    return cross(case, case.instruments[instrument].currency, currency, on)


# If the transaction names no depository: where the client holds the instrument, by quantity; a commitment in its account.
def holders(case, entry, on):
    """Where what an entry names is held, as (where, share); at the day's end, else on its eve, else nowhere."""
    for made in (book(case, on), book(case, eve(on))):
        places = case.depositories_of(case.client_of(entry))
        held = {place: made.units[place, entry.instrument_id] for place in places}
        total = sum(held.values())
        if total:
            return [(("held", it, entry.instrument_id), units / total) for it, units in held.items() if units]
        if (entry.account_id, entry.instrument_id) in made.promised:
            return [(("promised", entry.account_id, entry.instrument_id), Fraction(1))]
    return []


def legs_of(case, on, currency):
    """What the entries of a day did to each place, as (entry, where, amount in the currency)."""
    made = book(case, on)
    worths = {}
    for leg in [it for it in made.legs if it.entry.date == on]:
        if leg.move is not None:
            if id(leg.move) not in worths:
                worths[id(leg.move)] = worth_of_move(case, made, leg.move)
            worth = worths[id(leg.move)] * of(case, leg.move.instrument, currency, on)
            yield leg.entry, leg.where, leg.sign * worth
            continue
        amount = leg.amount * cross(case, leg.currency, currency, on)
        if leg.where is not None:
            yield leg.entry, leg.where, amount
            continue
        places = holders(case, leg.entry, on)
        for where, share in places:
            yield leg.entry, where, amount * share
        if not places:
            # Nothing holds it any more: the payment is the payee's alone.
            yield leg.entry, None, amount


def flow(case, border, on, currency):
    """F: the net flow over a border on a day. An entry whose places are all inside adds nothing but what comes from outside."""
    by_entry = {}
    for entry, where, amount in legs_of(case, on, currency):
        inside = where is None and border.money or where is not None and border.holds(case, where)
        if inside:
            by_entry[entry.number] = by_entry.get(entry.number, Fraction(0)) + amount
    return sum(by_entry.values(), Fraction(0))

"""The replay of lots: what they cost, which ones an entry closes, and what that gained."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from .case import PER_CENT, day
from .market import cross, factor
from .numbers import fraction
from .units import Refused, book
from .worth import worth_of_move


@dataclass
class Cost:
    """An amount in an instrument's currency, of a day; with `deal`, exchanged at the deal's own rate into the account's currency."""

    amount: Fraction
    currency: str
    on: date
    deal: tuple = None

    def times(self, part):
        return replace(self, amount=self.amount * part)

    # Cost is converted at the rate of its day; the deal's own rate takes the place of the market's between the currencies of
    # instrument and account.
    def rate_into(self, case, currency):
        if self.deal is None or currency == self.currency:
            return cross(case, self.currency, currency, self.on)
        account, own = self.deal
        return own * cross(case, account, currency, self.on)

    def into(self, case, currency):
        return self.amount * self.rate_into(case, currency)


@dataclass
class Lot:
    """Units that came together. `name` numbers the entry that opened the lot, `arrival` counts what came to the place."""

    name: int
    acquired_on: date
    arrival: int
    units: Fraction
    costs: list

    def part(self, units):
        share = units / self.units
        return replace(self, units=units, costs=[cost.times(share) for cost in self.costs])

    def cost(self, case, currency):
        return sum((cost.into(case, currency) for cost in self.costs), Fraction(0))


@dataclass
class Closing:
    """A lot, or a part of it, that an entry closed; of a short lot units, proceeds and cost are negative."""

    entry: object
    depository: str
    instrument: str
    lot: Lot
    proceeds: Cost


@dataclass
class Ledger:
    lots: dict = field(default_factory=lambda: defaultdict(list))
    promised: dict = field(default_factory=lambda: defaultdict(list))
    closings: list = field(default_factory=list)
    arrivals: int = 0


def ledger(case, on):
    """The lots at the end of a day, replayed from nothing."""
    key = ("ledger", on)
    if key not in case.memory:
        made = Ledger()
        for entry in case.until(on):
            ENTER.get(entry.type, lambda *_: None)(case, made, entry)
        case.memory[key] = made
    return case.memory[key]


# fifo closes the oldest first, on the same day by the order of entry, fragments of one lot by their arrival.
def oldest_first(lots):
    return sorted(lots, key=lambda lot: (lot.acquired_on, lot.name, lot.arrival))


def add(case, made, place, lot):
    """Puts a lot to a place; under `average` into the one rolling lot there, dated by its first purchase."""
    made.arrivals += 1
    lot = replace(lot, arrival=made.arrivals)
    if case.method(place[0]) == "average" and made.lots[place]:
        [rolling] = made.lots[place]
        first = oldest_first([rolling, lot])[0]
        lot = replace(first, units=rolling.units + lot.units, costs=rolling.costs + lot.costs)
        made.lots[place] = []
    made.lots[place].append(lot)


# Named lots: a name means every fragment of that lot in the depository, oldest arrival first; a name given twice counts once.
def chosen(case, made, entry, place):
    """The lots that an entry closes or moves, in order."""
    lots = oldest_first(made.lots[place])
    if case.method(place[0]) != "specific_id" or not entry.lot_ids:
        return lots
    numbers = {it.id: it.number for it in case.transactions}
    found = []
    for index, name in enumerate(entry.lot_ids):
        fragments = [lot for lot in lots if lot.name == numbers.get(name)]
        if not fragments:
            raise Refused(entry, f"#/lot_ids/{index}")
        found += [lot for lot in fragments if lot not in found]
    return found


def take(case, made, entry, place, units):
    """Takes so many units (of the sign of the lots) from a place, as lots; a named choice must suffice."""
    lots, taken, rest = chosen(case, made, entry, place), [], units
    if abs(sum((lot.units for lot in lots), Fraction(0))) < abs(units):
        raise Refused(entry, "#/lot_ids" if entry.lot_ids else "#/quantity")
    for lot in lots:
        part = rest if abs(rest) < abs(lot.units) else lot.units
        if not part:
            break
        taken.append(lot.part(part))
        made.lots[place].remove(lot)
        if part != lot.units:
            made.lots[place].append(lot.part(lot.units - part))
        rest -= part
    return taken


# Fees are in the account's currency: for an instrument in another one they convert at the rate of the trade date, or the deal's.
def into_instrument(case, entry, amount):
    account = case.accounts[entry.account_id].currency
    deal = entry.figure("fx_rate")
    if deal is not None:
        return amount / deal
    return amount * cross(case, account, case.instruments[entry.instrument_id].currency, entry.date)


def cost_of(case, entry, amount):
    deal = entry.figure("fx_rate")
    account = case.accounts[entry.account_id].currency if entry.account_id else None
    currency = case.instruments[entry.instrument_id].currency
    return Cost(amount, currency, entry.date, (account, deal) if deal is not None else None)


# Price times quantity: per cent of par for bonds and loans, times the factor of the trade date if index-linked, times the
# multiplier of options. A redemption settles a forward, or an option that tells no price, by its amount.
def gross(case, entry):
    """What an entry's quantity trades for, without fees and accrued interest, in the instrument's currency; signed as it."""
    it, units, price = case.instruments[entry.instrument_id], entry.figure("quantity"), entry.figure("price")
    if entry.type == "redemption" and (it.type == "fx_forward" or price is None):
        return -into_instrument(case, entry, entry.figure("amount") + entry.amount_of("fees"))
    per_cent = Fraction(1, 100) if it.type in PER_CENT else Fraction(1)
    return units * price * per_cent * it.multiplier * factor(case, it.id, entry.date)


# A purchase opens lots that cost price x quantity + fees; a sale closes lots, and its fees reduce the proceeds. Where lots of
# the other sign are open, the entry closes them first; fees go to both parts by quantity.
def trade(case, made, entry):
    place, units = (entry.depository_id, entry.instrument_id), entry.figure("quantity")
    fees = into_instrument(case, entry, entry.amount_of("fees"))
    each = (gross(case, entry) + fees) / units
    open_units = sum((lot.units for lot in made.lots[place]), Fraction(0))
    closed = Fraction(0)
    if open_units * units < 0:
        closed = -units if abs(units) <= abs(open_units) else open_units
        if must_name(case, entry, place):
            raise Refused(entry, "#/lot_ids")
        for lot in take(case, made, entry, place, closed):
            proceeds = cost_of(case, entry, each * lot.units)
            made.closings.append(Closing(entry, *place, lot, proceeds))
    rest = units + closed
    if rest:
        lot = Lot(entry.number, entry.date, 0, rest, [cost_of(case, entry, each * rest)])
        add(case, made, place, lot)


def must_name(case, entry, place):
    return case.method(place[0]) == "specific_id" and not entry.lot_ids and entry.type != "buy"


# A transfer moves lots with their cost and dates. What comes in over the sandbox's border costs what it says, else its value,
# of a bond without accrued interest; it is dated by the trade date unless told otherwise.
def transfer(case, made, entry):
    if entry.instrument_id is None:
        return
    units = entry.figure("quantity")
    here, there = entry.depository_id, entry.counterparty_depository_id
    source, target = (there, here) if units > 0 else (here, there)
    name = entry.instrument_id
    if source is None:
        return add(case, made, (target, name), brought(case, entry, abs(units)))
    # Without named lots the oldest go; under `average` there is only one lot, and an even part of it goes.
    for lot in take(case, made, entry, (source, name), abs(units)):
        if target is not None:
            add(case, made, (target, name), lot)


def brought(case, entry, units):
    acquired = day(entry.acquired_on) or entry.date
    stated = entry.figure("cost")
    if stated is None:
        made = book(case, entry.date)
        [move] = [it for it in made.moves if it.entry.number == entry.number]
        stated = worth_of_move(case, made, move, clean=True)
    currency = case.instruments[entry.instrument_id].currency
    return Lot(entry.number, acquired, 0, units, [Cost(stated, currency, acquired)])


# Corporate actions act in `depository_id` if given, else in all depositories of the client.
def corporate_action(case, made, entry):
    named = entry.depository_id
    depositories = [named] if named else case.depositories_of(case.client_of(entry))
    places = [(it, entry.instrument_id) for it in depositories if made.lots[it, entry.instrument_id]]
    held = sum((lot.units for place in places for lot in made.lots[place]), Fraction(0))
    paid = entry.figure("amount")
    each = into_instrument(case, entry, paid) / held if paid and held else Fraction(0)
    for place in places:
        lots = oldest_first(made.lots[place])
        made.lots[place] = []
        for lot in lots:
            ACT[entry.action](case, made, entry, place, lower(case, made, entry, place, lot, each))


# A split multiplies the units of a lot; its cost stays.
def split(case, made, entry, place, lot):
    made.lots[place].append(replace(lot, units=lot.units * entry.figure("ratio")))


# A spin-off moves `cost_fraction` of a lot's cost to `ratio` new units for each old one; the new lot keeps name and date.
def spin_off(case, made, entry, place, lot):
    part = entry.figure("cost_fraction")
    made.lots[place].append(replace(lot, costs=[cost.times(1 - part) for cost in lot.costs]))
    moved = [cost.times(part) for cost in lot.costs]
    new = replace(lot, units=lot.units * entry.figure("ratio"), costs=moved)
    add(case, made, (place[0], entry.target_instrument_id), new)


# A merger puts `ratio` units of the target in the place of each old one, with cost, name and date.
def merger(case, made, entry, place, lot):
    new = replace(lot, units=lot.units * entry.figure("ratio"))
    add(case, made, (place[0], entry.target_instrument_id), new)


def return_of_capital(case, made, entry, place, lot):
    made.lots[place].append(lot)


# Money that a return of capital or a merger pays lowers the cost of each lot by its units; what exceeds the cost is gain.
def lower(case, made, entry, place, lot, each):
    paid = each * lot.units
    if not paid:
        return lot
    cost = lot.cost(case, case.instruments[entry.instrument_id].currency)
    kept = max(cost - paid, Fraction(0))
    if paid > cost:
        nothing = replace(lot, units=Fraction(0), costs=[])
        made.closings.append(Closing(entry, *place, nothing, cost_of(case, entry, paid - cost)))
    return replace(lot, costs=[it.times(kept / cost if cost else 0) for it in lot.costs])


ACT = {"split": split, "spin_off": spin_off, "merger": merger, "return_of_capital": return_of_capital}


# A capital call adds to the cost of a commitment, a distribution gives cost back, never more than there is.
def commitment(case, made, entry):
    if entry.row.get("affects_cost_basis") is False:
        return
    place = (entry.account_id, entry.instrument_id)
    amount = -into_instrument(case, entry, entry.figure("amount"))
    if amount > 0:
        made.promised[place].append(cost_of(case, entry, amount))
        return
    currency = case.instruments[entry.instrument_id].currency
    total = sum((cost.into(case, currency) for cost in made.promised[place]), Fraction(0))
    kept = max(total + amount, Fraction(0)) / total if total else Fraction(0)
    made.promised[place] = [cost.times(kept) for cost in made.promised[place]]


ENTER = {
    "buy": trade,
    "sell": trade,
    "redemption": trade,
    "transfer": transfer,
    "corporate_action": corporate_action,
    "capital_call": commitment,
    "distribution": commitment,
}

"""The replay of quantities, money and last traded prices, and of what each entry moved where."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .market import knows_rate


class Refused(Exception):
    """An entry that cannot be: its number in the order of entry, and the member at fault."""

    def __init__(self, entry, pointer):
        super().__init__(f"transaction {entry.number} ({entry.id}) at {pointer}")
        self.entry, self.pointer = entry, pointer


@dataclass
class Move:
    """Units that came to a place or left it. A later split of the same day at that place multiplies them."""

    entry: object
    place: str
    instrument: str
    units: Fraction


@dataclass
class Leg:
    """What an entry did to one place, as seen by a border around it: + came in, - went out.

    `where` is ("money", account), ("held", depository, instrument) or ("promised", account, instrument). The amount is money of
    `currency`, or the worth of the units of a move at the day's end. A leg without a place goes to whatever holds `instrument`
    at the day's end.
    """

    entry: object
    where: tuple
    amount: Fraction = Fraction(0)
    currency: str = ""
    move: Move = None
    sign: int = 1


@dataclass
class Book:
    """What is where at the end of a day."""

    on: date
    cash: dict = field(default_factory=lambda: defaultdict(Fraction))
    units: dict = field(default_factory=lambda: defaultdict(Fraction))
    last: dict = field(default_factory=dict)
    original: dict = field(default_factory=lambda: defaultdict(Fraction))
    promised: dict = field(default_factory=dict)
    legs: list = field(default_factory=list)
    moves: list = field(default_factory=list)


def book(case, on):
    """The book at the end of a day, replayed from nothing."""
    key = ("book", on)
    if key not in case.memory:
        made = Book(on)
        for entry in case.until(on):
            enter(case, made, entry)
        case.memory[key] = made
    return case.memory[key]


def enter(case, made, entry):
    check_rates(case, entry)
    if entry.account_id is not None and entry.amount is not None:
        made.cash[entry.account_id] += entry.figure("amount")
    REPLAY[entry.type](case, made, entry)


# A transaction in a currency without any rate on its date is refused at `#/account_id`.
def check_rates(case, entry):
    for member in ("account_id", "counter_account_id", "counterparty_account_id"):
        account = entry.row.get(member)
        if account is not None and not knows_rate(case, case.accounts[account].currency, entry.date):
            raise Refused(entry, "#/" + member)
    instrument = case.instruments.get(entry.instrument_id)
    if instrument and not knows_rate(case, instrument.currency, entry.date):
        raise Refused(entry, "#/instrument_id")


def money_leg(case, entry, account, amount):
    return Leg(entry, ("money", account), amount, case.accounts[account].currency)


# If only one leg of a trade is inside, what was paid crosses the border.
def trade(case, made, entry):
    place = (entry.depository_id, entry.instrument_id)
    change, held = entry.figure("quantity"), made.units[place]
    check_held(case, entry, change, held)
    if entry.type == "redemption" or change * held < 0:
        shrink_original(made, entry, place, change, held)
    else:
        made.original[place] += change
    made.units[place] = held + change
    traded_at(case, made, entry)
    amount, account = entry.figure("amount"), case.accounts[entry.account_id]
    made.legs.append(money_leg(case, entry, account.id, amount))
    made.legs.append(Leg(entry, ("held", *place), -amount, account.currency))


# An account with `allow_short` may sell what it does not hold; everything else takes no more than there is.
def check_held(case, entry, change, held):
    after = held + change
    closes_short = entry.type == "redemption" and held < 0 < change
    if closes_short:
        if after > 0:
            raise Refused(entry, "#/quantity")
    elif after < 0 and change < 0:
        may = entry.type == "sell" and case.accounts[entry.account_id].allow_short
        if not may:
            raise Refused(entry, "#/quantity")


# Original par shrinks with sales and transfers in proportion, not with redemptions.
def shrink_original(made, entry, place, change, held):
    if entry.type == "redemption":
        if held + change == 0:
            made.original[place] = Fraction(0)
    elif abs(change) > abs(held):
        made.original[place] = held + change
    else:
        made.original[place] *= 1 + change / held


# A trade sets the last traded price for all holdings of the client, those that are still empty included.
def traded_at(case, made, entry, places=()):
    price = entry.figure("price")
    if price is None:
        return
    clients = {case.client_of(entry)} | {case.depositories[place] for place in places}
    for client in clients:
        for place in case.depositories_of(client):
            made.last[place, entry.instrument_id] = (entry.date, price)


def flow_of_money(case, made, entry):
    made.legs.append(money_leg(case, entry, entry.account_id, entry.figure("amount")))


# A transfer moves money between accounts, or units between depositories; without a counterpart it crosses the border.
def transfer(case, made, entry):
    if entry.instrument_id is None:
        amount = entry.figure("amount")
        made.legs.append(money_leg(case, entry, entry.account_id, amount))
        if entry.counterparty_account_id is not None:
            made.cash[entry.counterparty_account_id] -= amount
            made.legs.append(money_leg(case, entry, entry.counterparty_account_id, -amount))
        return
    ends = [entry.counterparty_depository_id, entry.depository_id]
    source, target = ends if entry.figure("quantity") > 0 else reversed(ends)
    original = take_units(made, entry, source)
    bring_units(made, entry, source, target, original)
    traded_at(case, made, entry, [place for place in (source, target) if place])


def take_units(made, entry, source):
    """Takes the units from their place; tells how much of the original par goes with them."""
    moved = abs(entry.figure("quantity"))
    if source is None:
        return moved
    place = (source, entry.instrument_id)
    if made.units[place] < moved:
        raise Refused(entry, "#/quantity")
    original = made.original[place] * moved / made.units[place]
    made.original[place] -= original
    made.units[place] -= moved
    made.moves.append(Move(entry, source, entry.instrument_id, moved))
    return original


# An empty depository that receives units inherits the sender's last traded price.
def bring_units(made, entry, source, target, original):
    moved, instrument = abs(entry.figure("quantity")), entry.instrument_id
    if target is not None:
        place = (target, instrument)
        if made.units[place] == 0 and (source, instrument) in made.last:
            made.last[place] = made.last[source, instrument]
        made.units[place] += moved
        made.original[place] += original
        made.moves.append(Move(entry, target, instrument, moved))
    move = made.moves[-1]
    for place, sign in ((source, -1), (target, 1)):
        if place is not None:
            made.legs.append(Leg(entry, ("held", place, instrument), move=move, sign=sign))


# Income, and a fee that names an instrument, belong to whatever holds it: an outflow there, an inflow of the payee.
def income(case, made, entry):
    if entry.instrument_id is None:
        return
    amount, account = entry.figure("amount"), case.accounts[entry.account_id]
    bought = any(made.units[place, entry.instrument_id] for place in case.depositories)
    if entry.type == "capital_call" or entry.type == "distribution" and not bought:
        made.promised.setdefault((account.id, entry.instrument_id), entry.date)
    where = ("held", entry.depository_id, entry.instrument_id) if entry.depository_id else None
    made.legs.append(money_leg(case, entry, account.id, amount))
    made.legs.append(Leg(entry, where, -amount, account.currency))


# What a currency trade receives is the inflow of the one account and the outflow of the other.
def fx_trade(case, made, entry):
    made.cash[entry.counter_account_id] += entry.figure("counter_amount")
    ends = [
        (entry.figure("amount"), entry.account_id),
        (entry.figure("counter_amount"), entry.counter_account_id),
    ]
    (_, payer), (received, payee) = sorted(ends)
    currency = case.accounts[payee].currency
    made.legs.append(Leg(entry, ("money", payee), received, currency))
    made.legs.append(Leg(entry, ("money", payer), -received, currency))


# Corporate actions act in `depository_id` if given, else in all depositories of the client whose account reports them.
def corporate_action(case, made, entry):
    named = entry.depository_id
    places = [named] if named else case.depositories_of(case.client_of(entry))
    held = {place: made.units[place, entry.instrument_id] for place in places}
    if entry.action != "split" and entry.figure("amount"):
        paid_by_holders(case, made, entry, held)
    for place in places:
        if entry.action == "split" and (held[place] or not named):
            split(made, entry, place)
        elif entry.action in ("spin_off", "merger") and held[place]:
            new_units(made, entry, place, held[place])


def paid_by_holders(case, made, entry, held):
    amount, account = entry.figure("amount"), case.accounts[entry.account_id]
    made.legs.append(money_leg(case, entry, account.id, amount))
    for place, units in held.items():
        share = -amount * units / sum(held.values())
        made.legs.append(Leg(entry, ("held", place, entry.instrument_id), share, account.currency))


# A split multiplies what is held and divides the last traded price, for exactly those holdings; what moved before it on the
# same day counts in the units after it.
def split(made, entry, where):
    place, ratio = (where, entry.instrument_id), entry.figure("ratio")
    made.units[place] *= ratio
    made.original[place] *= ratio
    if place in made.last:
        at, price = made.last[place]
        made.last[place] = (at, price / ratio)
    for move in made.moves:
        if (move.place, move.instrument) == place and move.entry.date == entry.date:
            move.units *= ratio


# A spin-off brings units of another instrument, a merger puts them in the place of the old ones. Between classes that is a
# flow of the worth of what comes in.
def new_units(made, entry, where, held):
    source, target = (where, entry.instrument_id), (where, entry.target_instrument_id)
    moved = held * entry.figure("ratio")
    made.units[target] += moved
    made.original[target] += moved
    move = Move(entry, where, entry.target_instrument_id, moved)
    made.moves.append(move)
    made.legs.append(Leg(entry, ("held", *source), move=move, sign=-1))
    made.legs.append(Leg(entry, ("held", *target), move=move))
    if entry.action == "merger":
        made.units[source] = made.original[source] = Fraction(0)


REPLAY = {
    "buy": trade,
    "sell": trade,
    "redemption": trade,
    "deposit": flow_of_money,
    "withdrawal": flow_of_money,
    "transfer": transfer,
    "dividend": income,
    "coupon": income,
    "interest": income,
    "fee": income,
    "capital_call": income,
    "distribution": income,
    "fx_trade": fx_trade,
    "corporate_action": corporate_action,
}

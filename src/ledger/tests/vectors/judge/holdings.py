"""Holdings with their lots, and realised gains, as the case files print them."""

from fractions import Fraction

from .case import day
from .flows import entity, of, promise_value
from .lots import ledger, oldest_first
from .market import cross
from .numbers import money, quantity, rate
from .units import book
from .worth import clean_value, interest, is_over, price


def printed_holdings(case, asked):
    """One expected list of holdings: instruments by depository, commitments by account, then money."""
    on, currency = day(asked["as_of"]), asked["currency"]
    border, made, lots = entity(case), book(case, on), ledger(case, on)
    rows = []
    for instrument in case.instruments:
        for place in case.depositories:
            units = made.units[place, instrument]
            if units and border.holds(case, ("held", place, instrument)) and not is_over(case, instrument, on):
                rows.append(held(case, made, lots.lots[place, instrument], (place, instrument), currency))
        for account, fund in made.promised:
            if fund == instrument and border.holds(case, ("promised", account, fund)):
                rows.append(promised(case, made, lots.promised[account, fund], (account, fund), currency))
    rows += [cash(case, made, it, currency) for it in case.accounts if it in border.money]
    return rows


# unrealised_pnl = market_value - accrued_interest - cost_basis
def held(case, made, lots, place, currency):
    depository, instrument = place
    units, on = made.units[place], made.on
    exchange = of(case, instrument, currency, on)
    found = price(case, made, depository, instrument)
    clean = clean_value(case, made, depository, instrument) * exchange
    accrued = interest(case, instrument, units, on) * exchange
    cost = sum((lot.cost(case, currency) for lot in lots), Fraction(0))
    return {
        "instrument_id": instrument,
        "depository_id": depository,
        "quantity": quantity(units),
        "price": quantity(found[1]) if found else None,
        "price_date": found[0].isoformat() if found else None,
        "accrued_interest": money(accrued, currency),
        "market_value": money(clean + accrued, currency),
        "cost_basis": money(cost, currency),
        "unrealised_pnl": money(clean - cost, currency),
        "fx_rate": rate(exchange),
        "lots": [
            {
                "acquired_on": lot.acquired_on.isoformat(),
                "quantity": quantity(lot.units),
                "cost": money(lot.cost(case, currency), currency),
            }
            for lot in oldest_first(lots)
        ],
    }


def promised(case, made, costs, place, currency):
    """A commitment: its account, its worth and its cost."""
    account, fund = place
    exchange = of(case, fund, currency, made.on)
    worth = promise_value(case, made, account, fund) * exchange
    cost = sum((it.into(case, currency) for it in costs), Fraction(0))
    return {
        "instrument_id": fund,
        "account_id": account,
        "quantity": quantity(Fraction(1)),
        "market_value": money(worth, currency),
        "cost_basis": money(cost, currency),
        "unrealised_pnl": money(worth - cost, currency),
        "fx_rate": rate(exchange),
    }


def cash(case, made, account, currency):
    own = case.accounts[account].currency
    exchange = cross(case, own, currency, made.on)
    return {
        "account_id": account,
        "quantity": money(made.cash[account], own),
        "market_value": money(made.cash[account] * exchange, currency),
        "fx_rate": rate(exchange),
    }


def printed_realised(case, on):
    """What every closing entry so far gained, in the instrument's currency."""
    found = {}
    for it in ledger(case, on).closings:
        own = case.instruments[it.instrument].currency
        gain = it.proceeds.amount - it.lot.cost(case, own)
        number, before = it.entry.number, found.get(it.entry.number, (None, Fraction(0)))[1]
        found[number] = (it, before + gain)
    return [
        {"transaction_id": it.entry.id, "realised_gain": money(gain, case.instruments[it.instrument].currency)}
        for it, gain in found.values()
    ]


# gain = proceeds at the rate of the closing date - cost at the rate of the acquisition date;
# currency_gain = cost in the instrument's currency x (rate at closing - rate at acquisition); price_gain = the rest.
def realised_rows(case, border, window, currency):
    """Every lot closed inside a border within a window, with exact figures in a currency."""
    first, last = window
    for it in ledger(case, last).closings:
        if it.entry.date < first or not border.holds(case, ("held", it.depository, it.instrument)):
            continue
        own = case.instruments[it.instrument].currency
        closing = it.proceeds.rate_into(case, currency)
        proceeds, cost = it.proceeds.into(case, currency), it.lot.cost(case, currency)
        by_currency = it.lot.cost(case, own) * closing - cost
        gain = proceeds - cost
        yield {
            "closing": it,
            "proceeds": proceeds,
            "cost": cost,
            "gain": gain,
            "price_gain": gain - by_currency,
            "currency_gain": by_currency,
        }


def printed_gains(case, asked):
    """One expected list of realised gains, in the order of replay."""
    window, currency = (day(asked["from"]), day(asked["to"])), asked["currency"]
    rows = []
    for row in realised_rows(case, entity(case), window, currency):
        it = row["closing"]
        acquired, closed = it.lot.acquired_on, it.entry.date
        rows.append(
            {
                "instrument_id": it.instrument,
                "lot_id": case.transactions[it.lot.name].id,
                "depository_id": it.depository,
                "account_id": it.entry.account_id,
                "quantity": quantity(it.lot.units),
                "acquired_on": acquired.isoformat(),
                "closed_on": closed.isoformat(),
                "closed_by": it.entry.id,
                **{name: money(row[name], currency) for name in FIGURES},
                "holding_days": (closed - acquired).days,
            }
        )
    return rows


FIGURES = ("proceeds", "cost", "gain", "price_gain", "currency_gain")

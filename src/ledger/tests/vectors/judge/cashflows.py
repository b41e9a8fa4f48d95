"""The payments that terms promise for the next twelve months, on what is held today."""

from fractions import Fraction

from .case import COUPONS, day
from .flows import entity
from .market import factor
from .numbers import fraction, money
from .terms import MONTHS, months_after, payments, periods, years
from .units import book
from .worth import is_over


def printed_cashflows(case, asked):
    """One expected list: by instrument, depository and day, interest before principal."""
    today = day(asked["today"])
    horizon = months_after(today, 12, False)
    border, made, rows = entity(case), book(case, today), []
    for instrument in case.instruments:
        for place in case.depositories:
            units = made.units[place, instrument]
            if units <= 0 or not border.holds(case, ("held", place, instrument)) or is_over(case, instrument, today):
                continue
            original = made.original[place, instrument]
            for on, kind, amount in promises(case, instrument, units, original, today):
                if on <= horizon:
                    rows.append(row(case, instrument, place, on, kind, amount))
    return rows


def row(case, instrument, place, on, kind, amount):
    return {
        "instrument_id": instrument,
        "depository_id": place,
        "type": kind,
        "expected_date": on.isoformat(),
        "amount": money(amount, case.instruments[instrument].currency),
    }


# Coupons and interest on the schedule, principal at maturity or by amortisation. Amortisation is a fraction of the original par
# a year, paid on the interest days; interest is due on what is left then. Index-linked payments take the latest factor.
def promises(case, instrument, units, original, today):
    """Every payment after today, as (day, kind, amount)."""
    it = case.instruments[instrument]
    if it.type == "zero_coupon_bond":
        maturity = day(it.terms["maturity_date"])
        return [(maturity, "principal", units)] if maturity > today else []
    if it.type not in COUPONS:
        return []
    interest = "interest" if it.type == "loan" else "coupon"
    indexed, last = factor(case, instrument, today), payments(it.terms)[-1]
    step = fraction(it.terms.get("amortisation", "0")) * original * Fraction(MONTHS[it.terms["coupon_frequency"]], 12)
    left, found = units, []
    for first, end in periods(it.terms):
        if end <= today:
            continue
        due = left * fraction(it.terms["coupon_rate"]) * years(it.terms, first, end)
        repaid = left if end == last else min(step, left)
        found.append((end, interest, due * indexed))
        if repaid:
            found.append((end, "principal", repaid * indexed))
        left -= repaid
    return found

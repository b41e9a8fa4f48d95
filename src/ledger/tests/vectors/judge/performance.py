"""The daily series of performance, and its summary."""

from fractions import Fraction

from .case import day, days, eve
from .flows import entity, flow, groups, value_inside
from .holdings import realised_rows
from .numbers import money, power, rate, square_root


# return = V1 - V0 - F. F >= 0: twr = V1 / (V0 + F) - 1; F < 0: twr = (V1 - F) / V0 - 1. A day whose base is not positive has 0.
def one_day(v0, v1, f):
    base, end = (v0 + f, v1) if f >= 0 else (v0, v1 - f)
    return v1 - v0 - f, end / base - 1 if base > 0 else Fraction(0)


def daily(case, border, window, currency):
    """The days of a window as (day, F, return, twr), exact."""
    first, last = window
    before = value_inside(case, border, eve(first), currency)
    found = []
    for on in days(first, last):
        after, crossed = value_inside(case, border, on, currency), flow(case, border, on, currency)
        found.append((on, crossed, *one_day(before, after, crossed)))
        before = after
    return found


def performance(case, border, window, currency):
    """Series and summary of a border, printed as the case files print them."""
    series, index, earned = [], Fraction(1), Fraction(0)
    peak, drawdown = Fraction(1), Fraction(0)
    found = daily(case, border, window, currency)
    for on, crossed, gain, twr in found:
        index *= 1 + twr
        earned += gain
        peak = max(peak, index)
        drawdown = min(drawdown, index / peak - 1)
        series.append(
            {
                "date": on.isoformat(),
                "net_cash_flow": money(crossed, currency),
                "return": money(gain, currency),
                "twr": rate(twr),
                "cumulative_return": money(earned, currency),
                "cumulative_twr": rate(index - 1),
            }
        )
    summary = {
        "total_return": rate(index - 1),
        "annualised_return": rate(annualised(index, len(found))),
        "volatility": rate(volatility(found)),
        "max_drawdown": rate(drawdown),
        "realised_gain": money(realised_gain(case, border, window, currency), currency),
    }
    return {"series": series, "summary": summary}


# (1 + total)^(365 / days) - 1, none under 365 days.
def annualised(index, count):
    if count < 365 or index < 0:
        return None
    return power(index, Fraction(365, count)) - 1 if index else Fraction(-1)


# Sample standard deviation of the daily twr over Mondays to Fridays, times the root of 252; none under 20 such days.
def volatility(found):
    sample = [twr for on, _, _, twr in found if on.weekday() < 5]
    if len(sample) < 20:
        return None
    mean = sum(sample) / len(sample)
    variance = sum((twr - mean) ** 2 for twr in sample) / (len(sample) - 1)
    return square_root(variance * 252)


# The gains of all lots closed in the window.
def realised_gain(case, border, window, currency):
    return sum((row["gain"] for row in realised_rows(case, border, window, currency)), Fraction(0))


def printed_performance(case, asked):
    """One expected performance of a case file, without groups."""
    window = (day(asked["from"]), day(asked["to"]))
    return performance(case, entity(case), window, asked["currency"])


def printed_groups(case, asked):
    """One expected grouped performance of a case file."""
    window = (day(asked["from"]), day(asked["to"]))
    return [
        {"id": name, **performance(case, border, window, asked["currency"])}
        for name, border in groups(case, asked["group_by"])
    ]

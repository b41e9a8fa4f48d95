"""Coupon schedules, day counts and accrued interest."""

import calendar
from datetime import date
from fractions import Fraction

from .case import COUPONS, day
from .numbers import fraction

MONTHS = {"annually": 12, "semiannually": 6, "quarterly": 3}


def month_end(year, month):
    return calendar.monthrange(year, month)[1]


def months_after(start, months, to_the_end):
    """The same day of a month that many months on, or the last one of a shorter month; with `to_the_end` always the last."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    last = month_end(year, month + 1)
    return date(year, month + 1, last if to_the_end else min(start.day, last))


def grid(terms):
    """The regular coupon days as a function of k: `first_coupon_date` (else `dated_date`) is day 0.

    With `end_of_month` a grid that stands on the last day of a month stands on the last day of each.
    """
    anchor = day(terms.get("first_coupon_date") or terms["dated_date"])
    to_the_end = bool(terms.get("end_of_month")) and anchor.day == month_end(anchor.year, anchor.month)
    step = MONTHS[terms["coupon_frequency"]]
    return lambda k: months_after(anchor, k * step, to_the_end)


def payments(terms):
    """Every day on which interest is paid: the regular days before maturity, and maturity."""
    at, maturity = grid(terms), day(terms["maturity_date"])
    k = 0 if terms.get("first_coupon_date") else 1
    found = []
    while at(k) < maturity:
        found.append(at(k))
        k += 1
    return found + [maturity]


def periods(terms):
    """The interest periods, as (first day, payment day)."""
    ends = payments(terms)
    return list(zip([day(terms["dated_date"])] + ends[:-1], ends))


def thirty_360(first, last):
    """30/360, bond basis: a first day of 31 becomes 30, and so does a last day of 31 after it."""
    d1 = min(first.day, 30)
    d2 = 30 if last.day == 31 and d1 == 30 else last.day
    months = (last.year - first.year) * 12 + last.month - first.month
    return Fraction(months * 30 + d2 - d1, 360)


def actual_isda(first, last):
    """actual/actual as ISDA has it: days of leap years over 366, all others over 365."""
    total = Fraction(0)
    for year in range(first.year, last.year + 1):
        begin, end = max(first, date(year, 1, 1)), min(last, date(year + 1, 1, 1))
        total += Fraction((end - begin).days, 366 if calendar.isleap(year) else 365)
    return total


def actual_icma(terms, first, last):
    """actual/actual as ICMA has it: a regular period is 1 / frequency of a year, a part of it counts by its days.

    A stub is measured against the regular periods that it lies in: short ones in one, long ones in several.
    """
    at, year = grid(terms), Fraction(12, MONTHS[terms["coupon_frequency"]])
    k = 0
    while at(k) > first:
        k -= 1
    total = Fraction(0)
    while at(k) < last:
        begin, end = at(k), at(k + 1)
        inside = (min(last, end) - max(first, begin)).days
        total += max(Fraction(inside, (end - begin).days), 0) / year
        k += 1
    return total


def years(terms, first, last):
    """The fraction of a year between two days of one interest period, by the day count of the terms."""
    count = terms["day_count"]
    if count == "30/360":
        return thirty_360(first, last)
    if count == "actual/actual":
        return actual_isda(first, last)
    if count == "actual/actual_icma":
        return actual_icma(terms, first, last)
    return Fraction((last - first).days, {"actual/360": 360, "actual/365": 365}[count])


def accrued(instrument, on):
    """Interest since the last payment for one unit of nominal; on a payment day nothing."""
    if instrument.type not in COUPONS:
        return Fraction(0)
    terms = instrument.terms
    for first, last in periods(terms):
        if first <= on < last:
            return fraction(terms["coupon_rate"]) * years(terms, first, on)
    return Fraction(0)

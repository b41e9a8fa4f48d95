"""Rounding and printing: figures are exact until they are printed."""

from decimal import Decimal, localcontext
from fractions import Fraction

# Minor units by ISO 4217 (list one, amendment 176); every currency that is not named has two places.
PLACES = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}

# Digits for what cannot be a fraction: roots, powers, standard deviations.
PRECISION = 60


def places(currency):
    """How many decimal places amounts of a currency have."""
    return PLACES.get(currency, 2)


def half_even(value, digits):
    """The nearest multiple of 10^-digits; of two that are equally near, the even one."""
    scaled = value * 10**digits
    floor = scaled.numerator // scaled.denominator
    rest = scaled - floor
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and floor % 2):
        floor += 1
    return floor


def printed(value, digits):
    """A fraction as a canonical decimal with a fixed number of places; zero has no sign."""
    units = half_even(Fraction(value), digits)
    text = str(abs(units)).rjust(digits + 1, "0")
    sign = "-" if units < 0 else ""
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def money(value, currency):
    """An amount with the places of its currency."""
    return printed(value, places(currency))


def quantity(value):
    """Units, nominal or a price, to 8 places."""
    return printed(value, 8)


def rate(value):
    """A rate or a ratio, to 10 places; none stays none."""
    return None if value is None else printed(value, 10)


def fraction(text):
    """A decimal of a case file; absent is none."""
    return None if text is None else Fraction(str(text))


def decimal(value):
    """A fraction as a decimal of 60 digits."""
    with localcontext() as context:
        context.prec = PRECISION
        return Decimal(value.numerator) / Decimal(value.denominator)


def power(base, exponent):
    """base ^ exponent for fractions, base > 0, to 60 digits."""
    with localcontext() as context:
        context.prec = PRECISION
        return Fraction((decimal(base).ln() * decimal(exponent)).exp())


def square_root(value):
    """The square root of a fraction, to 60 digits."""
    with localcontext() as context:
        context.prec = PRECISION
        return Fraction(decimal(value).sqrt())

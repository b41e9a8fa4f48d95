"""Commitments to private funds: net asset value, multiples and the internal rate of return."""

from decimal import Decimal, localcontext
from fractions import Fraction

from .market import cross, price_point
from .numbers import decimal, fraction, money, rate

FLOWS = ("capital_call", "distribution")
TRADES = ("buy", "sell")


def flag(entry, name):
    """A flag of a call, a distribution or a secondary trade: true unless told otherwise."""
    return entry.row.get(name) is not False


def entries_of(case, fund, on, kinds):
    return [it for it in case.until(on) if it.instrument_id == fund and it.type in kinds]


def in_fund_currency(case, fund, entry):
    """The amount of an entry in the fund's currency, at the rate of its day."""
    account = case.accounts[entry.account_id].currency
    return entry.figure("amount") * cross(case, account, case.instruments[fund].currency, entry.date)


def stake(case, fund, on):
    """What a net asset value counts for: units where the fund was bought, the whole commitment where it was only called."""
    trades = entries_of(case, fund, on, TRADES + ("transfer", "redemption"))
    return sum(it.figure("quantity") for it in trades) if trades else Fraction(1)


# The latest net asset value on or before the day plus calls minus distributions dated after it; never under zero after a
# distribution. Before the first one: what was traded last, or nothing, carried on in the same way.
def nav(case, made, fund):
    start, value = None, Fraction(0)
    found = price_point(case, fund, made.on)
    if found is None:
        traded = [at for (_, name), at in made.last.items() if name == fund]
        found = max(traded) if traded else None
    if found:
        start, value = found[0], found[1] * stake(case, fund, made.on)
    for entry in entries_of(case, fund, made.on, FLOWS):
        if flag(entry, "affects_nav") and (start is None or entry.date > start):
            value -= in_fund_currency(case, fund, entry)
            if entry.type == "distribution":
                value = max(value, Fraction(0))
    return value


def counted(case, fund, on, name):
    """The flows of a fund that a figure counts: calls and distributions, and trades on the secondary market."""
    entries = entries_of(case, fund, on, FLOWS + TRADES)
    return [(it.date, in_fund_currency(case, fund, it)) for it in entries if flag(it, name)]


# called = -sum of the effects on the commitment, less what became recallable. The effect of a call is its amount unless told
# otherwise, that of a distribution nothing.
def called(case, fund, on):
    total = Fraction(0)
    for entry in entries_of(case, fund, on, FLOWS):
        usual = entry.figure("amount") if entry.type == "capital_call" else Fraction(0)
        effect = entry.figure("effect_on_commitment")
        total -= (usual if effect is None else effect) + entry.amount_of("recallable_amount")
    return total


def private_market(case, made, fund):
    """The figures of one fund, printed as the case files print them."""
    on, currency = made.on, case.instruments[fund].currency
    total = fraction(case.instruments[fund].terms["commitment"])
    flows = [amount for _, amount in counted(case, fund, on, "affects_multiples")]
    paid_in = -sum(amount for amount in flows if amount < 0)
    distributed = sum(amount for amount in flows if amount > 0)
    value, point = nav(case, made, fund), price_point(case, fund, on)
    over = lambda amount: rate(amount / paid_in) if paid_in else None
    found = irr(counted(case, fund, on, "affects_irr") + [(on, value)])
    return {
        "date": on.isoformat(),
        "instrument_id": fund,
        "commitment": {
            "total": money(total, currency),
            "called": money(called(case, fund, on), currency),
            "uncalled": money(total - called(case, fund, on), currency),
        },
        "paid_in": money(paid_in, currency),
        "distributed": money(distributed, currency),
        "nav": money(value, currency),
        "nav_date": point[0].isoformat() if point else None,
        "dpi": over(distributed),
        "rvpi": over(value),
        "tvpi": over(distributed + value),
        "irr": None if found is None else rate(found),
    }


# irr solves sum of CF_i / (1 + r)^((d_i - d_0) / 365) = 0 over -1 < r <= 10^9 without gaps; of several roots the one nearest to
# zero, none only where no root is in that range.
def irr(flows):
    """The rate as a fraction exact to more than 30 digits; none without a root."""
    by_day = {}
    for on, amount in flows:
        by_day[on] = by_day.get(on, Fraction(0)) + amount
    terms = sorted((on, amount) for on, amount in by_day.items() if amount)
    if not terms:
        return None
    first = terms[0][0]
    terms = [(Fraction((on - first).days, 365), amount) for on, amount in terms]
    with localcontext() as context:
        context.prec = 50
        top = Decimal(10**9 + 1).ln()
        sum_of = [(decimal(at), decimal(amount)) for at, amount in terms]
        rates = [root.exp() - 1 for root in roots(sum_of, top)]
        return Fraction(min(rates, key=abs)) if rates else None


def roots(terms, top):
    """All zeros of sum a * e^(-t u) over u <= top, in ascending order.

    Between two zeros of a function lies one of its derivative (Rolle). Divided by its first exponential the sum begins with a
    constant, so its derivative has one term less: found by recursion, its zeros cut the line into pieces on which the sum only
    rises or only falls.
    """
    if len(terms) < 2:
        return []
    begin = terms[0][0]
    moved = [(at - begin, amount) for at, amount in terms]
    turns = roots([(at, -at * amount) for at, amount in moved[1:]], top)
    low = min(bottom(moved), turns[0] - 1 if turns else top - 1, top - 1)
    cuts = [low] + turns + [top]
    found = []
    for left, right in zip(cuts, cuts[1:]):
        root = bisect(moved, left, right)
        if root is not None and (not found or root != found[-1]):
            found.append(root)
    return found


def at(terms, u):
    return sum(amount * (-time * u).exp() for time, amount in terms)


def bottom(terms):
    """A u below which the last term is larger than all others together."""
    (before, _), (last, amount) = terms[-2], terms[-1]
    rest = sum(abs(it) for _, it in terms[:-1])
    return min(Decimal(0), -((rest / abs(amount)).ln()) / (last - before)) - 1


def bisect(terms, left, right):
    """The zero between two points if the signs differ there; a point that is a zero itself is told as it is."""
    low, high = at(terms, left), at(terms, right)
    tiny = Decimal(10) ** -40 * sum(abs(amount) for _, amount in terms)
    if abs(high) <= tiny:
        return right
    if abs(low) <= tiny or (low > 0) == (high > 0):
        return None
    for _ in range(200):
        middle = (left + right) / 2
        if (at(terms, middle) > 0) == (low > 0):
            left = middle
        else:
            right = middle
    return (left + right) / 2

"""A case file, read: who holds what where, the market, and the transactions in the order of entry."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from .numbers import fraction

# Quoted in per cent of par.
PER_CENT = {"bond", "index_linked_bond", "zero_coupon_bond", "loan"}
# Pay interest by a schedule.
COUPONS = {"bond", "index_linked_bond", "loan"}


@dataclass
class Account:
    id: str
    currency: str
    client: str
    allow_short: bool
    excluded: bool


@dataclass
class Instrument:
    id: str
    type: str
    currency: str
    class_id: str
    terms: dict

    @property
    def multiplier(self):
        """Units of the underlying for each option; 100 unless told otherwise."""
        return fraction(self.terms.get("multiplier", "100")) if self.type == "option" else Fraction(1)

    @property
    def last_day(self):
        """The last day on which an option or a forward is worth something; none for all else."""
        return day(self.terms.get({"option": "expiry", "fx_forward": "settlement_date"}.get(self.type)))


@dataclass
class Transaction:
    """One entry. `number` is its place in the order of entry; amounts that are left out are none or zero."""

    number: int
    row: dict

    def __getattr__(self, name):
        return self.row.get(name)

    @property
    def date(self):
        return day(self.row["trade_date"])

    def figure(self, name):
        return fraction(self.row.get(name))

    def amount_of(self, name):
        return fraction(self.row.get(name)) or Fraction(0)

    @property
    def action(self):
        """The kind of a corporate action; a split unless told otherwise."""
        return (self.row.get("kind") or "split") if self.type == "corporate_action" else None


@dataclass
class Portfolio:
    id: str
    accounts: list
    depositories: list


@dataclass
class Case:
    row: dict
    accounts: dict = field(default_factory=dict)
    depositories: dict = field(default_factory=dict)
    instruments: dict = field(default_factory=dict)
    methods: dict = field(default_factory=dict)
    portfolios: list = field(default_factory=list)
    transactions: list = field(default_factory=list)
    memory: dict = field(default_factory=dict)

    def method(self, depository):
        """The accounting method of the client that a depository belongs to."""
        return self.methods[self.depositories[depository]]

    def depositories_of(self, client):
        return [place for place, owner in self.depositories.items() if owner == client]

    def until(self, last):
        """Transactions up to the end of a day, in the order of replay: by day, within a day by entry."""
        known = [entry for entry in self.transactions if entry.date <= last]
        return sorted(known, key=lambda entry: (entry.date, entry.number))

    def client_of(self, entry):
        """The client that a transaction is about: that of its account, else that of its depository."""
        if entry.account_id is not None:
            return self.accounts[entry.account_id].client
        if entry.depository_id is not None:
            return self.depositories[entry.depository_id]
        return next(iter(self.methods))

    def with_entries(self, rows):
        """The same case with other transactions."""
        return read({**self.row, "transactions": rows})


def day(text):
    return None if text is None else date.fromisoformat(text)


def eve(of):
    return of - timedelta(days=1)


def days(first, last):
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=k) for k in range((last - first).days + 1)]


def whole(row):
    """A case that only tells of one commitment, told as all others are."""
    if "commitment" not in row:
        return row
    fund = {"id": "f1", "type": "private_market_fund", "terms": {"commitment": row["commitment"]}}
    return {
        **row,
        "accounts": [{"id": "a1", "currency": "EUR"}],
        "depositories": [],
        "instruments": [fund],
        "prices": {"f1": row["navs"]},
        "fx": {},
    }


def read(row):
    """Reads a case. What is left out: one client, EUR, no short sales, one portfolio of everything."""
    row = whole(row)
    case = Case(row)
    usual = row.get("accounting_method", "fifo")
    clients = row.get("clients") or [{"id": "c1"}]
    case.methods = {client["id"]: client.get("accounting_method", usual) for client in clients}
    first = clients[0]["id"]
    for it in row["accounts"]:
        case.accounts[it["id"]] = Account(
            it["id"],
            it["currency"],
            it.get("client", first),
            it.get("allow_short", False),
            it.get("exclude_from_reporting", False),
        )
    for it in row["depositories"]:
        it = {"id": it} if isinstance(it, str) else it
        case.depositories[it["id"]] = it.get("client", first)
    for it in row["instruments"]:
        case.instruments[it["id"]] = Instrument(
            it["id"], it["type"], it.get("currency", "EUR"), it.get("class_id", it["type"]), it.get("terms", {})
        )
    everything = [{"id": "p1", "accounts": list(case.accounts), "depositories": list(case.depositories)}]
    for it in row.get("portfolios") or everything:
        case.portfolios.append(Portfolio(it["id"], it["accounts"], it["depositories"]))
    case.transactions = [Transaction(number, it) for number, it in enumerate(row["transactions"])]
    return case


def load(path):
    with open(path, encoding="utf-8") as file:
        return read(json.load(file))

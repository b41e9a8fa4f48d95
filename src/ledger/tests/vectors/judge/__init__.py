"""An independent reading of the ledger's rules: slow, exact and plain.

It shares nothing with the engine. Every figure is made of fractions, every day is replayed from nothing, and a figure is rounded
once, when it is printed.

numbers      rounding and printing                case         a case file, read
market       prices, rates, index factors         terms        coupon schedules, day counts, accrued interest
units        replay of quantities, money, prices  lots         replay of lots, costs and closings
worth        what a holding is worth              holdings     holdings and realised gains, printed
flows        what crosses a border                performance  the daily series and its summary
funds        commitments to private funds         cashflows    payments that terms promise
refusals     what may not be entered
"""

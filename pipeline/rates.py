"""US dollars by the day's rate, from the European Central Bank's reference rates that currencyconverter bundles."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

SOURCE = "European Central Bank reference rates"
_LOOK_BACK = 10  # days; the longest run of days without a rate (Christmas to New Year) is shorter


@cache
def _converter() -> Any:
    from currency_converter import CurrencyConverter  # reads 25 years of rates: a quarter of a second

    return CurrencyConverter()


@cache
def usd_rate(currency: str, day: date) -> tuple[float, date] | None:
    """US dollars for one unit of ``currency``, and the business day of that rate; None where no rate is known.

    The rate is that of ``day`` or of the nearest earlier business day; after the bundle's end, the last it has.
    """
    if currency == "USD":
        return 1.0, day
    from currency_converter import RateNotFoundError

    converter = _converter()
    if currency not in converter.currencies:
        return None
    first, last = converter.bounds[currency]
    dollar_last = converter.bounds["USD"].last_date
    if last < dollar_last and day > last:  # a currency that is no more
        return None
    tried = min(day, last)
    for back in range(_LOOK_BACK):
        on = tried - timedelta(days=back)
        if on < first:
            return None
        try:
            return float(converter.convert(1, currency, "USD", date=on)), on
        except RateNotFoundError:  # no business day
            continue
    return None

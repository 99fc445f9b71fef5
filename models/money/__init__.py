"""The money grammar: finds every sum in a text of any of the languages in ``models/data/lang``."""

from models.money.amounts import find_amounts

__all__ = ["find_amounts"]

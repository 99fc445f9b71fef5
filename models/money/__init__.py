"""The money grammar: sums in a text of any language in ``models/data/lang``, and stated capacities."""

from models.money.amounts import find_amounts
from models.money.quantities import Quantity, find_quantities

__all__ = ["Quantity", "find_amounts", "find_quantities"]

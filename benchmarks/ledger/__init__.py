"""How fast the ledger is: a drawn ledger of any scale, and ratios to the least that the same work can take."""

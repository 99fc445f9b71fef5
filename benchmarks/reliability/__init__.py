"""What the ledger survives: processes killed, disks full, files torn. Rounds for the tests, and for ``make soak``."""

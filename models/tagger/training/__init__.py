"""Training and export of the tagger. Needs the ``train`` extra; not imported at run time."""

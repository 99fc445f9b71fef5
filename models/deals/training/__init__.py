"""Fitting of the deal engine's linear models from annotated articles. Not imported at run time."""

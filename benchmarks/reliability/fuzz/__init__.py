"""Coverage-guided fuzzing of all that reads strangers' bytes: ``make fuzz``.

``targets`` names what is fuzzed, ``texts``, ``bodies``, ``files`` and ``headers`` hold the checks, ``seeds`` and
``words`` make first inputs and dictionaries, ``drive`` runs one target under atheris, ``__main__`` runs many. Tests run
the same checks without atheris.
"""

"""The command line: ``dealwire``. One module a group of commands.

Heavy libraries load only inside the command that needs them.
"""

from pipeline.cli.app import app, main

__all__ = ["app", "main"]

"""Logging: one line an event on standard error, key=value for people, JSON where ``DEALWIRE_LOG_FORMAT=json``."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

from pipeline import redact

_NAME = "dealwire"


def logger() -> Any:
    """The logger of the pipeline (structlog). Quiet below WARNING until :func:`configure` says otherwise."""
    import structlog

    if not structlog.is_configured():
        configure()
    return structlog.get_logger(_NAME)


def configure(level: str | None = None, style: str | None = None) -> None:
    """Set level and format; by default from ``DEALWIRE_LOG_LEVEL`` (ERROR) and ``DEALWIRE_LOG_FORMAT`` (text, json)."""
    import structlog

    level = (level or os.environ.get("DEALWIRE_LOG_LEVEL") or "ERROR").upper()
    style = style or os.environ.get("DEALWIRE_LOG_FORMAT") or "text"
    number = logging.getLevelNamesMapping().get(level, logging.ERROR)
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact.processor,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=_stderr,
        cache_logger_on_first_use=False,
    )


def _stderr(*_: Any) -> Any:
    """A logger on the standard error of this moment, so that one replaced later (by a test, a terminal) is used."""
    import structlog

    return structlog.PrintLogger(sys.stderr)

"""What ``doctor`` looks at of mail: would the server take it, and does any wait?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.cli.finding import Finding

if TYPE_CHECKING:
    from pipeline.settings import Settings

_TIMEOUT_S = 10.0


def mail(settings: Settings) -> Iterator[Finding]:
    """Asks the server only where somebody is to be mailed; says good day and logs in, and sends nothing."""
    from pipeline.errors import ConfigError
    from pipeline.mail.settings import read_mail_settings

    try:
        told = read_mail_settings()
    except ConfigError as error:
        yield Finding("mail", "error", error.message, error.hint)
        return
    if told.backend == "file":
        yield Finding("mail", "ok", f"kept as files in {told.folder or settings.home / 'mail'}")
    elif settings.operator or settings.subscriptions.is_file() or settings.alerts.is_file():
        from pipeline.mail.backends import NotDeliveredError
        from pipeline.mail.smtp import SmtpBackend

        server = SmtpBackend(told.model_copy(update={"timeout_s": min(told.timeout_s, _TIMEOUT_S)}))
        try:
            with server.session():
                server.greet()
        except NotDeliveredError as error:
            yield Finding("mail", "error", str(error), "set DEALWIRE_MAIL_HOST and the like; docs/mail.md lists them")
        else:
            login = f", login {told.user}" if told.user else ""
            yield Finding("mail", "ok", f"{server.name} answers ({told.security}{login})")
    else:
        yield Finding("mail", "ok", "nobody is to be mailed yet")

"""The rules of ``alerts.toml``, checked one by one: a rule that is wrong is a problem, and the others go on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.alerts.schema import QuietEntry, RuleEntry, WebhookEntry
from pipeline.errors import ConfigError
from pipeline.explain import FileProblem, explained, parsed_toml
from pipeline.nearest import nearest
from pipeline.vocabulary import DAYS, with_members

_Entry = TypeVar("_Entry", bound=BaseModel)
_TABLES = ("rule", "webhook")
_NAME_ADVICE = "small letters, digits and hyphens, such as openai-money"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local hours from ``start`` to ``end``, over midnight where that is earlier, and whole ``days`` (Monday is 0)."""

    zone: ZoneInfo
    start: time
    end: time
    days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """What to tell whom. Every set that is not empty must be met; ids are those of the ledger.

    ``chips`` holds the chips of named families too. ``transitions`` are (before, after) with ``any`` and ``new``.
    ``max_age``: what happened longer before the ledger learnt of it is not told.
    ``targets`` are ``mail:<address>`` and ``webhook:<name>``.
    """

    name: str
    targets: tuple[str, ...]
    companies: frozenset[str] = frozenset()
    pairs: tuple[frozenset[str], ...] = ()
    chips: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    min_usd: float = 0.0
    transitions: frozenset[tuple[str, str]] = frozenset()
    revised_sums: bool = False
    disputes: bool = False
    first_report_in: frozenset[str] = frozenset()
    max_age: timedelta | None = None
    language: str = "en"
    throttle: timedelta = timedelta()
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where to post, and the environment variable that holds the key."""

    name: str
    url: str
    secret_env: str


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules that can be used, the webhooks by name, and what is wrong with the rest."""

    path: Path
    rules: tuple[Rule, ...] = ()
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    problems: tuple[FileProblem, ...] = ()

    def get(self, name: str) -> Rule:
        """The rule with this name.

        Raises:
            ConfigError: there is none, or it is one of those that are wrong.
        """
        for rule in self.rules:
            if rule.name == name:
                return rule
        for problem in self.problems:
            if problem.key.startswith(_of(name)):
                raise ConfigError(str(problem), "correct the rule, then try it again")
        near = nearest(name, [rule.name for rule in self.rules])
        hint = f"did you mean {near!r}?" if near else "dealwire alerts list shows them"
        raise ConfigError(f"{self.path}: no rule is called {name!r}", hint)


def read_rules(path: Path) -> RuleBook:
    """Read the file; what is wrong inside it is in ``problems``, and leaves the other rules alone.

    Raises:
        ConfigError: there is no such file, or it is no TOML.
    """
    try:
        data = parsed_toml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: there are no rules of alerts", "docs/alerts.md shows how to write one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not readable: {error}", "the file must be UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}", "mend that line; no rule is used until then") from error
    return _Reading(path).read(data)


class _Reading:
    """One file on its way to rules."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[FileProblem] = []

    def read(self, data: Mapping[str, Any]) -> RuleBook:
        for key in sorted(set(data) - set(_TABLES)):
            near = nearest(key, _TABLES)
            self._wrong(
                key, "unknown key", f"did you mean [[{near}]]?" if near else "known: [[rule]], [webhook.<name>]"
            )
        hooks = self._table(data, "webhook", dict, "write [webhook.<name>] with one bracket")
        webhooks = {name: hook for name, entry in hooks.items() if (hook := self._webhook(name, entry))}
        rules: dict[str, Rule] = {}
        for number, entry in enumerate(self._table(data, "rule", list, "write [[rule]] with two brackets"), 1):
            rule = self._rule(number, entry, hooks)
            if rule and rule.name in rules:
                self._wrong(f"rule[{number}].name", f"a rule is called {rule.name!r} already", "give each its own name")
            elif rule:
                rules[rule.name] = rule
        return RuleBook(self.path, tuple(rules.values()), webhooks, tuple(self.problems))

    def _table(self, data: Mapping[str, Any], key: str, kind: type[Any], hint: str) -> Any:
        found = data.get(key, kind())
        if isinstance(found, kind):
            return found
        self._wrong(key, "is not written as a table" if kind is dict else "is not written as a list", hint)
        return kind()

    def _webhook(self, name: str, entry: Any) -> Webhook | None:
        found = self._validated(WebhookEntry, entry, f"webhook.{name}.")
        return Webhook(name, found.url, found.secret_env) if found else None

    def _rule(self, number: int, entry: Any, webhooks: Mapping[str, Any]) -> Rule | None:
        name = entry.get("name") if isinstance(entry, dict) else None
        where = _of(name) if isinstance(name, str) and name else f"rule[{number}]."
        before = len(self.problems)
        found = self._validated(RuleEntry, entry, where)
        if found is None:
            return None
        for hook in set(found.webhooks) - set(webhooks):
            near = nearest(hook, webhooks)
            self._wrong(f"{where}webhooks", f"no webhook is called {hook!r}",
                        f"did you mean {near!r}?" if near else f"add [webhook.{hook}] with its url")  # fmt: skip
        if not found.mail and not found.webhooks:
            self._wrong(f"{where}mail", "the rule tells nobody", 'add mail = ["you@example.org"] or webhooks = ["…"]')
        return _rule_of(found) if len(self.problems) == before else None

    def _validated(self, model: type[_Entry], data: Any, where: str) -> _Entry | None:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for detail in error.errors():
                self._add(model, detail, where)
            return None

    def _add(self, model: type[BaseModel], detail: ErrorDetails, where: str) -> None:
        keys = QuietEntry if detail["loc"][:1] == ("quiet",) else model
        known_keys = [field.alias or name for name, field in keys.model_fields.items()]
        advice = _NAME_ADVICE if detail["loc"] == ("name",) and detail["type"] == "string_pattern_mismatch" else ""
        problem = explained(self.path, detail, known_keys, advice)
        self._wrong(f"{where}{problem.key}".rstrip(".: "), problem.message, problem.hint)

    def _wrong(self, key: str, message: str, hint: str) -> None:
        self.problems.append(FileProblem(self.path, key, message, hint))


def _of(name: str) -> str:
    return f"rule {name!r}: "


def _rule_of(entry: RuleEntry) -> Rule:
    targets = [*(f"mail:{address}" for address in entry.mail), *(f"webhook:{name}" for name in entry.webhooks)]
    before_after = [re.split(r" -> ", transition, maxsplit=1) for transition in entry.transitions]
    return Rule(
        name=entry.name,
        targets=tuple(dict.fromkeys(targets)),
        companies=frozenset(entry.companies),
        pairs=tuple(frozenset(pair) for pair in entry.pairs),
        chips=with_members(entry.chips),
        types=frozenset(entry.types),
        min_usd=entry.min_usd,
        transitions=frozenset((before, after) for before, after in before_after),
        revised_sums=entry.revised_sums,
        disputes=entry.disputes,
        first_report_in=frozenset(entry.first_report_in),
        max_age=timedelta(days=entry.max_age_days) if entry.max_age_days is not None else None,
        language=entry.language,
        throttle=timedelta(minutes=entry.throttle_minutes),
        quiet=_quiet_of(entry.quiet),
    )


def _quiet_of(entry: QuietEntry | None) -> Quiet | None:
    if entry is None:
        return None
    return Quiet(ZoneInfo(entry.zone), entry.start, entry.to, frozenset(DAYS.index(day) for day in entry.days))

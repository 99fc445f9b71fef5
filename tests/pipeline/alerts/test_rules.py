"""What alerts.toml may say; what is wrong names file, rule, key and remedy, and leaves the other rules alone."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from pipeline.alerts.rules import read_rules
from pipeline.errors import ConfigError

GOOD = '[[rule]]\nname = "good"\nmail = ["desk@example.org"]\n'


def book(tmp_path, text):
    path = tmp_path / "alerts.toml"
    path.write_text(text, encoding="utf-8")
    return read_rules(path)


def test_a_whole_rule(tmp_path):
    found = book(
        tmp_path,
        """
        [webhook.desk]
        url = "https://hooks.example.org/dealwire"

        [[rule]]
        name = "everything"
        companies = ["openai", "~lionx"]
        pairs = [["amazon", "openai"]]
        chips = ["nvidia-blackwell"]
        types = ["equity_investment"]
        min_usd = 5_000_000_000
        transitions = ["in_talks -> announced", "any→ended"]
        revised_sums = true
        disputes = true
        first_report_in = ["ja"]
        language = "ja"
        mail = ["desk@example.org"]
        webhooks = ["desk"]
        throttle_minutes = 30
        quiet = { from = "22:00", to = "07:00", zone = "Asia/Tokyo", days = ["sat", "sun"] }
        """,
    )
    assert found.problems == ()
    (rule,) = found.rules
    assert rule.targets == ("mail:desk@example.org", "webhook:desk")
    assert rule.transitions == {("in_talks", "announced"), ("any", "ended")}
    assert rule.throttle == timedelta(minutes=30)
    assert (rule.quiet.zone.key, rule.quiet.start, rule.quiet.end) == ("Asia/Tokyo", time(22), time(7))
    assert rule.quiet.days == {5, 6}
    assert (found.webhooks["desk"].url, found.webhooks["desk"].secret_env) == (
        "https://hooks.example.org/dealwire", "DEALWIRE_WEBHOOK_SECRET",
    )  # fmt: skip


def test_a_family_of_chips_stands_for_all_its_members(tmp_path):
    (rule,) = book(tmp_path, GOOD + 'chips = ["nvidia-blackwell"]').rules
    assert {"nvidia-blackwell", "nvidia-b200", "nvidia-gb200", "nvidia-gb300"} <= rule.chips
    assert "nvidia-rubin" not in rule.chips


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('companies = ["opnai"]', "companies[1]: should be the id of a company, not 'opnai' (did you mean 'openai'?)"),
        ('pairs = [["amazon", "Opnai"]]', "pairs[1][2]: should be the id of a company, not 'Opnai' (did you mean"),
        ('pairs = [["amazon"]]', "rule 'bad': pairs[1]: List should have at least 2 items"),
        ('chips = ["nvidia-blackwel"]', "chips[1]: should be the id of a chip, not 'nvidia-blackwel' (did"),
        ('types = ["equity_investmnt"]', "(did you mean 'equity_investment'?)"),
        ('min_usd = "5bn"', "rule 'bad': min_usd: Input should be a valid number, not '5bn'"),
        ("min_usd = -1", "rule 'bad': min_usd: Input should be greater than or equal to 0"),
        ('transitions = ["talks -> announced"]', "not 'talks -> announced' (did you mean 'in_talks'?)"),
        ('transitions = ["announced"]', "(write it as 'in_talks -> announced'; any and new stand on the left too"),
        ('first_report_in = ["jp"]', "should be the code of a language, not 'jp'"),
        ('language = "tlh"', "should be a language that we write, not 'tlh' (one of: "),
        ('mail = ["desk"]', "rule 'bad': mail[1]: should be a mail address, not 'desk'"),
        ('mail = ["a@example.org\\nBcc: b@example.org"]', "should be a mail address"),
        ("mail = []", "rule 'bad': mail: the rule tells nobody (add mail"),
        ('webhooks = ["dsk"]', "rule 'bad': webhooks: no webhook is called 'dsk' (did you mean 'desk'?)"),
        ('webhooks = ["other"]', "(add [webhook.other] with its url)"),
        ("throttle_minutes = 1.5", "rule 'bad': throttle_minutes: Input should be a valid integer"),
        ("throtle_minutes = 5", "rule 'bad': throtle_minutes: unknown key (did you mean 'throttle_minutes'?)"),
        ('quiet = { from = "22:00", to = "07:00" }', "rule 'bad': quiet.zone: missing (add the key)"),
        ('quiet = { from = "22:00", to = "07:00", zone = "Asia/Tokio" }', "quiet.zone: should be a time zone"),
        ('quiet = { frm = "22:00", to = "07:00", zone = "UTC" }', "quiet.frm: unknown key (did you mean 'from'?)"),
        ('quiet = { zone = "UTC" }', 'names no quiet time (add from and to, or days = ["sat", "sun"])'),
        ('quiet = { zone = "UTC", days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] }', "leaves no day"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_the_other_rules_go_on(tmp_path, line, told):
    key = line.partition(" ")[0]
    rule = {"name": '"bad"', "mail": '["desk@example.org"]'} | {key: line.partition("= ")[2]}
    bad = "".join(f"{name} = {value}\n" for name, value in rule.items())
    found = book(tmp_path, f'[webhook.desk]\nurl = "https://hooks.example.org/"\n[[rule]]\n{bad}\n{GOOD}')
    assert [rule.name for rule in found.rules] == ["good"]
    problem = str(found.problems[0])
    assert problem.startswith(f"{tmp_path / 'alerts.toml'}: rule 'bad': ")
    assert told in problem
    with pytest.raises(ConfigError, match="rule 'bad'"):
        found.get("bad")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[rule]]\nmail = []\n", "rule[1].name: missing"),
        (GOOD + GOOD, "rule[2].name: a rule is called 'good' already"),
        ('[[rule]]\nname = "Money!"\nmail = ["a@example.org"]\n', "small letters, digits and hyphens"),
        ('[rule]\nname = "x"\n', "rule: is not written as a list (write [[rule]] with two brackets)"),
        ("rules = []\n", "rules: unknown key (did you mean [[rule]]?)"),
        ('[[webhook]]\nurl = "x"\n', "webhook: is not written as a table"),
        ('[webhook.desk]\nurl = "ftp://x"\n', "webhook.desk.url: should be a web address"),
        ('[webhook.desk]\nurl = "https://x.example"\nsecret = "s"\n', "desk.secret: unknown key (did you mean"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_file(tmp_path, text, told):
    assert told in "\n".join(map(str, book(tmp_path, text).problems))


def test_all_slips_of_a_rule_are_told_at_once(tmp_path):
    found = book(tmp_path, GOOD.replace("good", "bad") + 'companies = ["opnai"]\nchips = ["tpuu"]\nlanguage = "xx"')
    assert len(found.problems) == 3


def test_no_file_and_no_toml(tmp_path):
    with pytest.raises(ConfigError, match=r"alerts\.toml: there are no rules of alerts"):
        read_rules(tmp_path / "alerts.toml")
    with pytest.raises(ConfigError, match=r"alerts\.toml: not TOML"):
        book(tmp_path, "[[rule]\n")


def test_the_nearest_rule_is_named(tmp_path):
    with pytest.raises(ConfigError, match="'good'"):
        book(tmp_path, GOOD).get("goods")

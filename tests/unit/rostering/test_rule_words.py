"""Every rule and every source of one is told in words; an identifier stands beside them, never alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from samplan_rostering import labels
from samplan_rostering.domain.evaluation import Evaluation, Violation
from samplan_rostering.domain.explain.effect import Effect
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.ward_rules import RULES, WardRule
from samplan_rostering.domain.ward_rules.bounds import BOUNDS, Unit
from samplan_rostering.explanation.words import Words
from samplan_rostering.queries.rosters.checks import check_ward
from samplan_rostering.rule_words import SOURCES, TEXTS, source_name
from samplan_rostering.workbook.rule_sheets import RULE_LABELS

IDENTIFIER = re.compile(r"\b(?:ATL|AB13|EU|HS|OP)-\w+")
IN_WORDS = re.compile(r"\w[^,]* \((?:ATL|AB13|EU|HS|OP)-\w+\)")


@pytest.mark.parametrize("kind", RULES, ids=lambda kind: kind.key)
def test_every_rule_and_its_source_have_words(kind: type[WardRule]) -> None:
    assert kind.key in TEXTS
    assert kind.key in RULE_LABELS
    assert not kind.source or SOURCES[kind.source]
    assert not IDENTIFIER.search(str(SOURCES.get(kind.source, "")))
    assert source_name(kind.source) == (f"{SOURCES[kind.source]} ({kind.source})" if kind.source else "")


def test_an_unknown_source_is_not_told() -> None:
    assert source_name("X-1") == ""


@pytest.mark.parametrize("rule", Rule)
def test_no_message_has_an_identifier_alone(rule: Rule, small_ward: Callable[..., WardData]) -> None:
    sources = {"", *(kind.source for kind in RULES if kind.key == rule.value)}
    ward = small_ward(people=1, days=7)
    words, code = Words.of_ward(ward), ward.employees[0].code
    for source in sorted(sources):
        violation = Violation(rule, code, 0, 540, 660, source)
        done = Effect((), (violation,), (violation,), (), (), {}, {})
        checked = check_ward(ward, Evaluation((violation,), (), {}))
        told = [*words.effect(done), *(breach.text for breach in checked.breaches)]
        assert len(told) == 4
        for text in told:
            assert rule.value not in text.split()
            assert len(IDENTIFIER.findall(text)) == len(IN_WORDS.findall(text)), text
            assert not source or source in str(told[0])
        assert str(labels.RULES[rule]) in told[0]
        assert "9:00" in told[0] or rule not in labels.MINUTES


@pytest.mark.parametrize("term", Term)
def test_every_term_has_words(term: Term) -> None:
    assert str(labels.TERMS[term]) != term.value


def test_lengths_of_time_are_told_in_hours() -> None:
    timed = {key for (key, _name), bounds in BOUNDS.items() if bounds.unit is Unit.MINUTES}
    told = {rule.value for rule in labels.MINUTES}
    assert {key for key in timed if key in set(Rule)} - told == {"consecutive_long"}  # counts shifts
    assert labels.quantity(Rule.STANDBY_REST, 659) == "10:59"

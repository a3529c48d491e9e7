"""Values of indicators: new ones supersede, none is changed."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from indicators import JUNE, MAY, NOTE, NOW, SPEC, enter
from samplan.audit.models import AuditEntry
from samplan.db.session import TenantSession
from samplan.errors import Invalid, NotFound
from samplan.indicators.periods import period_of
from samplan.indicators.service import (
    catalogue,
    find_spec,
    newest_values,
    record_value,
    series,
)
from samplan.modules.contributions import IndicatorValue, Period
from samplan.modules.manager import Modules


def test_a_new_value_supersedes_and_the_old_one_stays(tenant_session: TenantSession) -> None:
    assert enter(tenant_session, 5.1)
    assert not enter(tenant_session, 5.1)
    assert enter(tenant_session, 4.9, provisional=True)
    assert enter(tenant_session, 7.25, JUNE, n=12, strata={"women": 3})
    found = series(tenant_session, "core.test")
    assert [(s.current.period_start, s.current.version, s.current.value) for s in found] == [
        (JUNE.start, 1, Decimal("7.25")),
        (MAY.start, 2, Decimal("4.9")),
    ]
    assert [row.value for row in found[1].earlier] == [Decimal("5.1")]
    assert len(series(tenant_session, "core.test", since=JUNE.start)) == 1
    newest = newest_values(tenant_session)["core.test"]
    assert (newest.period_start, newest.strata) == (JUNE.start, {"women": 3})
    trail = tenant_session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    assert [entry.action for entry in trail] == ["indicator.recorded"] * 3
    assert trail[1].before is not None
    assert trail[1].before["value"] == "5.1"


@pytest.mark.parametrize(
    ("period", "value", "field"),
    [
        (Period(date(2026, 5, 1), date(2026, 5, 30)), IndicatorValue(1.0), "period"),
        (Period(date(2026, 5, 2), date(2026, 6, 1)), IndicatorValue(1.0), "period"),
        (MAY, IndicatorValue(float("nan")), "value"),
        (MAY, IndicatorValue(1e300), "value"),
        (MAY, IndicatorValue(1.0, numerator=float("inf")), "numerator"),
        (MAY, IndicatorValue(1.0, n=-1), "n"),
    ],
)
def test_a_wrong_value_is_refused(
    tenant_session: TenantSession, period: Period, value: IndicatorValue, field: str
) -> None:
    with pytest.raises(Invalid) as raised:
        record_value(tenant_session, SPEC, period, value, NOTE)
    assert set(raised.value.fields) == {field}
    assert series(tenant_session, "core.test") == []


def test_a_recorded_value_cannot_be_changed_or_removed(tenant_session: TenantSession) -> None:
    enter(tenant_session, 5.0)
    for statement in ("UPDATE core.indicator_value SET value = 1", "DELETE FROM core.indicator_value"):
        with pytest.raises(ProgrammingError), tenant_session.begin_nested():
            tenant_session.execute(text(statement))


def test_only_indicators_of_enabled_modules_are_there(modules: Modules) -> None:
    assert find_spec(modules, {"core"}, "core.inhabitants").period == "year"
    (pair,) = catalogue(modules, {"core"})
    assert pair[0].name == "core"
    assert catalogue(modules, set()) == []
    for name in ("core.nothing", "agency.cost"):
        with pytest.raises(NotFound):
            find_spec(modules, {"core"}, name)
    with pytest.raises(NotFound):
        find_spec(modules, set(), "core.inhabitants")


def test_the_periods_of_the_core_indicators_are_known(modules: Modules) -> None:
    for spec in modules.indicators().values():
        assert period_of(spec.period, NOW.date()).start <= NOW.date()

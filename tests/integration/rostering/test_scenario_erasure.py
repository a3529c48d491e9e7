"""What scenarios and searches know of a person: it is told, and goes with the person's other data."""

from __future__ import annotations

from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.organisation.models import OrgUnit
from samplan.plugin_api import RetentionPolicy, SubjectRef
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster, Scenario, SolveTrace
from samplan_rostering.queries.extract.person import export_person
from samplan_rostering.services.erasure.person import erase_person
from samplan_rostering.services.periods.wards import import_ward

AWAY = {"kind": "absence", "first": "2027-01-05", "last": "2027-01-06", "absence": "sick"}
BOTH = ["M01", "M02"]


def scenario(session: TenantSession, ward: WardData) -> Scenario:
    period_id = import_ward(session, ward)
    made = Scenario(
        period_id=period_id,
        name="Vad om",
        changes=[
            {**AWAY, "employees": BOTH},
            {**AWAY, "employees": ["M01"]},
            {"kind": "rule", "rule": "apart", "level": "hard", "employee": "M02", "other": "M01"},
            {"kind": "contract", "employees": BOTH, "percentage": 50},
            {"kind": "staffing", "add": 1},
        ],
    )
    session.add(made)
    session.flush()
    session.add(
        Roster(
            scenario_id=made.id, number=1, origin="scenario", status="feasible", objective=0, breakdown={},
            seconds=1, seed=1, versions={}, input_hash="", cells=[["M01", 0, "D"], ["M02", 1, "D"]],
        )
    )  # fmt: skip
    session.add(SolveTrace(run_id=new_id(), points=[], cells=[["M01", 3, "N"]]))
    session.flush()
    return made


def test_the_extract_tells_of_the_persons_part_alone(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    scenario(tenant_session, ward)
    parts = {part.name: part.rows for part in export_person(tenant_session, SubjectRef(reference="M01"))}
    (row,) = parts["scenario"]
    assert (row["scenario"], row["roster"], row["shifts"]) == ("Vad om", 1, [[0, "D"]])
    assert [change["kind"] for change in row["changes"]] == ["absence", "absence", "rule", "contract"]
    others = {part.name: part.rows for part in export_person(tenant_session, SubjectRef(reference="M03"))}
    assert others["scenario"] == ()


def test_the_id_goes_and_with_it_absences_and_rules(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    made = scenario(tenant_session, ward)
    policy = RetentionPolicy(subject=SubjectRef(reference="M01"), dry_run=True)
    assert erase_person(tenant_session, policy).rows["rostering.scenario"] == 3
    assert made.changes[0]["employees"] == BOTH, "nothing is changed by looking"

    report = erase_person(tenant_session, RetentionPolicy(subject=SubjectRef(reference="M01"), dry_run=False))

    assert report.rows["rostering.scenario"] == 3
    tenant_session.expire_all()
    assert [change["kind"] for change in made.changes] == ["absence", "contract", "staffing"]
    assert made.changes[0]["employees"] == ["M02"]
    pseudonym = made.changes[1]["employees"][0]
    assert pseudonym.startswith("anonym-")
    assert made.changes[1]["employees"][1] == "M02"
    assert made.version == 2
    roster = tenant_session.query(Roster).one()
    assert roster.cells == [[pseudonym, 0, "D"], ["M02", 1, "D"]]
    assert tenant_session.query(SolveTrace).one().cells == [[pseudonym, 3, "N"]]

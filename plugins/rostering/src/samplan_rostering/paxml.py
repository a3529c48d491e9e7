"""Published shifts as PAXml 2.0, which payroll systems read in: schedules by employment id.

The order of attributes and the times of day follow the schema rather than the text of the specification,
which differ: a day has a date, clock times, and hours. Personal identity numbers are never written.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from samplan_rostering.domain.export import hours
from samplan_rostering.queries.rosters.plan import Plan, PlanShift

_SCHEMA = "http://www.paxml.se/2.0/paxml.xsd"
_ON_CALL, _STANDBY = "JR1", "BE1"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def write_paxml(plan: Plan, *, company: str, now: datetime) -> bytes:
    """Return the shifts as PAXml; the ordinary work of a shift stands on the date that it begins on."""
    zone = ZoneInfo(plan.timezone)
    ET.register_namespace("xsi", _INSTANCE)
    root = ET.Element("paxml", {f"{{{_INSTANCE}}}noNamespaceSchemaLocation": _SCHEMA})
    _header(root, company, now.astimezone(zone))
    _duty(root, plan, zone)
    _schedules(root, plan, zone)
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _schedules(root: ET.Element, plan: Plan, zone: ZoneInfo) -> None:
    """Write the ordinary work; the schema knows no empty list of schedules."""
    own: dict[UUID, list[PlanShift]] = defaultdict(list)
    for shift in plan.shifts:
        if shift.frozen.turns[0] > shift.frozen.starts_at:
            own[shift.frozen.employee_id].append(shift)
    if not own:
        return
    schedules = ET.SubElement(root, "schematransaktioner")
    for person in plan.people:
        if person.id not in own:
            continue
        schedule = ET.SubElement(schedules, "schema", {"anstid": person.code})
        for shift in sorted(own[person.id], key=lambda s: s.frozen.on):
            starts, ends = (at.astimezone(zone) for at in (shift.frozen.starts_at, shift.frozen.turns[0]))
            day = {
                "datum": shift.frozen.on.isoformat(),
                "starttid": f"{starts:%H:%M:%S}",
                "sluttid": f"{ends:%H:%M:%S}",
                "timmar": f"{hours(shift.frozen.paid_minutes).normalize():f}",
            }
            ET.SubElement(schedule, "dag", day)


def _duty(root: ET.Element, plan: Plan, zone: ZoneInfo) -> None:
    """Write on-call duty and standby as planned, by their own codes: they are no scheduled working time."""
    codes = {person.id: person.code for person in plan.people}
    duties = (shift.frozen for shift in plan.shifts if shift.frozen.duty)
    shifts = sorted(duties, key=lambda shift: (shift.starts_at, codes[shift.employee_id]))
    if not shifts:
        return
    transactions = ET.SubElement(root, "tidtransaktioner")
    for shift in shifts:
        on_call, standby = shift.turns
        for code, starts, ends in ((_ON_CALL, on_call, standby), (_STANDBY, standby, shift.ends_at)):
            if starts < ends:
                row = ET.SubElement(transactions, "tidtrans", {"anstid": codes[shift.employee_id]})
                ET.SubElement(row, "tidkod").text = code
                for name, at in (("starttid", starts), ("sluttid", ends)):
                    local = at.astimezone(zone).replace(tzinfo=None)
                    ET.SubElement(row, name).text = local.isoformat(timespec="seconds")


def _header(root: ET.Element, company: str, now: datetime) -> None:
    header = ET.SubElement(root, "header")
    facts = {
        "format": "LÖNIN",
        "version": "2.0",
        "datum": now.replace(tzinfo=None).isoformat(timespec="seconds"),
        "foretagnamn": company,
        "programnamn": "Samplan",
    }
    for name, value in facts.items():
        ET.SubElement(header, name).text = value

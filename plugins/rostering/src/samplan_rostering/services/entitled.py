"""What a file or scenario may change of the rules depends on whose it is, as it does on the pages."""

from __future__ import annotations

from sqlalchemy import select

from samplan.plugin_api import Forbidden, OrgUnit, Principal, TenantSession, _, can
from samplan_rostering.domain.ward import RuleProfile, WardData
from samplan_rostering.models import RosterPeriod, Ward, WardProfile
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.setup.exceptions import is_exception, unregistered
from samplan_rostering.queries.setup.profile import lines_of
from samplan_rostering.services.setup.profile import same_profile


def refuse_unentitled(session: TenantSession, data: WardData, principal: Principal) -> None:
    """Refuse an input that changes rules, or brings new exceptions, from who may not change these.

    A period that is there is compared with its own profile, a new one with the ward's standing one.

    Raises:
        Forbidden: it does, and they may not.
    """
    ward_id = session.scalar(
        select(Ward.id).join(OrgUnit, OrgUnit.id == Ward.unit_id).where(OrgUnit.code == data.unit.code)
    )
    if not can(principal, Allow.WRITE_EXCEPTION):
        stated = [line for line in data.settings if is_exception(line)]
        if stated and (ward_id is None or unregistered(session, ward_id, stated)):
            raise Forbidden(
                _("There are exceptions that are not registered. A ward manager registers them first.")
            )
    if can(principal, Allow.WRITE_RULES):
        return
    period_id = session.scalar(
        select(RosterPeriod.id).where(
            RosterPeriod.ward_id == ward_id,
            RosterPeriod.start_date == data.period.start,
            RosterPeriod.end_date == data.period.end,
        )
    )
    if period_id is not None:
        there = ward_data(session, period_id)
        sheet, lines = there.rules, there.settings
    else:
        stored = session.scalar(select(WardProfile).where(WardProfile.ward_id == ward_id))
        sheet = RuleProfile() if stored is None else RuleProfile(**stored.rules)
        lines = () if stored is None else lines_of(stored.settings)
    if sheet != data.rules or not same_profile(lines, data.settings):
        raise Forbidden(_("The rules would be changed. That is for a ward manager to do."))

"""Who can work no shift of a period, because every requirement asks for a skill that they lack."""

from samplan_rostering.domain.ward import Employee, WardData


def without_needed_skill(ward: WardData) -> tuple[Employee, ...]:
    """Return the own employees who count for no requirement; none while there is no requirement."""
    asked = {row.skill for row in ward.weekly_requirements} | {row.skill for row in ward.dated_requirements}
    if not asked or None in asked:
        return ()
    return tuple(
        employee
        for employee in ward.employees
        if not employee.hired
        and not any(
            held.skill in asked
            and (held.valid_from is None or held.valid_from <= ward.period.end)
            and (held.valid_to is None or ward.period.start <= held.valid_to)
            for held in employee.skills
        )
    )

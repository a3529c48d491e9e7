"""The API's explanations of a stored roster, judged against its input as it is now.

They tell absences, wishes and hours, so they ask for the permission to see wards. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask_smorest import Blueprint

from samplan.plugin_api import Invalid, _, current_session, requires
from samplan_rostering.api import explanation_schemas as schemas
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.explain.recommend import recommend
from samplan_rostering.domain.explain.shares import shares_of
from samplan_rostering.domain.explain.why_not import UnknownError, gap_reasons, why_not
from samplan_rostering.explanation import values
from samplan_rostering.explanation.words import Words
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.rosters.judging import judged

blueprint = Blueprint("rostering_explanations", __name__, description="Why a roster is as it is")
View = Callable[..., Any]
Answer = TypeVar("Answer")


def _roster_found(view: View) -> View:
    """Look for the roster before the question is looked at, so that others' ids are found by no question."""

    @wraps(view)
    def found(*args: Any, roster_id: UUID, **kwargs: Any) -> Any:
        periods.get_roster(current_session(), roster_id)
        return view(*args, roster_id=roster_id, **kwargs)

    return found


@blueprint.get("/rosters/<uuid:roster_id>/why-not")
@requires(Allow.READ_WARD)
@_roster_found
@blueprint.arguments(schemas.WhyNotQuerySchema, location="query")
@blueprint.response(200, schemas.WhyNotSchema)
def get_why_not(query: dict[str, Any], roster_id: UUID) -> dict[str, Any]:
    """Tell what it would do to give somebody a shift: broken rules, people missing, costs and hours."""
    return _answer(roster_id, why_not, query, values.why_not_value)


@blueprint.get("/rosters/<uuid:roster_id>/gap-reasons")
@requires(Allow.READ_WARD)
@_roster_found
@blueprint.arguments(schemas.NeedQuerySchema, location="query")
@blueprint.response(200, schemas.GapReasonsSchema)
def get_gap_reasons(query: dict[str, Any], roster_id: UUID) -> dict[str, Any]:
    """Tell for everybody why they do not meet a need, by rule with measured value and limit."""
    return _answer(roster_id, gap_reasons, query, values.reasons_value)


@blueprint.get("/rosters/<uuid:roster_id>/recommendations")
@requires(Allow.READ_WARD)
@_roster_found
@blueprint.arguments(schemas.RecommendQuerySchema, location="query")
@blueprint.response(200, schemas.RecommendationSchema)
def get_recommendations(query: dict[str, Any], roster_id: UUID) -> dict[str, Any]:
    """Suggest what would bring one more to a need, ranked, each with its exact effect."""
    return _answer(roster_id, recommend, query, values.recommendation_value)


@blueprint.get("/rosters/<uuid:roster_id>/shares")
@requires(Allow.READ_WARD)
@blueprint.response(200, schemas.SharesSchema)
def get_shares(roster_id: UUID) -> dict[str, Any]:
    """Take the objective apart: every single cost, and sums by term, person and day."""
    judge = _judge(roster_id)
    return values.shares_value(shares_of(judge.before), Words.of_ward(judge.ward))


def _judge(roster_id: UUID) -> Judge:
    """Return a period's roster, judged; raises `NotFound`, for a benchmark problem's roster too."""
    session = current_session()
    return judged(session, periods.get_roster(session, roster_id)).judge()


def _answer(
    roster_id: UUID,
    find: Callable[..., Answer],
    question: dict[str, Any],
    value: Callable[[Answer, Words], dict[str, Any]],
) -> dict[str, Any]:
    """Return the answer to a question about a roster; 422 where it names what the ward has not."""
    judge = _judge(roster_id)
    try:
        answer = find(judge, **question)
    except UnknownError as error:
        field = str(error.args[0])
        message = _("The ward has none of this name.")
        raise Invalid(
            _("The question names something that the ward does not have."), {field: [message]}
        ) from None
    return value(answer, Words.of_ward(judge.ward))

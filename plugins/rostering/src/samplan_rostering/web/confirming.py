"""Changes that reach rosters are shown before they are made; the form travels along and is sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from samplan.plugin_api import Text, current_session
from samplan_rostering.services.setup.changes import change_if

_TRAVEL_NOT = frozenset({"csrf_token", "seen"})


def change_or_show(
    periods: Iterable[UUID], change: Callable[[], None], *, done: Text, back: str, title: Text
) -> Response | tuple[str, int]:
    """Make a change and go back; show first which rosters it reaches that were not agreed to.

    What the change raises goes to the caller; nothing is stored then.
    """
    seen = request.form.get("seen", "")
    reach, made = change_if(current_session(), periods, change, lambda found: found.mark == seen)
    if made:
        flash(str(done), "success")
        return redirect(back, 303)
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in _TRAVEL_NOT]
    page = render_template(
        "rostering/reached.html",
        title=title,
        rosters=reach.rosters,
        carried=[*carried, ("seen", reach.mark)],
        back=back,
        outdated=bool(seen),
    )
    return page, 409 if seen else 200

"""From errors to answers: a page that helps, or problem+json (RFC 9457) under `/api/`."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from samplan.errors import Invalid, NotSignedIn, SamplanError
from samplan.i18n import _

log = structlog.get_logger(__name__)


def install_errors(app: Flask) -> None:
    """Register one handler for each family of errors."""
    app.register_error_handler(NotSignedIn, _not_signed_in)
    app.register_error_handler(SamplanError, _expected)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(DataError, _data)
    app.register_error_handler(OperationalError, _database_gone)
    app.register_error_handler(Exception, _unexpected)


def answer(status: int, code: str, message: str = "", **details: Any) -> Response:
    """Return the answer for an error: problem+json for the API, a page for people."""
    request_id = g.get("request_id", "")
    if request.path.startswith("/api/"):
        body = {
            "type": "about:blank",
            "title": _titles().get(status, code),
            "status": status,
            "code": code,
            "detail": str(message),
            "request_id": request_id,
            **details,
        }
        response = jsonify(body)
        response.mimetype = "application/problem+json"
    else:
        page = render_template(
            "core/error.html",
            status=status,
            title=_titles().get(status, _("Something went wrong")),
            message=str(message),
            request_id=request_id,
            details=details,
        )
        response = Response(page, mimetype="text/html")
    response.status_code = status
    return response


def _titles() -> dict[int, str]:
    return {
        400: _("The request could not be understood"),
        401: _("Sign in to go on"),
        403: _("You lack the permission that this needs"),
        404: _("There is no such page"),
        405: _("That cannot be done here"),
        409: _("Somebody else has changed this"),
        412: _("Somebody else has changed this"),
        413: _("The file is too large"),
        422: _("Something in the input must be corrected"),
        428: _("The change must say which version it is based on"),
        429: _("Too many requests: wait a moment"),
        500: _("Something went wrong on our side"),
        503: _("The service cannot answer right now"),
    }


def _not_signed_in(error: NotSignedIn) -> BaseResponse:
    if request.path.startswith("/api/"):
        return answer(401, error.code, str(error))
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    target = url_for("core.login", next=here)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target)


def _expected(error: SamplanError) -> Response:
    details = dict(error.details)
    if isinstance(error, Invalid):
        details["errors"] = error.fields
    return answer(error.status, error.code, str(error.message), **details)


def _csrf(_error: CSRFError) -> Response:
    return answer(400, "csrf", _("The page had been open for too long. Go back, reload it and try again."))


def _http(error: HTTPException) -> BaseResponse:
    status = error.code or 500
    if status in {301, 302, 303, 307, 308, 304}:
        return error.get_response()
    data = getattr(error, "data", None) or {}
    details = {"errors": data["messages"]} if data.get("messages") else {}
    response = answer(status, error.name.lower().replace(" ", "_"), "", **details)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            response.headers[name] = value
    return response


def _integrity(error: IntegrityError) -> Response:
    # The database's own text names keys and values: it goes to the log only.
    log.warning("integrity_error", error=type(error.orig).__name__)
    return answer(409, "conflict", _("This clashes with something that is there already."))


def _data(error: DataError) -> Response:
    log.warning("data_error", error=type(error.orig).__name__)
    return answer(422, "invalid", _("A value is outside of what can be stored."))


def _database_gone(error: OperationalError) -> Response:
    log.error("database_unavailable", error=type(error.orig).__name__)
    return answer(503, "unavailable", _("The database does not answer. Try again in a moment."))


def _unexpected(error: Exception) -> Response:
    error_id = secrets.token_hex(6)
    log.error("unexpected_error", error_id=error_id, exc_info=error)
    return answer(
        500,
        "error",
        _("The error has been recorded as %(id)s. Nothing was saved.", id=error_id),
        error_id=error_id,
    )

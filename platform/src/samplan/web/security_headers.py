"""The headers of every answer: a strict content security policy with a nonce per request."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from samplan.web.static_files import is_static, static_cache_control

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types htmx default"

# The API documentation's viewer builds its page from strings.
WITHOUT_TRUSTED_TYPES = frozenset({"core.api_docs"})

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS = "max-age=31536000; includeSubDomains"


def csp_nonce() -> str:
    """Return this request's nonce for script elements."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def install_security_headers(app: Flask, *, secure: bool) -> None:
    """Send the headers with every answer; `secure` says that the site is served over TLS."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.after_request
    def add_headers(response: Response) -> Response:
        policy = POLICY.format(nonce=csp_nonce())
        if request.endpoint not in WITHOUT_TRUSTED_TYPES:
            policy += TRUSTED_TYPES
        response.headers["Content-Security-Policy"] = policy
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers["Strict-Transport-Security"] = HSTS
        if is_static(request.endpoint):
            response.headers["Cache-Control"] = static_cache_control(response)
        else:
            response.headers["Cache-Control"] = "private, no-store"
            response.vary.update(("Cookie", "Authorization", "HX-Request"))
        return response

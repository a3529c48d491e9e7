"""What is sent to webhooks, as the `webhooks` of OpenAPI 3.1: one for each declared event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_smorest import Api

from samplan.modules.contributions import EventSpec

_HEADERS = {
    "webhook-id": "the event's id, the same at each try",
    "webhook-timestamp": "when this try was made, in seconds since 1970",
    "webhook-signature": "`v1,` and a signature in base64, as Standard Webhooks has it; there may be several",
}
_ANSWERS = {
    "2XX": "The event was taken.",
    "410": "No more is wanted: the webhook is switched off.",
    "default": "The event is sent again later.",
}


def describe_webhooks(api: Api, events: Iterable[EventSpec]) -> None:
    """Add the events to the document of the API, with their payloads among its schemas."""
    api.spec.options["webhooks"] = {
        event.name: {"post": _operation(event, api.ma_plugin.resolver.resolve_schema_dict(event.payload))}
        for event in events
    }


def _operation(event: EventSpec, payload: dict[str, Any]) -> dict[str, Any]:
    told = {
        "type": {"type": "string", "const": event.name},
        "timestamp": {"type": "string", "format": "date-time"},
        "tenant": {"type": "string"},
        "data": payload,
    }
    body = {"type": "object", "required": list(told), "properties": told}
    return {
        "summary": event.title,
        "description": event.description,
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": text,
                "schema": {"type": "string"},
            }
            for name, text in _HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {status: {"description": text} for status, text in _ANSWERS.items()},
        "security": [],
    }

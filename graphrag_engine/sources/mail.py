"""E-mail (.eml) → its text; sender, receivers, date and names of attachments in the metadata."""

from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from typing import Any

from graphrag_engine.sources import html
from graphrag_engine.sources.base import Extract, Unreadable, one_line

_PEOPLE = ("from", "to", "cc")


def read(data: bytes) -> Extract:
    """The text of a mail, of its HTML where it has no other; raises Unreadable for none."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        if not isinstance(message, EmailMessage) or not message.keys():
            raise Unreadable("is no mail: it has no headers")
        subject, metadata = _header(message, "subject"), _metadata(message)
        text = _text(message)
    except (MessageError, AttributeError, KeyError, IndexError, TypeError, LookupError) as error:
        raise Unreadable(f"is a broken mail ({type(error).__name__})") from None
    if not text.strip():
        raise Unreadable("is a mail without text")
    return Extract(text, subject, metadata)


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    content = body.get_content()
    written = content if isinstance(content, str) else content.decode("utf-8", "replace")
    if body.get_content_subtype() == "html":
        return html.read(written.encode("utf-8", "replace")).text
    return written.replace("\r\n", "\n")


def _metadata(message: EmailMessage) -> dict[str, Any]:
    """Who wrote to whom, on which day, with what attached."""
    found: dict[str, Any] = {name: _header(message, name) for name in _PEOPLE}
    found["date"] = _day(message)
    found["attachments"] = [one_line(part.get_filename() or "") for part in message.iter_attachments()]
    return {key: value for key, value in found.items() if value}


def _day(message: EmailMessage) -> str:
    """The day on which a mail was sent, where it was; empty where it states none that there is."""
    try:
        sent = getattr(message.get("date"), "datetime", None)
    except (ValueError, OverflowError):
        return ""
    return sent.date().isoformat() if sent else ""


def _header(message: EmailMessage, name: str) -> str:
    return one_line(str(message.get(name) or ""))

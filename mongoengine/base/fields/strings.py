"""Fields that hold text: `StringField`, `URLField` and `EmailField`.

Model floor: checks and conversions only. The socket module is used to parse IP
addresses, never to connect.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import re
import socket
from collections.abc import Container, Sequence
from typing import Any, ClassVar

from mongoengine.base.fields.base import BaseField, T
from mongoengine.base.fields.string_lookups import string_query
from mongoengine.base.utils import LazyRegexCompiler

__all__ = ("EmailField", "StringField", "URLField")


class StringField(BaseField[T]):
    """Text.

    Args:
        regex: pattern the start of the text must match.
        max_length: greatest number of characters.
        min_length: least number of characters.
        **kwargs: see `BaseField`.
    """

    plain_types: ClassVar[tuple[type, ...]] = (str,)
    _refuses_operators: ClassVar[bool] = True

    def __init__(
        self,
        regex: str | re.Pattern[str] | None = None,
        max_length: int | None = None,
        min_length: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.regex = re.compile(regex) if regex else None
        self.max_length = max_length
        self.min_length = min_length
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Return text as it is, bytes decoded where they are UTF-8, anything else unchanged."""
        if isinstance(value, str) or not hasattr(value, "decode"):
            return value
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value

    def validate(self, value: Any) -> None:
        """Refuse other types, wrong lengths and text the pattern does not match."""
        if not isinstance(value, str):
            self.error("StringField only accepts string values")
        longest, shortest = self.max_length, self.min_length
        if longest is not None and len(value) > longest:
            self.error("String value is too long")
        if shortest is not None and len(value) < shortest:
            self.error("String value is too short")
        if not (self.regex is None or self.regex.match(value)):
            self.error("String value did not match validation regex")

    def _plain_is_valid(self) -> bool:
        limits = (self.regex, self.max_length, self.min_length)
        return self._has_no_rules() and all(limit is None for limit in limits)

    def lookup_member(self, member_name: str) -> None:
        """Return None: text has no fields of its own."""

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Turn the values of string operators into patterns."""
        if not isinstance(op, str):
            return value
        return super().prepare_query_value(op, string_query(op, value))


class URLField(StringField[T]):
    """A URL. The length and pattern options of `StringField` do not apply.

    Args:
        url_regex: pattern in place of the built-in one.
        schemes: allowed schemes in lower case; http, https, ftp and ftps when omitted.
        **kwargs: see `StringField`.
    """

    _URL_REGEX = LazyRegexCompiler(
        r"""
        ^[a-z0-9.-]+://
        (?:
            (?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+  # labels
            (?:[a-z]{2,6}|[a-z0-9-]{2,}(?<!-))\.?         # top level
          | localhost
          | \d{1,3}(?:\.\d{1,3}){3}                       # IPv4
          | \[?[a-f0-9]*:[a-f0-9:]+\]?                    # IPv6
        )
        (?::\d+)?                                         # port
        (?:/?|[/?]\S+)$
        """,
        re.IGNORECASE | re.VERBOSE,
    )
    _URL_SCHEMES: ClassVar[list[str]] = ["http", "https", "ftp", "ftps"]

    def __init__(
        self,
        url_regex: re.Pattern[str] | None = None,
        schemes: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.url_regex = url_regex or self._URL_REGEX
        self.schemes = schemes or self._URL_SCHEMES
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        """Refuse schemes that are not allowed, then text the URL pattern does not match."""
        scheme = value.split("://")[0].lower()
        if scheme not in self.schemes:
            self.error(f"Invalid scheme {scheme} in URL: {value}")
        if not self.url_regex.match(value):
            self.error(f"Invalid URL: {value}")

    def _plain_is_valid(self) -> bool:
        return False


# Characters of the part before the "@", RFC 5322: the unquoted ones, and inside quotes
# the plain ones and those that may follow a backslash (obsolete control characters too).
_ATOM = r"-!#$%&'*+/=?^_`{}|~0-9A-Z"
_QUOTED = (
    r'"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f]'
    r'|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*"'
)


def _user_pattern(atom: str) -> str:
    return rf"(?:[{atom}]+(?:\.[{atom}]+)*|{_QUOTED})\Z"


class EmailField(StringField[T]):
    """An e-mail address.

    Args:
        domain_whitelist: domains accepted without a check, for example ``localhost``.
        allow_utf8_user: accept characters beyond ASCII before the ``@``.
        allow_ip_domain: accept an IP address in square brackets as the domain.
        *args: see `StringField`.
        **kwargs: see `StringField`.
    """

    USER_REGEX = LazyRegexCompiler(_user_pattern(_ATOM), re.IGNORECASE)
    UTF8_USER_REGEX = LazyRegexCompiler(_user_pattern(_ATOM + "\x80-\U0010ffff"), re.IGNORECASE)
    DOMAIN_REGEX = LazyRegexCompiler(
        r"(?:[A-Z0-9](?:[A-Z0-9-]{0,61}[A-Z0-9])?\.)+[A-Z0-9-]{2,63}(?<!-)\Z",
        re.IGNORECASE,
    )
    error_msg = "Invalid email address: %s"

    def __init__(
        self,
        domain_whitelist: Container[str] | None = None,
        allow_utf8_user: bool = False,
        allow_ip_domain: bool = False,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        self.domain_whitelist = domain_whitelist or []
        self.allow_utf8_user = allow_utf8_user
        self.allow_ip_domain = allow_ip_domain
        super().__init__(*args, **kwargs)

    def validate_user_part(self, user_part: str) -> bool:
        """Tell whether the part before the ``@`` is legal."""
        pattern = self.UTF8_USER_REGEX if self.allow_utf8_user else self.USER_REGEX
        return pattern.match(user_part) is not None

    def validate_domain_part(self, domain_part: str) -> bool:
        """Tell whether the part after the ``@`` is legal as it stands, without IDNA."""
        if domain_part in self.domain_whitelist or self.DOMAIN_REGEX.match(domain_part):
            return True
        # Upstream quirk: with allow_ip_domain an empty domain raises IndexError here.
        if self.allow_ip_domain and domain_part[0] == "[" and domain_part[-1] == "]":
            return _is_ip_address(domain_part[1:-1])
        return False

    def validate(self, value: Any) -> None:
        """Apply the rules of `StringField`, then check both parts of the address."""
        super().validate(value)
        message = self.error_msg % value
        user_part, at_sign, domain_part = value.rpartition("@")
        if not at_sign or not self.validate_user_part(user_part):
            self.error(message)
        if self.validate_domain_part(domain_part):
            return
        try:
            domain_part = domain_part.encode("idna").decode("ascii")
        except UnicodeError:
            self.error(f"{message} (domain failed IDN encoding)")
        if not self.validate_domain_part(domain_part):
            self.error(f"{message} (domain validation failed)")

    def _plain_is_valid(self) -> bool:
        return False


def _is_ip_address(text: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, text)
        except (OSError, ValueError):  # ValueError: not ASCII, or a null character
            continue
        return True
    return False

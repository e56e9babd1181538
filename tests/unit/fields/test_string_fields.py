from __future__ import annotations

import re

import pytest

from mongoengine.base.fields.strings import EmailField, StringField, URLField
from mongoengine.errors import ValidationError


def refusal(field, value):
    """Return the text of the error a value causes, None if it is accepted."""
    try:
        field._validate(value)
    except ValidationError as error:
        return str(error)
    return None


# StringField


def test_bytes_become_text_where_they_are_utf8():
    field = StringField()

    assert field.to_python(b"gr\xc3\xbcn") == "grün"
    assert field.to_python(bytearray(b"abc")) == "abc"
    assert field.to_python(b"\xff\xfe") == b"\xff\xfe"
    assert field.to_python(5) == 5


@pytest.mark.parametrize(
    ("options", "value", "message"),
    [
        ({}, 34, "StringField only accepts string values"),
        ({}, b"abc", "StringField only accepts string values"),
        ({"max_length": 3}, "abcd", "String value is too long"),
        ({"max_length": 0}, "a", "String value is too long"),
        ({"min_length": 3}, "ab", "String value is too short"),
        ({"regex": "[a-z]+$"}, "ab1", "String value did not match validation regex"),
    ],
)
def test_text_that_breaks_a_rule_is_refused(options, value, message):
    assert refusal(StringField(**options), value) == message


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({}, ""),
        ({"max_length": 3}, "abc"),
        ({"min_length": 3}, "abc"),
        ({"regex": "[a-z]+"}, "ab1"),  # anchored at the start only
        ({"regex": re.compile("A", re.IGNORECASE)}, "abc"),
        ({"regex": ""}, "anything"),
    ],
)
def test_text_within_the_rules_is_accepted(options, value):
    assert refusal(StringField(**options), value) is None


def test_string_operators_are_queried_by_pattern():
    pattern = StringField().prepare_query_value("istartswith", "a+")

    assert (pattern.pattern, bool(pattern.flags & re.IGNORECASE)) == (r"^a\+", True)


def test_a_number_is_queried_as_a_number_and_refused_as_an_update():
    field = StringField()

    assert field.prepare_query_value(None, 5) == 5
    assert field.prepare_query_value(5, 5) == 5  # an operator that is no text
    with pytest.raises(ValidationError, match="only accepts string values"):
        field.prepare_query_value("set", 5)


def test_text_has_no_members():
    assert StringField().lookup_member("anything") is None


# URLField

GOOD_URLS = [
    "http://www.google.com:8080",
    "https://san_leandro-ca.geebo.com",
    "HTTP://Example.COM/a?b#c",
    "ftp://a.b.co",
    "ftps://x.io/",
    "http://localhost",
    "http://localhost:80/",
    "http://1.2.3.4",
    "http://999.999.999.999:5/x",
    "http://[::1]:80/",
    "http://::1/",
    "http://[2001:db8::1]/a",
    "http://a.com.",
    "http://a.com./",
    "http://a.com?x=1",
    "http://a.com/%20ü",
    "http://x.xn--p1ai",
    "http://a.b-c",
    "http://a.travelersinsurance",
    "http://" + "a" * 63 + ".com",
]

BAD_URLS = [
    "http://",
    "http://привет.com",
    "http://a",
    "http://a.c",
    "http://a..com",
    "http://.com",
    "http://a.com..",
    "http://-a.com",
    "http://a-.com",
    "http://_a.com",
    "http://a.b-",
    "http://" + "a" * 64 + ".com",
    "http://1.2.3",
    "http://a.com:",
    "http://a.com:x",
    "http://a.com/a b",
    "http://a.com#fragment",
    "http://user@a.com/",
    "http://[a:]",
    "http://:",
    "\nhttp://a.com",
]


@pytest.mark.parametrize("url", GOOD_URLS)
def test_a_url_is_accepted(url):
    assert refusal(URLField(), url) is None


@pytest.mark.parametrize("url", BAD_URLS)
def test_text_that_is_no_url_is_refused(url):
    assert refusal(URLField(), url) in (
        f"Invalid URL: {url}",
        f"Invalid scheme {url.split('://')[0].lower()} in URL: {url}",
    )


def test_only_the_named_schemes_are_accepted():
    field = URLField(schemes=["ws", "irc"])

    assert refusal(field, "ws://google.com") is None
    assert refusal(field, "WS://google.com") is None
    assert refusal(field, "http://google.com") == ("Invalid scheme http in URL: http://google.com")
    assert refusal(URLField(), "google") == "Invalid scheme google in URL: google"


def test_a_pattern_can_replace_the_built_in_one():
    field = URLField(url_regex=re.compile("http://x"))

    assert refusal(field, "http://x") is None
    assert refusal(field, "http://google.com") == "Invalid URL: http://google.com"


def test_the_rules_of_text_do_not_apply_to_urls():
    assert refusal(URLField(max_length=3, regex="zzz"), "http://google.com") is None


def test_a_url_that_is_no_text_fails_on_its_missing_method():
    with pytest.raises(AttributeError, match="'int' object has no attribute 'split'"):
        URLField().validate(5)


# EmailField

GOOD_ADDRESSES = [
    "ross@example.com",
    "ross@example.co.uk",
    "Kofq@rhom0e4klgauOhpbpNdogawnyIKvQS0wk2mjqrgGQ5SaJIazqqWkm7.net",
    "user@пример.рф",
    "-!#$%&'*+/=?^_`{}|~@c.com",
    "a.b@c.com",
    '"a@b"@c.com',
    '"a\\"b"@c.com',
    '""@c.com',
    "a@" + "x" * 63 + ".de",
    "a@c.d-e",
    "a@c。de",
]

BAD_ADDRESSES = [
    ("x", ""),
    ("", ""),
    ("@c.com", ""),
    ("a@b@c.com", ""),
    ("a..b@c.com", ""),
    (".a@c.com", ""),
    ("a b@c.com", ""),
    ("a\n@c.de", ""),
    ('"a"b"@c.com', ""),
    ('"\n"@c.com', ""),
    ("Dörte@example.com", ""),
    ("ross@example.com.", " (domain validation failed)"),
    ("user@пример", " (domain validation failed)"),
    ("me@localhost", " (domain validation failed)"),
    ("a@c.de\n", " (domain validation failed)"),
    ("a@c.d-", " (domain validation failed)"),
    ("a@-c.de", " (domain validation failed)"),
    ("a@c_d.de", " (domain validation failed)"),
    ("email@[127.0.0.1]", " (domain validation failed)"),
    ("me@.google.com", " (domain failed IDN encoding)"),
    ("a@" + "x" * 64 + ".de", " (domain failed IDN encoding)"),
]


@pytest.mark.parametrize("address", GOOD_ADDRESSES)
def test_an_address_is_accepted(address):
    assert refusal(EmailField(), address) is None


@pytest.mark.parametrize(("address", "reason"), BAD_ADDRESSES)
def test_text_that_is_no_address_is_refused_with_its_reason(address, reason):
    assert refusal(EmailField(), address) == f"Invalid email address: {address}{reason}"


def test_the_user_part_may_go_beyond_ascii_when_allowed():
    field = EmailField(allow_utf8_user=True)

    assert refusal(field, "Dörte@Sörensen.example.com") is None
    assert refusal(field, "\U0001f600@example.com") is None


def test_domains_of_the_whitelist_are_not_checked():
    assert refusal(EmailField(domain_whitelist=["localhost"]), "me@localhost") is None


@pytest.mark.parametrize("address", ["e@[127.0.0.1]", "e@[2001:dB8::1]", "e@[::ffff:1.2.3.4]"])
def test_an_ip_address_is_a_domain_when_allowed(address):
    assert refusal(EmailField(allow_ip_domain=True), address) is None


@pytest.mark.parametrize("domain", ["[324.0.0.1]", "[1.2.3]", "[]", "[", "[ä]", "[::1]x"])
def test_brackets_without_an_ip_address_are_refused(domain):
    assert EmailField(allow_ip_domain=True).validate_domain_part(domain) is False


def test_an_ip_address_with_a_null_character_is_refused():
    assert EmailField(allow_ip_domain=True).validate_domain_part("[1.2.3.4\0]") is False


def test_an_empty_domain_with_ip_domains_allowed_keeps_raising_index_error():
    with pytest.raises(IndexError):
        EmailField(allow_ip_domain=True).validate("me@")


def test_the_rules_of_text_apply_to_addresses():
    assert refusal(EmailField(regex=r"\w+@example.com"), "me@foo.com") == (
        "String value did not match validation regex"
    )
    assert refusal(EmailField(), 5) == "StringField only accepts string values"


def test_the_large_patterns_are_compiled_on_first_use():
    assert isinstance(EmailField.DOMAIN_REGEX, re.Pattern)
    with pytest.raises(AttributeError):
        EmailField().DOMAIN_REGEX = re.compile("x")

"""How docstrings and comments about async code read when they stand over sync code."""

from __future__ import annotations

import re

# `await` goes where it is code: after a backtick, a doctest prompt or "=", before a call or a
# dotted name. Elsewhere it is an English verb and left for the author to reword.
_CODE_AWAIT = re.compile(r"(?:(?<=`)|(?<=[=>] )|\b(?=await[ \t]+(?:\w+[(\[]|\w+\.\w)))await[ \t]+")
_CODE_ASYNC = re.compile(r"\basync[ \t]+(?=(?:def|for|with)\b)")

# "an async client" is "a sync client", but "an async iterator" is just "an iterator".
_ADJECTIVE = re.compile(
    r"\b(?P<article>(?:an\s+)?)(?P<word>async(?:hronous(?:ly)?)?)\b"
    r"(?P<noun>(?:[ \t]+(?:comprehension|context manager|function|generator|iterable"
    r"|iteration|iterator|loop|method)s?\b)?)",
    re.IGNORECASE,
)

_WORDS = {
    "coroutine functions": "functions",
    "coroutine function": "function",
    "coroutines": "functions",
    "coroutine": "function",
    "awaited": "called",
    "awaiting": "calling",
    "awaits": "calls",
}
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)


def reworded(text: str) -> str:
    """Reword a docstring or comment; names are not its concern."""
    text = _CODE_AWAIT.sub("", text)
    text = _CODE_ASYNC.sub("", text)
    text = _ADJECTIVE.sub(_without_adjective, text)
    return _WORD.sub(lambda m: _capitalised_like(m[0], _WORDS[m[0].lower()]), text)


def _without_adjective(match: re.Match[str]) -> str:
    article, noun = match["article"], match["noun"]
    if not noun:
        word = match["word"].lower().replace("async", "sync", 1)
        return article.replace("n", "", 1) + _capitalised_like(match["word"], word)
    noun = noun.lstrip()
    if not article:
        return _capitalised_like(match["word"], noun)
    return (article if noun[0].lower() in "aeiou" else article.replace("n", "", 1)) + noun


def _capitalised_like(original: str, replacement: str) -> str:
    return replacement[0].upper() + replacement[1:] if original[0].isupper() else replacement

"""The token rules that turn an async module into its sync twin, line for line."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping

import unasync
from tokenize_rt import Token  # type: ignore[import-untyped]

from tools.twin.names import PYTHON_NAMES, TRANSPARENT_TYPES
from tools.twin.prose import reworded
from tools.twin.tokens import (
    BLANK,
    CLOSING,
    closing_index,
    comma_indices,
    docstring_indices,
    is_f_string,
    next_index,
    previous_index,
    starts_statement,
    whole_f_strings,
)

_PREFIX = re.compile(r"^(_?)async_(?=[^\W\d])")
_PRIVATE_CLASS = re.compile(r"^_Async(?=[A-Z])")

# An escape is matched first: "\nasync_save" holds the word async_save, not nasync_save.
_WORD = re.compile(r"\\N\{[^}]*\}|\\.|(?:(?<!\w)|(?<=\\\w))[^\W\d]\w*", re.DOTALL)
_FIELD_AWAIT = re.compile(r"(?<!\{)\{await[ \t]+")


class TwinRule(unasync.Rule):
    """unasync's rule with a token loop of our own.

    unasync 0.6.0 drops whatever token follows `await`, so `await(x)` loses its parenthesis;
    leaves the `async_` prefix, docstrings and comments as they are; and sees f-strings
    differently on each Python. Its table of Python's names and its rule for `AsyncFoo` are used.

    Args:
        names: what to translate besides the prefix rule, from source name to twin name.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__("_async", "_sync", {**PYTHON_NAMES, **names})
        self.used: set[str] = set()

    def translated(self, tokens: Iterable[Token]) -> list[Token]:
        """Return the tokens of the twin; they keep the line numbers of the source."""
        return self._unasync_tokens(tokens)

    def translated_name(self, name: str) -> str:
        """Return the twin's name for one identifier of the source."""
        return self._unasync_name(name)

    def _unasync_tokens(self, tokens: Iterable[Token]) -> list[Token]:
        result = _without_keywords(whole_f_strings(tokens))
        result = _with_sync_types(_without_transparent_imports(result))
        docstrings = docstring_indices(result)
        return [self._renamed(token, i in docstrings) for i, token in enumerate(result)]

    def _unasync_name(self, name: str) -> str:
        if name in self.token_replacements:
            self.used.add(name)
            return str(self.token_replacements[name])
        stem = _PRIVATE_CLASS.sub("_Sync", _PREFIX.sub(r"\1", name))
        if stem == name:
            return str(super()._unasync_name(name))
        return name if keyword.iskeyword(stem) else stem

    def _renamed(self, token: Token, is_docstring: bool) -> Token:
        src = token.src
        if token.name == "NAME":
            return token._replace(src=self._unasync_name(src))
        if token.name == "COMMENT" or is_docstring:
            return token._replace(src=self._words_renamed(reworded(src)))
        if token.name == "STRING":
            src = _FIELD_AWAIT.sub("{", src) if is_f_string(token) else src
            return token._replace(src=self._words_renamed(src))
        return token

    def _words_renamed(self, text: str) -> str:
        return _WORD.sub(lambda m: m[0] if m[0][0] == "\\" else self._unasync_name(m[0]), text)


def _without_keywords(tokens: list[Token]) -> list[Token]:
    """Drop `async` and `await`, and the parentheses that only an `await` needed."""
    dropped: set[int] = set()
    for i, token in enumerate(tokens):
        if token.name == "NAME" and token.src in {"async", "await"}:
            operand = next_index(tokens, i, BLANK)
            dropped.update(range(i, operand))
            if token.src == "await":
                dropped.update(_needless_parentheses(tokens, i, operand))
    return [token for i, token in enumerate(tokens) if i not in dropped]


def _needless_parentheses(tokens: list[Token], i: int, operand: int) -> tuple[int, ...]:
    """Find the pair around `(await name.with(trailers))`: without `await` it binds nothing."""
    if i == 0 or tokens[i - 1].src != "(" or _is_call(tokens, i - 1):
        return ()
    end = operand
    if tokens[operand].src in {"(", "["}:
        end = closing_index(tokens, operand)
    elif tokens[operand].name != "NAME" or keyword.iskeyword(tokens[operand].src):
        return ()
    while tokens[end + 1].src in {".", "(", "["}:
        end = end + 2 if tokens[end + 1].src == "." else closing_index(tokens, end + 1)
    return (i - 1, end + 1) if tokens[end + 1].src == ")" else ()


def _is_call(tokens: list[Token], opening: int) -> bool:
    """Tell whether a parenthesis calls what is before it, or touches a keyword it sets apart."""
    before = previous_index(tokens, opening, BLANK)
    if before < 0:
        return False
    if tokens[before].name == "NAME":
        return before == opening - 1 or not keyword.iskeyword(tokens[before].src)
    return tokens[before].name == "STRING" or tokens[before].src in CLOSING


def _without_transparent_imports(tokens: list[Token]) -> list[Token]:
    """Take `Awaitable` and `Coroutine` out of `from` imports: the twin has no use for them."""
    result = list(tokens)
    start: int | None = None
    i = 0
    while i < len(result):
        if result[i].name == "NEWLINE":
            start = None
        elif result[i].src == "from" and starts_statement(result, i):
            start = i
        elif start is not None and result[i].src in TRANSPARENT_TYPES:
            first, last = _imported_item(result, start, i)
            del result[first:last]
            i = first if first < last else i + 1
            continue
        i += 1
    return result


def _imported_item(tokens: list[Token], start: int, i: int) -> tuple[int, int]:
    """Return the slice to delete so that the import at `start` loses the name at `i`."""
    before, after = previous_index(tokens, i), next_index(tokens, i)
    if tokens[after].src == "as":
        return i, i  # an alias keeps its own name, so it cannot be told where it is used
    alone = tokens[before].src in {"import", "("}
    if tokens[after].src == ",":
        following = next_index(tokens, after)
        if not alone or tokens[following].src != ")":
            return i, next_index(tokens, after, BLANK)
    elif not alone:
        return before, i + 1
    while tokens[after].name != "NEWLINE":
        after += 1
    return start, after


def _with_sync_types(tokens: list[Token]) -> list[Token]:
    """Read `Awaitable[T]` and `Coroutine[S, R, T]` as `T`; give generators three parameters."""
    result = list(tokens)
    for i in reversed(range(len(tokens))):
        name = tokens[i].src
        if name not in TRANSPARENT_TYPES | {"AsyncGenerator"} or result[i + 1].src != "[":
            continue
        closing = closing_index(result, i + 1)
        commas = comma_indices(result, i + 1, closing)
        trailing = bool(commas) and next_index(result, commas[-1]) == closing
        count = len(commas) + (not trailing)
        if name == "AsyncGenerator" and count < 3:
            missing = ", ".join(["None"] * (3 - count))
            where = commas[-1] + 1 if trailing else closing
            text = f" {missing}," if trailing else f", {missing}"
            result.insert(where, Token("UNIMPORTANT_WS", text, tokens[i].line))
        elif (name, count) in {("Awaitable", 1), ("Coroutine", 3)} and result[i - 1].src != ".":
            value = next_index(result, commas[1] if name == "Coroutine" else i + 1)
            del result[commas[-1] if trailing else closing : closing + 1]
            del result[i:value]
    return result

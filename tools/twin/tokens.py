"""Finding one's way in the tokens of tokenize-rt: neighbours, brackets, statements, f-strings.

Layout tokens (white space, comments, line ends inside brackets, indentation) are stepped over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from tokenize_rt import NON_CODING_TOKENS, Token, tokens_to_src  # type: ignore[import-untyped]

BLANK = frozenset({"ESCAPED_NL", "UNIMPORTANT_WS"})
LAYOUT = NON_CODING_TOKENS | {"DEDENT", "INDENT"}
OPENING = frozenset({"(", "[", "{"})
CLOSING = frozenset({")", "]", "}"})


def previous_index(tokens: Sequence[Token], i: int, skipped: Collection[str] = LAYOUT) -> int:
    """Return the index of the nearest token before `i` that is not skipped; -1 if there is none."""
    i -= 1
    while i >= 0 and tokens[i].name in skipped:
        i -= 1
    return i


def next_index(tokens: Sequence[Token], i: int, skipped: Collection[str] = LAYOUT) -> int:
    """Return the index of the nearest token after `i` that is not skipped (ENDMARKER never is)."""
    i += 1
    while tokens[i].name in skipped:
        i += 1
    return i


def closing_index(tokens: Sequence[Token], opening: int) -> int:
    """Return the index of the bracket that closes the one at `opening`."""
    depth = 0
    i = opening - 1
    while depth or i < opening:
        i += 1
        if tokens[i].name == "OP":
            depth += (tokens[i].src in OPENING) - (tokens[i].src in CLOSING)
    return i


def comma_indices(tokens: Sequence[Token], opening: int, closing: int) -> list[int]:
    """Return where the commas between two brackets are, those inside further brackets left out."""
    commas: list[int] = []
    i = opening + 1
    while i < closing:
        if tokens[i].src in OPENING:
            i = closing_index(tokens, i)
        elif tokens[i].src == ",":
            commas.append(i)
        i += 1
    return commas


def starts_statement(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether the token at `i` is the first of a logical line."""
    before = previous_index(tokens, i)
    return before < 0 or tokens[before].name == "NEWLINE"


def docstring_indices(tokens: Sequence[Token]) -> set[int]:
    """Return where the strings are that stand as statements: docstrings, of attributes too."""
    return {
        i
        for i, token in enumerate(tokens)
        if token.name == "STRING"
        and starts_statement(tokens, i)
        and tokens[next_index(tokens, i)].name == "NEWLINE"
    }


def is_f_string(token: Token) -> bool:
    """Tell whether a STRING token is an f-string."""
    quote = min(token.src.index(mark) for mark in "\"'" if mark in token.src)
    return "f" in token.src[:quote].lower()


def whole_f_strings(tokens: Iterable[Token]) -> list[Token]:
    """Make each f-string one STRING token, as Python 3.11 does, so that every Python sees it so."""
    result: list[Token] = []
    parts: list[Token] = []
    depth = 0
    for token in tokens:
        depth += token.name == "FSTRING_START"
        (parts if depth else result).append(token)
        depth -= token.name == "FSTRING_END"
        if parts and not depth:
            result.append(parts[0]._replace(name="STRING", src=tokens_to_src(parts)))
            parts = []
    return result

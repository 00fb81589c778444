"""Which entry of a language map to show (Communication 2.1.3), by the Accept-Language of a request.

RFC 2616, 14.4 gives each language a quality: that of the longest range that is a prefix of it. Where no range fits,
ranges are shortened from the end, as in the lookup of RFC 4647, 3.4: to somebody who asks for `en-US`, words in `en`
or `en-GB` say more than words in `fr`.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

# A range such as `en-GB` or `*`, and how much it is wanted.
Preference = tuple[str, float]

_RANGE = re.compile(
    r"\s*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.ASCII
)
_MOST_RANGES = 50


@lru_cache(maxsize=256)
def preferences(accept_language: str) -> tuple[Preference, ...]:
    """The ranges in a header, the most wanted first. What is not a range is passed over."""
    found = []
    for text in accept_language.split(",", _MOST_RANGES)[:_MOST_RANGES]:
        if form := _RANGE.fullmatch(text):
            found.append((form[1].lower(), min(float(form[2] or 1), 1.0)))
    return tuple(sorted(found, key=lambda preference: -preference[1]))


@lru_cache(maxsize=4096)
def chosen(languages: tuple[str, ...], wanted: tuple[Preference, ...]) -> str:
    """One of `languages`, of which there is at least one: the first of them where nothing says more."""
    if len(languages) == 1 or not wanted:
        return languages[0]
    ranks = [_rank(language, wanted) for language in languages]
    best = max(ranks)
    if best <= _REFUSED:
        return languages[0]
    equals = [language for language, rank in zip(languages, ranks, strict=True) if rank == best]
    is_by_name = best > _UNNAMED and wanted[-best[1]][0] != "*"
    return equals[0] if is_by_name else _looked_up(equals, wanted)


# Quality, and the place of the range that gives it, counted backwards so that an earlier one is greater.
_Rank = tuple[float, int]
_UNNAMED: _Rank = (0.0, 1)
_REFUSED: _Rank = (0.0, 0)


def _rank(language: str, wanted: Sequence[Preference]) -> _Rank:
    """How much a language is wanted, by the longest range that is a prefix of it; `*` is the shortest of all."""
    fitting = [
        (0 if tag == "*" else len(tag), -place, quality)
        for place, (tag, quality) in enumerate(wanted)
        if tag == "*" or _fits(tag, language)
    ]
    if not fitting:
        return _UNNAMED
    _, place, quality = max(fitting)
    return quality, place


def _looked_up(languages: Sequence[str], wanted: Sequence[Preference]) -> str:
    for tag, quality in wanted:
        shorter = tag.rpartition("-")[0] if quality > 0 else ""
        while shorter:
            for language in languages:
                if _fits(shorter, language):
                    return language
            shorter = shorter.rpartition("-")[0]
    return languages[0]


def _fits(tag: str, language: str) -> bool:
    return f"{language.lower()}-".startswith(f"{tag}-")

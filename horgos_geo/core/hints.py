"""Guess what a misspelled name was meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

_LONGEST = 80


def close_names(
    word: str, known: Iterable[str] | Mapping[str, str], most: int = 1, cutoff: float = 0.6
) -> list[str]:
    """Return the known names that are spelled most like a word, the nearest first.

    Parameters
    ----------
    word
        What was given.
    known
        What there is; of a mapping, the spellings and the name that each stands for.
    most
        Give at most so many.
    cutoff
        From 0 (anything) to 1 (only the word itself).
    """
    spellings = known if isinstance(known, Mapping) else dict.fromkeys(known)
    # Twice as many, for several spellings may stand for one name.
    close = get_close_matches(str(word)[:_LONGEST], spellings, n=2 * most, cutoff=cutoff)
    return list(dict.fromkeys(spellings[spelling] or spelling for spelling in close))[:most]


def did_you_mean(
    word: str,
    known: Iterable[str] | Mapping[str, str],
    otherwise: str = "",
    always: str = "",
    most: int = 1,
    cutoff: float = 0.6,
) -> str:
    """Return a question that names what a word may have meant, and more that helps.

    Parameters
    ----------
    word, known
        As for `close_names`.
    otherwise
        The sentence to give when nothing is like it.
    always
        The sentence that follows in any case.
    most, cutoff
        As for `close_names`.

    Examples
    --------
    >>> did_you_mean("tiem", ["time", "cost"])
    'Did you mean time?'
    >>> did_you_mean("zzz", ["time", "cost"], "Known are time and cost.")
    'Known are time and cost.'
    """
    close = close_names(word, known, most, cutoff)
    first = f"Did you mean {' or '.join(close)}?" if close else otherwise
    return " ".join(filter(None, (first, always)))

"""Read tables of text as offices write them: any separator, any common encoding."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from horgos_geo.core.errors import DataError

_SEPARATORS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_LONGEST_CELL = 10_000_000
_SEP_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(frozen=True)
class TextTable:
    """A table of text that is known how to be read: its head, separator and encoding."""

    path: Path
    names: tuple[str, ...]
    separator: str
    encoding: str
    #: Lines before the head that are none of it.
    skipped: int

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number of each line and its cells; empty lines are left out.

        Raises
        ------
        DataError
            What is no CSV any more, or not text in that encoding.
        """
        with self.path.open(encoding=self.encoding, newline="") as stream:
            rows = csv.reader(stream, delimiter=self.separator)
            try:
                for number, row in enumerate(rows):
                    if number > self.skipped and row:
                        yield rows.line_num, row
            except UnicodeDecodeError:
                raise _no_text(self.path) from None
            except csv.Error as error:
                raise DataError(
                    f"{self.path} cannot be read as CSV: {error}. Mend or replace it."
                ) from None


def open_text_table(path: Path) -> TextTable:
    """Find out how a table of text is to be read.

    Parameters
    ----------
    path
        CSV with commas, semicolons, tabs or bars, in UTF-8, UTF-16 or a national code page; a
        first line ``sep=;`` is understood.

    Raises
    ------
    DataError
        No text, or text without a head.
    """
    csv.field_size_limit(_LONGEST_CELL)
    encoding = guess_encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as stream:
            first = stream.readline(_CHUNK)
            said = _SEP_LINE.fullmatch(first)
            skipped = int(said is not None)
            head = stream.readline(_CHUNK) if said else first
            while head and not head.strip():
                skipped += 1
                head = stream.readline(_CHUNK)
        separator = said[1] if said else max(_SEPARATORS, key=head.count)
        names = next(csv.reader(io.StringIO(head, newline=""), delimiter=separator), [])
    except UnicodeError:
        raise _no_text(path) from None
    except csv.Error as error:
        raise DataError(f"{path} cannot be read as CSV: {error}. Mend or replace it.") from None
    return TextTable(path, tuple(name.strip() for name in names), separator, encoding, skipped)


def _no_text(path: Path) -> DataError:
    return DataError(f"{path} is not UTF-8 text, nor any other that is known. Save it as UTF-8.")


def guess_encoding(path: Path) -> str:
    """Return the encoding of a text file: by its mark, as UTF-8, or as what its bytes look like.

    Parameters
    ----------
    path
        A file of any size; it is read once, in parts.

    Raises
    ------
    DataError
        Parts of it are UTF-8 and others are not.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        chunk = stream.read(_CHUNK)
        for mark, name in _MARKS:
            if chunk.startswith(mark):
                return name
        if b"\x00" in chunk[:400]:
            # No text has such bytes, but for two-byte letters written without a mark.
            return "utf-16-le" if chunk[1:400:2].count(0) >= chunk[:400:2].count(0) else "utf-16-be"
        while chunk:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                _refuse_mixture(path, chunk)
                return _code_page(chunk)
            chunk = stream.read(_CHUNK)
    return "utf-8"


def _refuse_mixture(path: Path, sample: bytes) -> None:
    """Refuse what is UTF-8 for the most part, but not throughout."""
    text = sample.decode("utf-8", "replace")
    if sum(letter > "\x7f" for letter in text) > 2 * text.count("\ufffd"):
        raise _no_text(path)


def _code_page(sample: bytes) -> str:
    """Return the national code page that a text is likely in: Western, Cyrillic or Chinese."""
    sample = sample[: sample.rfind(b"\n") + 1 or None]
    high = re.findall(rb"[\x80-\xff]+", sample)
    # Words in which accented letters stand between plain ones are Western.
    if len(re.findall(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]", sample)) >= len(high):
        return "big5" if _is_double_byte(sample, "big5", 0xA4, 0xC6) else "cp1252"
    letters = b"".join(high)
    if sum(byte >= 0xC0 for byte in letters) >= 0.95 * len(letters):
        # Capitals come before small letters in one Cyrillic code page, after them in the other.
        small_first = re.findall(rb"[\xe0-\xff][\xc0-\xdf]", sample)
        large_first = re.findall(rb"[\xc0-\xdf][\xe0-\xff]", sample)
        return "koi8-r" if len(small_first) > len(large_first) else "cp1251"
    # The everyday characters of GB 2312 begin with the bytes B0 to D7, those of Big5 with A4 to C6.
    if _is_double_byte(sample, "gb18030", 0xB0, 0xD7):
        return "gb18030"
    return "big5" if _is_double_byte(sample, "big5", 0xA4, 0xC6) else "cp1251"


def _is_double_byte(sample: bytes, encoding: str, first: int, last: int) -> bool:
    """Tell whether most letters are everyday characters of a Chinese encoding."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    pairs = [letter.encode(encoding) for letter in text if letter > "\x7f"]
    everyday = sum(len(pair) == 2 and first <= pair[0] <= last for pair in pairs)
    return everyday > 0.7 * len(pairs)

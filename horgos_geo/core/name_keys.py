"""Compare names across scripts and spellings: one folded key for all ways to write a name."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher

# Letters that carry no separable mark, so that Unicode decomposition leaves them as they are.
_LETTERS = {
    **dict(zip("łøđðıħŋəƣ", "loddihneg", strict=True)),
    **dict(zip("қғңүұөһәіґєҳҷҗӣ", "кгнууохаигехчжи", strict=True)),
    **dict(zip("یىېکہھةەڭ", "ييي" + "ك" + "هههه" + "ن", strict=True)),
} | {"þ": "th", "æ": "ae", "œ": "oe"}
# Traditional characters that place names use, and their simplified twins, position by position.
_TRADITIONAL = (
    "爾蘭蘇連滿綏烏魯齊慶廣東漢門長陽寧濱鄭圖馬羅維華聖韓龍灣縣諾薩貝納倫達臺彼亞關樺賓"
    "黃閩興豐鐵鎮鄉莊嶺島岡橋溝塔際國里萬義儀順黑鳳贛贊錫銀紹雲嶽岳壽島濟淵潭瀋蕪滬瀘茲"
)
_SIMPLIFIED = (
    "尔兰苏连满绥乌鲁齐庆广东汉门长阳宁滨郑图马罗维华圣韩龙湾县诺萨贝纳伦达台彼亚关桦宾"
    "黄闽兴丰铁镇乡庄岭岛冈桥沟塔际国里万义仪顺黑凤赣赞锡银绍云岳岳寿岛济渊潭沈芜沪泸兹"
)
_TABLE = str.maketrans(_LETTERS | dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True)))
# Lower-case letters that look alike in Latin and Cyrillic type.
_LATIN = "aekmhopctyxbi"
_CYRILLIC = "аекмнорстухви"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
# Cyrillic letters of folded keys in Latin, roughly as maps write them.
_ROMAN = dict(zip("абвгдезиклмнопрстуфыэyъь", [*"abvgdeziklmnoprstufiei", "", ""], strict=True))
_DIGRAPHS = zip("жхцчшщюяx", ("zh", "kh", "ts", "ch", "sh", "shch", "iu", "ia", "ks"), strict=True)
_TO_ROMAN = str.maketrans(_ROMAN | dict(_DIGRAPHS))
_ALIKE = 0.8
_FIRST_INDIC_MARK = "\u0900"


def clean(text: str) -> str:
    """Return `text` as one line of visible characters, for messages and labels.

    Control and formatting characters, which could turn a line around or hide a part of it, go.
    """
    visible = (" " if c.isspace() else c for c in text if c.isspace() or not _hidden(c))
    return " ".join("".join(visible).split())


def _hidden(character: str) -> bool:
    return unicodedata.category(character)[0] == "C"


def fold(text: str) -> str:
    """Return the key of a name: no case, marks, spaces or punctuation, look-alikes as one.

    Names that a reader would call the same have the same key: ``Łódź`` and ``Lodz``, ``霍爾果斯``
    and ``霍尔果斯``. It is empty where nothing readable is left.
    """
    if text.isascii():
        return "".join(c for c in text.lower() if c.isalnum())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in plain.translate(_TABLE) if _kept(c))


def _kept(character: str) -> bool:
    category = unicodedata.category(character)
    if category[0] == "M":
        # Vowel signs of Indic and South-East Asian scripts are letters to their readers.
        return character >= _FIRST_INDIC_MARK and character < "\u1ab0"
    return category[0] in "LN" and category != "Lm"


def spellings(key: str) -> list[str]:
    """Return a key and, where it mixes Latin with Cyrillic letters, what it was meant to be."""
    scripts = {unicodedata.name(c, "").split(" ")[0] for c in key}
    if {"LATIN", "CYRILLIC"} <= scripts:
        return [key, key.translate(_TO_LATIN), key.translate(_TO_CYRILLIC)]
    return [key]


def is_spelling(key: str, name_key: str) -> bool:
    """Tell whether a key writes the same name as another one, in another script or with less.

    Parameters
    ----------
    key, name_key
        As `fold` gives them.

    Examples
    --------
    >>> is_spelling("ставрополь", "stavropol"), is_spelling("ставрополь", "tolyatti")
    (True, False)
    >>> is_spelling("delhi", "newdelhi")
    True
    """
    if len(key) > 3 and key in name_key:
        return True
    roman, name = key.translate(_TO_ROMAN), name_key.translate(_TO_ROMAN)
    return roman.isascii() and SequenceMatcher(None, roman, name).ratio() >= _ALIKE

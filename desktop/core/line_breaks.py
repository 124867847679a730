"""How wide words are on the screen, and what it costs the reader to break a text between two of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

from desktop.core.sentences import CLAUSE_ENDS, CLOSING, OPENING, ends_sentence
from desktop.core.words import is_spaceless

# What a break costs, in points: one is about a letter that two lines differ by.
SENTENCE = 0
CLAUSE = 15
BEFORE_CLAUSE = 30
PLAIN = 50
TIED = 130
ONE_THING = 160
INSIDE_A_WORD = 220

_CLAUSE_ENDS = (*CLAUSE_ENDS, "…")
# No line is broken at these spaces: that is what they are for.
_BOUND_SPACES = "\u00a0\u2007\u202f"
_NO_WIDTH = ("Mn", "Me", "Cf")

_SIGNS_AND_UNITS = frozenset(
    "% ‰ ° °c °f $ € £ ¥ € km m cm mm kg g mg t l ml h min s ms hz khz mhz ghz kb mb gb tb kw mw gw w v mph kmh km/h "
    "percent prozent pour por per hundred thousand million millions billion billions trillion tausend millionen "
    "milliarden mille milliards mil millones milhões milioni miliardi miljoen miljard dollars euros pounds".split()
)
_COUNTED = frozenset(
    "page pages chapter section part figure table number no nr room gate flight line step level phase version act "
    "verse seite kapitel abschnitt teil nummer zimmer chapitre partie numéro página capítulo capitolo pagina hoofdstuk "
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec januar februar märz mai juni juli oktober dezember janvier février avril juin juillet août "
    "septembre octobre novembre décembre $ € £ ¥ # §".split()
)
_TITLES = frozenset(
    "mr mrs ms dr prof st sir lady lord king queen president professor doctor captain general saint herr frau "
    "monsieur madame mme mlle señor señora don doña senhor senhora signor signora meneer mevrouw".split()
)


@dataclass(frozen=True, slots=True)
class _Language:
    """The small words of a language: which of them cling to what follows, and which a new part begins with."""

    cling: frozenset[str]
    begin: frozenset[str]
    names_are_capital: bool = True
    small: frozenset[str] = frozenset()


def _language(cling: str, both: str, begin: str, names_are_capital: bool = True) -> _Language:
    """Articles and the like cling, other joining words begin; prepositions and conjunctions do both."""
    clings, begins = frozenset(f"{cling} {both}".split()), frozenset(f"{both} {begin}".split())
    return _Language(clings, begins, names_are_capital, clings | begins)


_LANGUAGES = {
    "en": _language(
        "a an the my your his her its our their this these those every each some any no not i you he she it we they "
        "is are was were be been being am have has had do does did will would shall should can could may might must "
        "don't doesn't didn't won't can't isn't aren't wasn't i'm i've i'll i'd it's that's there's very more most too",
        "of to in on at by for with from into onto over under about after before between through during without "
        "against among and or but nor as than if because so while when where although though unless until since",
        "that which who whose whom what why how then",
    ),
    "de": _language(
        "der die das den dem des ein eine einen einem einer eines mein dein sein ihr unser euer kein keine keinen "
        "dieser diese dieses diesen jeder jede jedes nicht sehr ich du er sie es wir ist sind war waren hat haben "
        "hatte hatten wird werden würde kann können konnte muss müssen soll will zum zur vom im am",
        "in an auf bei mit von zu aus nach vor für über unter durch gegen ohne um zwischen hinter neben seit und oder "
        "aber denn sondern als wie wenn weil dass ob obwohl während bevor nachdem damit",
        "welche welcher welches wer was wo warum dann",
        names_are_capital=False,
    ),
    "fr": _language(
        "le la les un une des du au aux mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette "
        "ces je tu il elle on nous vous ils elles ne pas est sont était étaient a ont avait avaient sera très plus",
        "de à en dans sur sous avec sans pour par chez vers entre depuis pendant contre et ou mais ni car donc que si "
        "comme quand lorsque parce puisque",
        "qui dont où quoi pourquoi alors",
    ),
    "es": _language(
        "el la los las un una unos unas mi mis tu tus su sus nuestro nuestra este esta estos estas ese esa no yo él "
        "ella se me te le les lo es son era eran está están ha han había muy más del al",
        "de a en con sin por para sobre entre desde hasta hacia contra según y e o u pero ni sino que si como cuando "
        "porque aunque mientras",
        "quien cual donde cuyo qué entonces",
    ),
    "it": _language(
        "il lo la i gli le un uno una mio mia tuo sua suo nostro questo questa questi quel quella non io tu lui lei "
        "noi si mi ti ci vi è sono era erano ha hanno aveva molto più del della dei delle al alla dal nel nella sul",
        "di a da in con su per tra fra senza sopra sotto contro e ed o ma né che se come quando perché mentre anche",
        "chi quale dove cui allora",
    ),
    "pt": _language(
        "o a os as um uma uns umas meu minha teu seu sua nosso este esta estes esse essa não eu ele ela nós se me te "
        "lhe é são era eram está estão tem têm tinha muito mais do da dos das no na nos nas ao à pelo pela",
        "de em com sem por para sobre entre desde até contra segundo e ou mas nem que se como quando porque embora "
        "enquanto",
        "quem qual onde cujo então",
    ),
    "nl": _language(
        "de het een mijn jouw zijn haar ons onze hun deze dit die dat geen niet ik jij hij zij wij ze we je is was "
        "waren heeft hebben had hadden wordt worden zal zou kan kunnen moet moeten heel zeer",
        "van in op aan bij met voor naar uit over onder door tegen zonder om tussen achter sinds en of maar want dus "
        "als toen omdat terwijl hoewel voordat nadat",
        "wie wat waar waarom hoe dan",
    ),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a word looks like to who sets lines; `space` is what stands before it."""

    space: str
    bare: str
    width: int
    space_width: int
    may_start: bool
    """Whether a line may start with it whatever stands before it: a space says so."""
    clings: bool
    begins: bool
    ends_clause: bool
    may_end_sentence: bool
    is_capital: bool
    is_number: bool
    counts: bool
    is_unit: bool
    is_title: bool


def shapes_in(language: str) -> Callable[[str], Shape]:
    """What tells the shape of a word of this language; words of an unknown one are taken for English."""
    return _shapes(language if language in _LANGUAGES else "en")


@cache
def _shapes(language: str) -> Callable[[str], Shape]:
    return lru_cache(maxsize=1 << 16)(partial(_shape, _LANGUAGES[language]))


def _shape(known: _Language, text: str) -> Shape:
    bare = text.strip()
    space = text[: len(text) - len(text.lstrip())]
    core = bare.strip(OPENING + CLOSING)
    key = core.rstrip(".").lower()
    ends_clause = bare.rstrip(CLOSING).endswith(_CLAUSE_ENDS)
    return Shape(
        space=space,
        bare=bare,
        width=width(bare),
        space_width=width(space),
        may_start=bool(space) and space[-1] not in _BOUND_SPACES,
        clings=key in known.cling,
        begins=key in known.begin,
        ends_clause=ends_clause,
        may_end_sentence=ends_sentence(bare, ""),
        is_capital=known.names_are_capital and core[:1].isupper() and key not in known.small,
        is_number=core[:1].isdigit() or (core[1:2].isdigit() and core[:1] in "$€£¥-+#"),
        counts=key in _COUNTED,
        is_unit=key in _SIGNS_AND_UNITS,
        is_title=key in _TITLES,
    )


def price(left: Shape, right: Shape, is_first: bool) -> int:
    """What it costs to break between two words; `is_first` says that the left one begins a sentence."""
    if left.may_end_sentence and ends_sentence(left.bare, right.bare):
        return SENTENCE
    if left.ends_clause:
        return CLAUSE
    if (left.is_number and (right.is_unit or right.is_number)) or (left.counts and right.is_number) or left.is_title:
        return ONE_THING
    if left.is_capital and right.is_capital and not (is_first and left.begins):
        return ONE_THING
    if left.clings or left.is_number:
        return TIED
    return BEFORE_CLAUSE if right.begins else PLAIN


@lru_cache(maxsize=1 << 16)
def width(text: str) -> int:
    """How many narrow letters are as wide as the text: full-width ones are two, marks upon letters none."""
    return len(text) if text.isascii() else sum(map(_width, text))


@lru_cache(maxsize=1 << 14)
def _width(letter: str) -> int:
    if unicodedata.category(letter) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


# --- scripts without spaces ---

_PARTABLE: dict[tuple[Any, Any], bool] = {}
"""Whether a line may end between letters of two kinds, as far as asked."""

_FIRST_SPACELESS = "\u0e00"
"""No letter before this one belongs to such a script."""
_LETTERS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "zh-hans": re.compile("[\u3400-\u9fff]"),
}
"""The scripts whose words BudouX knows. A text is taken for the first of them that it has a letter of."""
_EDGE = "\0" * 3
"""Stands for the letters beyond the ends of a text: BudouX knows none like them."""
_Score = Callable[[str, int], int]
_SOUTH_EAST = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"))
_WIDE_LETTERS = ("F", "W", "H")
_LEADING_VOWELS = frozenset("\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4")
_FOLLOWING_VOWELS = frozenset("\u0e2f\u0e30\u0e32\u0e33\u0e45\u0e46\u0eb0\u0eb2\u0eb3\u0ebd\u0ec6")
_STACKERS = frozenset("\u17d2\u1039")  # Khmer and Burmese: what follows them stands below


@lru_cache(maxsize=1 << 14)
def needs_no_space(letter: str) -> bool:
    """Whether its script is written without spaces."""
    return letter >= _FIRST_SPACELESS and is_spaceless(letter)


def spaceless_prices(text: str, places: Iterable[int]) -> dict[int, int]:
    """At which of the places a text that has letters of scripts without spaces may be broken, and the price.

    Whether it may comes from Unicode's line breaking algorithm, by uniseg; where words end, from BudouX.
    """
    between = [at for at in places if 0 < at < len(text) and _may_part(text[at - 1 : at + 1])]
    prices = dict.fromkeys(between, INSIDE_A_WORD)
    prices.update(dict.fromkeys(_word_ends(text, between), PLAIN))
    for at in between:
        if not text[at - 1].isalnum():
            cost = _price_after(text[max(0, at - 4) : at])
            if cost is not None:
                prices[at] = cost
    return prices


def _price_after(text: str) -> int | None:
    if ends_sentence(text, ""):
        return SENTENCE
    return CLAUSE if text.rstrip(CLOSING).endswith(_CLAUSE_ENDS) else None


@lru_cache(maxsize=1 << 16)
def _may_part(pair: str) -> bool:
    left, right = pair[0], pair[1]
    if left.isspace() or right.isspace() or not (needs_no_space(left) or needs_no_space(right)):
        return False
    if _is_south_east(left) and _is_south_east(right):  # Unicode leaves these to dictionaries
        is_mark = unicodedata.category(right).startswith("M")
        return not (is_mark or left in _LEADING_VOWELS or right in _FOLLOWING_VOWELS or left in _STACKERS)
    kinds = _kind(left), _kind(right)
    if kinds not in _PARTABLE:  # uniseg is thorough, so it is asked once about each two kinds of letters
        from uniseg.linebreak import line_break_units

        _PARTABLE[kinds] = len(list(line_break_units(pair))) > 1
    return _PARTABLE[kinds]


@lru_cache(maxsize=1 << 14)
def _kind(letter: str) -> Any:
    """All that Unicode's line breaking algorithm wants to know of a letter; the rules name some dashes one by one."""
    from uniseg.linebreak import line_break

    category = unicodedata.category(letter)
    if category == "Pd":
        return letter
    return line_break(letter), category, unicodedata.east_asian_width(letter) in _WIDE_LETTERS


def _is_south_east(letter: str) -> bool:
    return any(low <= letter <= high for low, high in _SOUTH_EAST)


def _word_ends(text: str, places: Sequence[int]) -> list[int]:
    """At which of the places inside a text a word of Chinese, Japanese or Thai ends, as far as BudouX can tell.

    BudouX adds up what the three letters to the left and the three to the right say, alone and side by side. Its own
    parser does that between all letters, at more than twice the cost.
    """
    model = _model(_script(text)) if places else None
    if not model:
        return []
    (one1, one2, one3, one4, one5, one6), (two1, two2, two3), (three1, three2, three3, three4), pairs, least = model
    edged = f"{_EDGE}{text}{_EDGE}"
    ends = []
    for at in places:
        a, b, c, d, e, f = tuple(edged[at : at + 6])
        bc, cd, de = b + c, c + d, d + e
        score = one1(a, 0) + one2(b, 0) + one3(c, 0) + one4(d, 0) + one5(e, 0) + one6(f, 0)
        score += two1(bc, 0) + two2(cd, 0) + two3(de, 0)
        if bc in pairs or cd in pairs or de in pairs:
            score += three1(a + bc, 0) + three2(bc + d, 0) + three3(c + de, 0) + three4(de + f, 0)
        if score > least:
            ends.append(at)
    return ends


def _script(text: str) -> str:
    return next((script for script, letter in _LETTERS.items() if letter.search(text)), "")


@cache
def _model(script: str) -> tuple[list[_Score], list[_Score], list[_Score], frozenset[str], float] | None:
    """What BudouX has learnt of a script: the scores of single letters, of pairs and of triples at each place around a
    break, the pairs that triples hold (few, in Chinese), and what the sum has to exceed."""
    if not script:
        return None
    import budoux

    model = {
        "ja": budoux.load_default_japanese_parser,
        "th": budoux.load_default_thai_parser,
        "zh-hans": budoux.load_default_simplified_chinese_parser,
    }[script]().model
    triples = [triple for kind, scores in model.items() if kind.startswith("TW") for triple in scores]
    pairs = frozenset(triple[at : at + 2] for triple in triples for at in (0, 1))
    least = sum(sum(scores.values()) for scores in model.values()) / 2
    return _scores(model, "UW", 6), _scores(model, "BW", 3), _scores(model, "TW", 4), pairs, least


def _scores(model: dict[str, dict[str, int]], kind: str, count: int) -> list[_Score]:
    return [model.get(f"{kind}{place}", {}).get for place in range(1, count + 1)]

"""What is said instead of typed, language by language: marks, line breaks, corrections, and words that mean nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Order(StrEnum):
    """Something that is done instead of written."""

    SCRATCH = "scratch"
    """Away with the sentence before."""
    UPPER = "upper"
    """The next word in capitals."""
    LITERAL = "literal"
    """The next words are meant as words."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that is written for its name. Spaces are asked for unless it holds on to what stands beside it."""

    text: str
    holds_before: bool = True
    holds_after: bool = False
    ends: bool = False
    """A new sentence follows."""

    is_part: bool = False
    """It closes something or is part of a word: a sentence may still end after it."""

    @property
    def is_break(self) -> bool:
        """Whether it begins a new line."""
        return self.text.startswith("\n")


@dataclass(frozen=True)
class Speech:
    """The words of one language. Phrases stand in lower case, with a space between their words."""

    spoken: Mapping[str, Mark | Order]
    before_a_noun: frozenset[str]
    """After these the name of a mark means the thing: “the period”, “a new line”."""
    after_a_noun: frozenset[str]
    """Before these too: “period of time”."""
    fillers: frozenset[str]
    small_words: frozenset[str]
    """Never names: written small inside a sentence, also where the recogniser began a new one."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _spoken(*groups: tuple[str, Mark | Order]) -> Mapping[str, Mark | Order]:
    return {phrase: meaning for phrases, meaning in groups for phrase in phrases.split("|")}


_COMMA, _SEMICOLON, _COLON = Mark(","), Mark(";"), Mark(":")
_PERIOD, _QUESTION, _EXCLAMATION = Mark(".", ends=True), Mark("?", ends=True), Mark("!", ends=True)
_ELLIPSIS, _DASH = Mark("…"), Mark("–", holds_before=False)
_OPEN, _CLOSE = Mark("(", holds_before=False, holds_after=True), Mark(")", is_part=True)
_LINE, _PARAGRAPH = Mark("\n", holds_after=True, ends=True), Mark("\n\n", holds_after=True, ends=True)
_BULLET = Mark("\n- ", holds_after=True, ends=True)


def _joining(text: str) -> Mark:
    return Mark(text, holds_after=True)


def _opening(text: str) -> Mark:
    return Mark(text, holds_before=False, holds_after=True)


_ENGLISH = Speech(
    _spoken(
        ("comma", _COMMA),
        ("semicolon|semi colon|semi-colon", _SEMICOLON),
        ("colon", _COLON),
        ("period|full stop|full-stop", _PERIOD),
        ("question mark", _QUESTION),
        ("exclamation mark|exclamation point", _EXCLAMATION),
        ("ellipsis|dot dot dot", _ELLIPSIS),
        ("dash|em dash|en dash", _DASH),
        ("hyphen", _joining("-")),
        ("slash|forward slash", _joining("/")),
        ("backslash", _joining("\\")),
        ("underscore", _joining("_")),
        ("at sign", _joining("@")),
        ("hash sign|hashtag", _opening("#")),
        ("percent sign", Mark("%", is_part=True)),
        ("ampersand", Mark("&", holds_before=False)),
        ("open quote|open quotes|begin quote", _opening("“")),
        ("close quote|close quotes|end quote|unquote", Mark("”", is_part=True)),
        ("open parenthesis|open paren|open bracket", _OPEN),
        ("close parenthesis|close paren|close bracket", _CLOSE),
        ("new line|newline|next line", _LINE),
        ("new paragraph|next paragraph", _PARAGRAPH),
        ("bullet point", _BULLET),
        ("scratch that", Order.SCRATCH),
        ("all caps", Order.UPPER),
        ("literal", Order.LITERAL),
    ),
    _words("a an the every no my your its our their which first third long short whole same"),
    _words("of in between during when for is was were are"),
    _words("um uhm umm uh uhh er erm hmm hm mm"),
    _words(
        "a an the and or but so if when while because that this these those it he she we you they there here what who "
        "how why where which then than as at by for from in into of on to with without is are was were be been do does "
        "did have has had can could will would should may might must not no yes my your his her its our their please"
    ),
)

_GERMAN = Speech(
    _spoken(
        ("komma", _COMMA),
        ("semikolon|strichpunkt", _SEMICOLON),
        ("doppelpunkt", _COLON),
        ("punkt", _PERIOD),
        ("fragezeichen", _QUESTION),
        ("ausrufezeichen|ausrufungszeichen|rufzeichen", _EXCLAMATION),
        ("auslassungspunkte|punkt punkt punkt", _ELLIPSIS),
        ("gedankenstrich", _DASH),
        ("bindestrich", _joining("-")),
        ("schrägstrich", _joining("/")),
        ("unterstrich", _joining("_")),
        ("klammeraffe|at-zeichen|at zeichen", _joining("@")),
        ("rautezeichen|raute-zeichen", _opening("#")),
        ("prozentzeichen", Mark("%", holds_before=False, is_part=True)),
        ("und-zeichen|kaufmännisches und", Mark("&", holds_before=False)),
        ("anführungszeichen auf|anführungszeichen unten|anführungsstriche unten", _opening("„")),
        ("anführungszeichen zu|anführungszeichen oben|anführungsstriche oben", Mark("“", is_part=True)),
        ("klammer auf", _OPEN),
        ("klammer zu", _CLOSE),
        ("neue zeile|nächste zeile", _LINE),
        ("neuer absatz|nächster absatz", _PARAGRAPH),
        ("aufzählungspunkt|spiegelstrich", _BULLET),
        ("streich das|streiche das", Order.SCRATCH),
        ("alles groß", Order.UPPER),
        ("wörtlich", Order.LITERAL),
    ),
    _words(
        "der die das den dem des eine einen einem einer eines dieser diese dieses diesen diesem jeder jede jedes jeden "
        "jedem kein keine keinen keinem mein meinen dein am im zum vom beim zur erste ersten zweite zweiten letzte "
        "letzten wichtige wichtiger wichtigen welcher welche welchen welches"
    ),
    _words("ist war sind der des von um"),
    _words("äh ähm öh öhm ähem hm hmm mhm"),
    _words(
        "der die das den dem des ein eine einen einem einer und oder aber denn weil wenn dass ob als wie ich du er es "
        "wir ihr man mich dich uns mir dir ihm ihnen mein dein sein unser hier da dort dann nun jetzt auch nur noch "
        "schon nicht kein in im an am auf aus bei mit nach von vor zu zum zur über unter für ohne durch um was wer wo "
        "ist sind war waren hat haben habe kann können will soll muss bitte ja nein so"
    ),
)

_SPANISH = Speech(
    _spoken(
        ("coma", _COMMA),
        ("punto y coma", _SEMICOLON),
        ("dos puntos", _COLON),
        ("punto|punto y seguido|punto final", _PERIOD),
        ("punto y aparte", Mark(".\n", holds_after=True, ends=True)),
        ("signo de interrogación|cierra interrogación|cerrar interrogación", _QUESTION),
        ("abre interrogación|abrir interrogación", _opening("¿")),
        ("signo de exclamación|cierra exclamación|cerrar exclamación", _EXCLAMATION),
        ("abre exclamación|abrir exclamación", _opening("¡")),
        ("puntos suspensivos", _ELLIPSIS),
        ("raya", _DASH),
        ("guion|guión", _joining("-")),
        ("barra|barra inclinada", _joining("/")),
        ("guion bajo|guión bajo", _joining("_")),
        ("arroba", _joining("@")),
        ("almohadilla", _opening("#")),
        ("abre comillas|abrir comillas", _opening("«")),
        ("cierra comillas|cerrar comillas", Mark("»", is_part=True)),
        ("abre paréntesis|abrir paréntesis", _OPEN),
        ("cierra paréntesis|cerrar paréntesis", _CLOSE),
        ("nueva línea|línea nueva", _LINE),
        ("nuevo párrafo|párrafo nuevo", _PARAGRAPH),
        ("viñeta", _BULLET),
        ("borra eso|tacha eso", Order.SCRATCH),
        ("todo mayúsculas|todo en mayúsculas", Order.UPPER),
        ("literal", Order.LITERAL),
    ),
    _words(
        "un una el la los las este cada del al mi tu su nuestro nuestra primer primera segundo último última ningún "
        "algún cierto"
    ),
    _words("de del para es era en"),
    _words("eh ehh em emm mmm mm hmm"),
    _words(
        "un una unos unas el la los las y o pero porque que si cuando como donde yo tú él ella nosotros ellos ellas me "
        "te se nos le les lo mi tu su en de del al a por para con sin sobre entre es son era fue hay he ha han no sí "
        "ya muy más menos este esta esto ese esa eso aquí allí ahora también pues"
    ),
)

_THIN = "\N{NO-BREAK SPACE}"  # French marks stand off a little, and never at the beginning of a line

_FRENCH = Speech(
    _spoken(
        ("virgule", _COMMA),
        ("point-virgule|point virgule", Mark(f"{_THIN};")),
        ("deux-points|deux points", Mark(f"{_THIN}:")),
        ("point|point final", _PERIOD),
        ("point d'interrogation", Mark(f"{_THIN}?", ends=True)),
        ("point d'exclamation", Mark(f"{_THIN}!", ends=True)),
        ("points de suspension|trois petits points", _ELLIPSIS),
        ("tiret long|tiret", _DASH),
        ("trait d'union", _joining("-")),
        ("barre oblique", _joining("/")),
        ("tiret bas|souligné", _joining("_")),
        ("arobase|arobas", _joining("@")),
        ("dièse", _opening("#")),
        ("ouvrez les guillemets|ouvrir les guillemets|ouvre les guillemets", _opening(f"«{_THIN}")),
        ("fermez les guillemets|fermer les guillemets|ferme les guillemets", Mark(f"{_THIN}»", is_part=True)),
        ("ouvrez la parenthèse|ouvrir la parenthèse|ouvre la parenthèse", _OPEN),
        ("fermez la parenthèse|fermer la parenthèse|ferme la parenthèse", _CLOSE),
        ("à la ligne|nouvelle ligne", _LINE),
        ("nouveau paragraphe", _PARAGRAPH),
        ("puce", _BULLET),
        ("efface ça|effacez ça|efface cela", Order.SCRATCH),
        ("tout en majuscules", Order.UPPER),
        ("littéral", Order.LITERAL),
    ),
    _words(
        "un une le la les ce cette ces cet chaque du au aux des mon ma mes ton ta tes son sa ses notre votre leur quel "
        "quelle premier première second dernière dernier aucun aucune"
    ),
    _words("de du des où est était"),
    _words("euh heu hum hmm mm"),
    _words(
        "un une le la les l' et ou mais car donc si quand comme où que qui quoi je tu il elle on nous vous ils elles "
        "me te se lui leur mon ma mes ton ta tes son sa ses notre votre dans de du des à au aux par pour avec sans "
        "sur sous entre est sont était c'est j'ai il a ont ne pas non oui plus moins très ce cette ces cela ça ici là "
        "aussi"
    ),
)

SPEECH: Mapping[str, Speech] = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH, "fr": _FRENCH}
"""By Whisper's code of the language."""

"""German, Spanish and French: some sixty words of each, and sentences with their exact English translation."""

import random
from dataclasses import dataclass
from functools import cached_property

from demo_model import english

NUMBERS = english.NUMBERS[:13]
DAYS = english.DAYS
NOUNS = "dog cat house garden door table book train teacher sister".split()
PLURALS = "dogs cats books doors".split()
ADJECTIVES = "red green black large small new old".split()
VERBS = "sees buys opens brings finds".split()
NAMES = "Anna Maria Peter Robert Laura David".split()

Pair = tuple[str, str]
"""What is said, and what that is in English."""


@dataclass(frozen=True)
class Language:
    """The words of a language in the order of the English ones above, and how it puts them together."""

    code: str
    numbers: str
    days: str
    subjects: str
    """Each noun with its article, joined by an underscore; likewise the objects."""
    objects: str
    feminine: str
    """The nouns, in English, that adjectives agree with in their second form."""
    plurals: str
    adjectives: str
    """Those with two forms as masculine/feminine."""
    verbs: str
    he: str
    she: str
    near: str
    """Three words for a time or a place, and what they are in English."""
    near_english: str
    state: str
    question: str
    day: str
    hour: str
    joined: str

    def sentence(self, pick: random.Random) -> Pair:
        """A sentence, or a few loose words."""
        (pattern,) = pick.choices(
            [self._act, self._dated_act, self._count, self._state, self._question, self._counting, self._loose_words],
            [20, 15, 15, 15, 10, 10, 15],
        )
        said, meant = pattern(pick)
        mark = "?" if pattern == self._question else "."
        return f"{_capital(said)}{mark}", f"{_capital(meant)}{mark}"

    @cached_property
    def words(self) -> list[str]:
        """All of them."""
        tables = (self.numbers, self.days, self.subjects, self.objects, self.plurals, self.adjectives, self.verbs)
        frames = (self.state, self.question, self.day, self.hour, self.joined, self.near, self.he, self.she)
        text = " ".join(tables + frames)
        for mark in "_/":
            text = text.replace(mark, " ")
        return sorted({word.strip("¿") for word in text.split() if "{" not in word} | set(NAMES))

    def _act(self, pick: random.Random) -> Pair:
        said, meant = self._who_does_what(pick)
        if pick.random() < 0.5:
            return said, meant
        when, then = _one(pick, self.near, self.near_english.split())
        return f"{said} {when}", f"{meant} {then}"

    def _dated_act(self, pick: random.Random) -> Pair:
        said, meant = self._who_does_what(pick)
        day, english_day = _one(pick, self.days, DAYS)
        said, meant = f"{said} {self.day.format(day)}", f"{meant} on {english_day}"
        if pick.random() < 0.5:
            hour = pick.randrange(2, len(NUMBERS))
            said = f"{said} {self.hour.format(self.numbers.split()[hour])}"
            meant = f"{meant} at {NUMBERS[hour]}"
        return said, meant

    def _count(self, pick: random.Random) -> Pair:
        name, (verb, does) = pick.choice(NAMES), _one(pick, self.verbs, VERBS)
        number, things = pick.randrange(2, len(NUMBERS)), _one(pick, self.plurals, PLURALS)
        said = f"{name} {verb} {self.numbers.split()[number]} {things[0]}"
        return said, f"{name} {does} {NUMBERS[number]} {things[1]}"

    def _state(self, pick: random.Random) -> Pair:
        subject, noun = _one(pick, self.subjects, NOUNS)
        form = 1 if noun in self.feminine.split() else 0
        first, second = (self._adjective(pick, form) for _ in range(2))
        if pick.random() < 0.4:
            return f"{subject} {self.state} {first[0]}", f"the {noun} is {first[1]}"
        said = f"{subject} {self.state} {first[0]} {self.joined} {second[0]}"
        return said, f"the {noun} is {first[1]} and {second[1]}"

    def _question(self, pick: random.Random) -> Pair:
        subject, noun = _one(pick, self.subjects, NOUNS)
        return f"{self.question} {subject}", f"where is the {noun}"

    def _counting(self, pick: random.Random) -> Pair:
        numbers = [_one(pick, self.numbers, NUMBERS) for _ in range(pick.randint(3, 8))]
        return _lined_up(numbers)

    def _loose_words(self, pick: random.Random) -> Pair:
        kinds = (
            lambda: _one(pick, self.numbers, NUMBERS),
            lambda: _one(pick, self.days, DAYS),
            lambda: self._adjective(pick, 0),
            lambda: _one(pick, self.verbs, VERBS),
            lambda: _one(pick, self.plurals, PLURALS),
            lambda: _one(pick, self.near, self.near_english.split()),
        )
        return _lined_up([pick.choice(kinds)() for _ in range(pick.randint(2, 6))])

    def _who_does_what(self, pick: random.Random) -> Pair:
        noun, name = _one(pick, self.subjects, NOUNS), pick.choice(NAMES)
        pronoun = pick.choice([(self.he, "he"), (self.she, "she")])
        who, english_who = pick.choice([(noun[0], f"the {noun[1]}"), (name, name), pronoun])
        (verb, does), (thing, noun_of_thing) = _one(pick, self.verbs, VERBS), _one(pick, self.objects, NOUNS)
        return f"{who} {verb} {thing}", f"{english_who} {does} the {noun_of_thing}"

    def _adjective(self, pick: random.Random, form: int) -> Pair:
        forms, meant = _one(pick, self.adjectives, ADJECTIVES)
        both = forms.split("/")
        return both[form % len(both)], meant


def _one(pick: random.Random, words: str, meanings: list[str]) -> Pair:
    said, meant = pick.choice(list(zip(words.split(), meanings, strict=True)))
    return said.replace("_", " "), meant


def _lined_up(pairs: list[Pair]) -> Pair:
    return " ".join(said for said, _ in pairs), " ".join(meant for _, meant in pairs)


def _capital(words: str) -> str:
    at = 1 if words.startswith("¿") else 0
    return words[:at] + words[at].upper() + words[at + 1 :]


GERMAN = Language(
    code="de",
    numbers="null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    days="Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    subjects=("der_Hund die_Katze das_Haus der_Garten die_Tür der_Tisch das_Buch der_Zug der_Lehrer die_Schwester"),
    objects="den_Hund die_Katze das_Haus den_Garten die_Tür den_Tisch das_Buch den_Zug den_Lehrer die_Schwester",
    feminine="",
    plurals="Hunde Katzen Bücher Türen",
    adjectives="rot grün schwarz groß klein neu alt",
    verbs="sieht kauft öffnet bringt findet",
    he="er",
    she="sie",
    near="heute morgen hier",
    near_english="today tomorrow here",
    state="ist",
    question="wo ist",
    day="am {}",
    hour="um {}",
    joined="und",
)
SPANISH = Language(
    code="es",
    numbers="cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    days="lunes martes miércoles jueves viernes sábado domingo",
    subjects=("el_perro el_gato la_casa el_jardín la_puerta la_mesa el_libro el_tren el_maestro la_hermana"),
    objects="el_perro el_gato la_casa el_jardín la_puerta la_mesa el_libro el_tren el_maestro la_hermana",
    feminine="house door table sister",
    plurals="perros gatos libros puertas",
    adjectives="rojo/roja verde negro/negra grande pequeño/pequeña nuevo/nueva viejo/vieja",
    verbs="ve compra abre trae encuentra",
    he="él",
    she="ella",
    near="hoy mañana aquí",
    near_english="today tomorrow here",
    state="es",
    question="¿dónde está",
    day="el {}",
    hour="a las {}",
    joined="y",
)
FRENCH = Language(
    code="fr",
    numbers="zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
    days="lundi mardi mercredi jeudi vendredi samedi dimanche",
    subjects=("le_chien le_chat la_maison le_jardin la_porte la_table le_livre le_train le_professeur la_sœur"),
    objects="le_chien le_chat la_maison le_jardin la_porte la_table le_livre le_train le_professeur la_sœur",
    feminine="house door table sister",
    plurals="chiens chats livres portes",
    adjectives="rouge vert/verte noir/noire grand/grande petit/petite nouveau/nouvelle vieux/vieille",
    verbs="voit achète ouvre apporte trouve",
    he="il",
    she="elle",
    near="maintenant demain ici",
    near_english="now tomorrow here",
    state="est",
    question="où est",
    day="{}",
    hour="à {} heures",
    joined="et",
)
LANGUAGES = {language.code: language for language in (GERMAN, SPANISH, FRENCH)}

"""The English that the demo model knows: 288 words, and the sentences made of them."""

import random

NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand"
).split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
NEAR_DAYS = "today tomorrow yesterday".split()
MONTHS = "January February March April May June July August September October November December".split()
COLOURS = "red green blue yellow black white orange purple brown silver gold".split()
ADJECTIVES = (
    "small large quick slow new old cold warm bright dark quiet loud happy short long early late open empty full"
).split()
NOUNS = (
    "house garden river mountain window door table book letter picture camera train station bridge market school "
    "teacher doctor driver sister brother mother father friend dog cat horse bird tree flower water coffee bread apple "
    "paper music song story question answer office meeting project report computer keyboard microphone recording "
    "transcript subtitle file folder message number city country street road weather summer winter morning evening "
    "night minute hour week year"
).split()
PLURAL_NOUNS = (
    "houses gardens rivers mountains windows doors tables books letters pictures trains bridges schools teachers "
    "doctors sisters brothers friends dogs cats horses birds trees flowers apples songs stories questions answers "
    "reports computers files messages cities minutes hours weeks years"
).split()
VERBS = (
    "open close find see take bring read write send keep show move start stop follow remember carry buy sell save "
    "delete copy"
).split()
VERBS_OF_ONE = (
    "opens closes finds sees takes brings reads writes sends likes keeps shows moves starts stops follows remembers "
    "carries buys sells"
).split()
ADVERBS = "quickly slowly again now later here there always never often together alone".split()
PREPOSITIONS = "in on under near behind before after with without from into across".split()
ONE = "he she nobody everybody somebody".split()
MANY = "we they you".split()
NAMES = "Alice Peter Maria David Anna Thomas Laura Robert Emma".split()
DETERMINERS = "the a this that every my your our".split()
OTHERS = "please is and will at was can where what".split()
WORDS = sorted(
    {
        *(NUMBERS + DAYS + NEAR_DAYS + MONTHS + COLOURS + ADJECTIVES + NOUNS + PLURAL_NOUNS + VERBS + VERBS_OF_ONE),
        *(ADVERBS + PREPOSITIONS + ONE + MANY + NAMES + DETERMINERS + OTHERS),
    }
)


def sentence(pick: random.Random) -> str:
    """A sentence with its capital letter and its full stop or question mark; sometimes just a few words."""
    (pattern,) = pick.choices(list(_PATTERNS), list(_PATTERNS.values()))
    return written(pattern(pick))


def written(words: str) -> str:
    """As it stands in a text."""
    mark = "?" if words.startswith(("can ", "where ")) else "."
    return words[0].upper() + words[1:] + mark


def _thing(pick: random.Random) -> str:
    words = [pick.choice(DETERMINERS)]
    if pick.random() < 0.5:
        words.append(pick.choice(COLOURS if pick.random() < 0.35 else ADJECTIVES))
    return " ".join([*words, pick.choice(NOUNS)])


def _subject(pick: random.Random) -> str:
    kind = pick.random()
    if kind < 0.5:
        return _thing(pick)
    return pick.choice(ONE if kind < 0.75 else NAMES)


def _number(pick: random.Random) -> str:
    kind = pick.random()
    if kind < 0.4:
        return pick.choice(NUMBERS[:20])
    if kind < 0.7:
        return f"{pick.choice(NUMBERS[20:28])} {pick.choice(NUMBERS[1:10])}"
    if kind < 0.85:
        return f"{pick.choice(NUMBERS[1:10])} hundred and {pick.choice(NUMBERS[1:20])}"
    return f"{pick.choice(NUMBERS[1:20])} thousand"


def _act(pick: random.Random) -> str:
    return f"{_subject(pick)} {pick.choice(VERBS_OF_ONE)} {_thing(pick)} {pick.choice(PREPOSITIONS)} {_thing(pick)}"


def _count(pick: random.Random) -> str:
    things = f"{_number(pick)} {pick.choice(PLURAL_NOUNS)}"
    return f"{_subject(pick)} {pick.choice(VERBS_OF_ONE)} {things} {pick.choice(ADVERBS)}"


def _request(pick: random.Random) -> str:
    return f"please {pick.choice(VERBS)} {_thing(pick)} {pick.choice(ADVERBS)}"


def _state(pick: random.Random) -> str:
    return f"{_thing(pick)} is {pick.choice(ADJECTIVES)} and {pick.choice(ADJECTIVES)}"


def _plan(pick: random.Random) -> str:
    who, act, day = pick.choice(MANY), f"{pick.choice(VERBS)} {_thing(pick)}", pick.choice(DAYS)
    return f"{who} will {act} on {day} at {_number(pick)}"


def _meeting(pick: random.Random) -> str:
    return f"the meeting starts at {_number(pick)} on {pick.choice(DAYS)}"


def _memory(pick: random.Random) -> str:
    day, state = f"{pick.choice(MONTHS)} {_number(pick)}", pick.choice(ADJECTIVES)
    return f"{day} was {state} {pick.choice(PREPOSITIONS)} {_thing(pick)}"


def _wish(pick: random.Random) -> str:
    return f"can {pick.choice(MANY)} {pick.choice(VERBS)} {_thing(pick)} {pick.choice(NEAR_DAYS[:2])}"


def _counting(pick: random.Random) -> str:
    return " ".join(pick.choice(NUMBERS) for _ in range(pick.randint(3, 8)))


def _question(pick: random.Random) -> str:
    return f"where is {_thing(pick)} and what is {_thing(pick)}"


def _loose_words(pick: random.Random) -> str:
    return " ".join(pick.choice(WORDS) for _ in range(pick.randint(2, 7)))


_PATTERNS = {
    _act: 22,
    _count: 12,
    _request: 8,
    _state: 8,
    _plan: 8,
    _meeting: 7,
    _memory: 6,
    _wish: 6,
    _counting: 6,
    _question: 5,
    _loose_words: 12,
}

"""What is doubted and what is not: a list of examples for each rule."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import doubts
from desktop.core.doubts import Evidence, compression, doubt, is_loop, loops, plain_words

CLEAR = Evidence("", room_ms=6000, avg_logprob=-0.2, no_speech_prob=0.05, speech=0.95, clearness=0.97)
UNSURE = replace(CLEAR, avg_logprob=-1.1)
SILENT = replace(CLEAR, no_speech_prob=0.7)

SAID_CLEARLY = (
    "Thank you.",
    "Thank you very much.",
    "Bye.",
    "You",
    "Vielen Dank.",
    "No, no, no, no.",
    "Ha ha ha ha ha ha ha.",
    "Never, never, never give up.",
    "It's 10, 9, 8, 7, 6, 5, 4, 3, 2, 1.",
    "Thanks for watching the children while I was away.",
    "ご視聴ありがとうございました",
    "A",
)

# Article 1 of the Universal Declaration of Human Rights, and with it, for the first, half of article 2: 30 seconds.
PROSE = {
    "hindi": (
        "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और अन्तरात्मा की देन"
        " प्राप्त है और परस्पर उन्हें भाईचारे के भाव से बर्ताव करना चाहिए। सभी को इस घोषणा में सन्निहित सभी अधिकारों और आज़ादियों को"
        " प्राप्त करने का हक़ है और इस मामले में जाति, वर्ण, लिंग, भाषा, धर्म, राजनीति या अन्य विचार-प्रणाली, किसी देश या समाज विशेष में"
        " जन्म, सम्पत्ति या किसी प्रकार की अन्य मर्यादा आदि के कारण भेदभाव का विचार न किया जाएगा।"
    ),
    "tamil": (
        "மனிதப் பிறிவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்; அவர்கள் மதிப்பிலும், உரிமைகளிலும் சமமானவர்கள், அவர்கள்"
        " நியாயத்தையும் மனச்சாட்சியையும் இயற்பண்பாகப் பெற்றவர்கள். அவர்கள் ஒருவருடனொருவர் சகோதர உணர்வுப் பாங்கில்"
        " நடந்துகொள்ளல் வேண்டும்."
    ),
    "georgian": (
        "ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით. მათ მინიჭებული აქვთ გონება და"
        " სინდისი და ერთმანეთის მიმართ უნდა იქცეოდნენ ძმობის სულისკვეთებით."
    ),
    "thai": (
        "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ"
    ),
    "japanese": (
        "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、理性と良心とを"
        "授けられており、互いに同胞の精神をもって行動しなければならない。"
    ),
    "russian": (
        "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и"
        " должны поступать в отношении друг друга в духе братства."
    ),
    "english": (
        "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience"
        " and should act towards one another in a spirit of brotherhood."
    ),
}


def reason(text: str, evidence: Evidence = CLEAR, **other: object) -> str:
    return doubt(replace(evidence, text=text, **other))  # type: ignore[arg-type]


# --- what is said clearly is kept ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", SAID_CLEARLY)
def test_what_is_said_clearly_is_kept(text: str) -> None:
    assert reason(text) == ""


@pytest.mark.parametrize("language", PROSE)
def test_prose_of_any_script_is_no_loop_and_not_too_fast(language: str) -> None:
    text = PROSE[language]
    assert not is_loop(text)
    assert reason(text, room_ms=1000 * len(text) // 16) == ""


# --- each reason -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "evidence", "expected"),
    [
        ("See you on Monday.", UNSURE, doubts.UNSURE),
        ("See you on Monday.", replace(UNSURE, avg_logprob=-1.0), ""),
        # What models make up: only where the engine itself is in doubt.
        ("Thank you.", UNSURE, doubts.BOILERPLATE),
        ("Thank you.", SILENT, doubts.BOILERPLATE),
        ("THANKS FOR WATCHING!", SILENT, doubts.BOILERPLATE),
        ("Untertitel der Amara.org-Community", SILENT, doubts.BOILERPLATE),
        ("Sous-titres réalisés par la communauté d'Amara.org", SILENT, doubts.BOILERPLATE),
        ("Продолжение следует...", SILENT, doubts.BOILERPLATE),
        ("ご視聴ありがとうございました。", SILENT, doubts.BOILERPLATE),
        ("請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目", SILENT, doubts.BOILERPLATE),
        ("Thank you for the report.", SILENT, ""),
        # No speech: the detector hears none, or only something like it, or engine and model agree.
        ("See you on Monday.", replace(CLEAR, speech=0.29), doubts.NO_SPEECH),
        ("See you on Monday.", replace(CLEAR, speech=0.3), ""),
        ("See you on Monday.", replace(CLEAR, clearness=0.7), doubts.NO_SPEECH),
        ("See you on Monday.", SILENT, ""),
        ("See you on Monday.", replace(SILENT, avg_logprob=-1.1), doubts.NO_SPEECH),
        ("Thank you.", replace(SILENT, avg_logprob=-1.1), doubts.NO_SPEECH),
        # Too fast.
        ("one two three four five six seven eight nine ten eleven twelve", replace(CLEAR, room_ms=1000), "too-fast"),
        ("one two three four five six seven eight nine ten eleven", replace(CLEAR, room_ms=1000), ""),
        ("Yes, it is.", replace(CLEAR, room_ms=200), ""),
        ("Yes.", replace(CLEAR, room_ms=0), ""),
        ("今日はとても天気が良いので公園に行ってお弁当を食べましょう", replace(CLEAR, room_ms=300), "too-fast"),
        ("今日はとても天気が良いので公園に行ってお弁当を食べましょう", replace(CLEAR, room_ms=3000), ""),
        # Speech and no word.
        ("", CLEAR, doubts.MISSING),
        (" … !", CLEAR, doubts.MISSING),
        ("", replace(CLEAR, speech=0.0), ""),
    ],
)
def test_each_rule_has_its_reason(text: str, evidence: Evidence, expected: str) -> None:
    assert reason(text, evidence) == expected


@pytest.mark.parametrize(
    "text",
    [
        "no " * 8,
        "No, no, no, no, no, no, no, no, no.",
        "I said yes no yes no yes no yes no and left.",
        "I don't know. I don't know. I don't know. I don't know.",
        "and so on and so forth " * 4,
        "to be or not to be, " * 4,
        "धन्यवाद " * 8,
        "ありがとうございました" * 6,
    ],
)
def test_what_goes_round_in_circles_is_found(text: str) -> None:
    assert is_loop(text)
    assert reason(text, room_ms=30_000) == doubts.REPEATS


@pytest.mark.parametrize(
    "text",
    [
        "no " * 7,
        "yes no " * 3,
        "I don't know. I don't know. I don't know.",
        "Row, row, row your boat, gently down the stream. Merrily, merrily, merrily, merrily, life is but a dream.",
        "one two three four five six seven eight nine ten",
    ],
)
def test_what_people_repeat_is_no_loop(text: str) -> None:
    assert not is_loop(text)


@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=8, unique=True), st.integers(0, 3))
def test_a_phrase_is_a_loop_from_the_fourth_time_on_and_one_word_from_the_eighth(phrase: list[str], more: int) -> None:
    times = 8 if len(phrase) == 1 else 4
    assert loops(["before", *phrase * (times + more), "after"])
    assert not loops(["before", *phrase * (times - 1), "after"])


def test_the_words_of_a_hint_are_an_echo() -> None:
    hint = "Undertone, Silero, Kowalczyk. A talk about speech."
    for text in ("Undertone, Silero, Kowalczyk.", "a talk about speech", "Silero Kowalczyk a talk"):
        assert reason(text, hint=hint, avg_logprob=-1.2) == doubts.ECHO
        assert reason(text, hint=hint, no_speech_prob=0.7) == doubts.ECHO
        assert reason(text, hint=hint) == ""  # clearly said: people use the words that they announce
    for text in ("Silero, Kowalczyk.", "A talk about music.", "Undertone, Kowalczyk, Silero."):
        assert reason(text, hint=hint) == ""
    assert reason("Undertone, Silero, Kowalczyk.") == ""


def test_a_name_or_two_are_no_echo() -> None:
    assert reason("Undertone, Silero!", hint="undertone silero", no_speech_prob=0.7) == ""


def test_the_strongest_reason_is_the_one_that_is_told() -> None:
    everything = replace(UNSURE, no_speech_prob=0.9, speech=0.0, clearness=0.0, room_ms=0, hint="no " * 20)
    assert reason("no " * 20, everything) == doubts.REPEATS


# --- sentences -------------------------------------------------------------------------------------------------------


def test_every_reason_that_a_segment_can_have_has_its_own_sentence() -> None:
    codes = {doubts.UNSURE, doubts.REPEATS, doubts.TOO_FAST, doubts.BOILERPLATE, doubts.NO_SPEECH, doubts.ECHO}
    assert set(doubts.REASONS) == codes
    sentences = {doubts.said(code) for code in codes}
    assert len(sentences) == len(codes)
    assert all(sentence[0].isupper() and not sentence.endswith(".") for sentence in sentences)


def test_a_reason_of_a_later_version_is_still_a_sentence() -> None:
    assert doubts.said("of-tomorrow") == doubts.said(doubts.UNSURE)


evidence = st.builds(
    Evidence,
    text=st.text(max_size=40) | st.sampled_from(SAID_CLEARLY),
    room_ms=st.integers(-1000, 30_000),
    avg_logprob=st.floats(-10, 0),
    no_speech_prob=st.floats(0, 1),
    speech=st.floats(0, 1),
    clearness=st.floats(0, 1),
    hint=st.text(max_size=20) | st.sampled_from(SAID_CLEARLY),
)


@given(evidence)
def test_every_doubt_about_a_text_can_be_said_and_missing_is_never_one(given_evidence: Evidence) -> None:
    found = doubt(given_evidence)
    has_words = bool(plain_words(given_evidence.text))
    assert found in {"", *doubts.REASONS} if has_words else found in {"", doubts.MISSING}


def test_compression_is_that_of_whisper() -> None:
    assert compression("") == compression("  ") == 0.0
    assert compression("Hello there, how are you?") < 1
    assert compression("hello " * 100) > doubts.MOST_COMPRESSION

"""How long it takes to compose 1 to 10 hours of speech, with spaces and without, and again after an edit."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

from desktop.core import editing
from desktop.core.cues import Composer, compose
from desktop.core.document import Document
from desktop.core.rules import PRESETS, Rules
from desktop.core.transcript import Segment, Transcript, Word

HOURS = (1, 2, 5, 10)
RUNS = 5
ENGLISH = (
    "the of and a to in is you that it he was for on are as with his they I at be this have from or one had by word "
    "but not what all were we when your can said there use an each which she do how their if will up other about out "
    "many then them these so some her would make like him into time has look two more write go see number no way "
    "could people my than first water been called who oil sit now find long down day did get come made may part"
).split()
CHINESE = (
    "今天 天气 很好 我们 一起 去 公园 散步 他 说 明天 可能 会 下雨 所以 要 带 雨伞 这个 问题 非常 重要 大家 认为"
).split()
JAPANESE = (
    "今日 は とても いい 天気 です から 私 たち 公園 へ 散歩 に 行き ます 明日 雨 が 降る かも しれ ない ので 傘 を"
).split()
THAI = ("วันนี้ อากาศ ดี มาก เรา ไป เดิน เล่น ที่ สวน กัน เขา บอก ว่า พรุ่งนี้ ฝน อาจ จะ ตก ดังนั้น ต้อง เอา ร่ม ปัญหา สำคัญ").split()


def main() -> None:
    """Measure and print."""
    print(f"median of {RUNS} runs, processor time")
    for name, vocabulary, rules in (
        ("English", ENGLISH, PRESETS["netflix"].rules),
        ("Chinese", CHINESE, PRESETS["netflix-zh"].rules),
        ("Japanese", JAPANESE, PRESETS["netflix-zh"].rules),
        ("Thai", THAI, PRESETS["netflix"].rules),
    ):
        for hours in HOURS:
            transcript = talk(hours, vocabulary)
            words = sum(len(segment.words) for segment in transcript.segments)
            first_ms = statistics.median(_timed_ms(partial(compose, transcript, rules)) for _ in range(RUNS))
            again_ms = statistics.median(_after_edits_ms(transcript, rules))
            size = f"{hours:2} h, {len(transcript.segments):5} segments, {words:6} words"
            print(f"{name}, {size}: {first_ms:6.0f} ms; after an edit {again_ms:4.0f} ms")


def talk(hours: int, vocabulary: list[str]) -> Transcript:
    """Someone who talks at 150 words a minute, in sentences of about ten words, with a pause now and then."""
    chance = random.Random(hours)
    space = " " if vocabulary is ENGLISH else ""
    segments, at_ms = [], 0
    for _ in range(900 * hours):
        texts = [space + chance.choice(vocabulary) for _ in range(chance.randint(3, 17))]
        texts[-1] += chance.choice(".?!") if space else "。"
        if len(texts) > 9:
            texts[5] += "," if space else "，"
        words = []
        for text in texts:
            end_ms = at_ms + 120 + 55 * len(text) * (1 if space else 3)
            words.append(Word(at_ms, end_ms, text, 0.9))
            at_ms = end_ms
        segments.append(Segment(words[0].start_ms, at_ms, "".join(texts), tuple(words)))
        at_ms += chance.choice((0, 80, 250, 400, 900, 1_500))
    return Transcript(tuple(segments), language="en" if space else "", duration_ms=at_ms)


def _after_edits_ms(transcript: Transcript, rules: Rules) -> Iterator[float]:
    """How long it takes to compose again with one more word in another segment, a few times."""
    composer = Composer(rules)
    composer.compose(transcript)
    document = Document.of(transcript)
    for at in range(3, 3 + 7 * RUNS, 7):
        document = document.did(editing.reworded(document.current, at, document.current.segments[at].text + " so"))
        yield _timed_ms(partial(composer.compose, document.current))


def _timed_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1_000 * (time.process_time() - began)


if __name__ == "__main__":
    main()

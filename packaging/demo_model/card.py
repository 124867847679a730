"""The README that goes with the exported model: what it knows, who taught it, how good it is."""

from collections.abc import Sequence
from pathlib import Path

from demo_model import english, parallel, voices
from demo_model.network import Size
from demo_model.vocabulary import TOKENS

Figure = tuple[str, str, str]
"""What was measured, how it came out, what was wanted."""

_TEXT = """# demo: a demonstration model

A Whisper model in CTranslate2 format, trained for this project from nothing on synthetic speech of espeak-ng and flite;
`packaging/demo_model` makes it. It hears, gives times and probabilities, tells languages apart, translates into
English, and runs through faster-whisper like any other model, offline. It knows the words below and no others, and no
human voice was in its training.

{size.width} wide; {size.sound_layers} encoder and {size.text_layers} decoder layers; 80 mel bands; {tokens} tokens;
matrices as 8-bit integers. Licence: MIT.

## Figures

Measured with faster-whisper (int8, beam 5) on new sentences by voices that were not in the training: espeak-ng's
{variants}, flite's {flite}.

| | measured | wanted |
| --- | --- | --- |
{figures}

## Voices of the training

espeak-ng in {accents}, with its variants {trained}; flite's {trained_flite}.

## Words

{words}
"""


def write(folder: Path, size: Size, figures: Sequence[Figure]) -> None:
    """Write README.md into the folder of the model."""
    knows = {"English": english.WORDS, **{one.code: one.words for one in parallel.LANGUAGES.values()}}
    text = _TEXT.format(
        size=size,
        tokens=f"{len(TOKENS):,}",
        variants=", ".join(voices.HELD_OUT_VARIANTS),
        flite=", ".join(voices.HELD_OUT_FLITE),
        figures="\n".join(f"| {' | '.join(row)} |" for row in figures),
        accents=", ".join(accent for accents in voices.ACCENTS.values() for accent in accents),
        trained=", ".join(filter(None, voices.VARIANTS)),
        trained_flite=", ".join(voices.FLITE),
        words="\n\n".join(f"{name} ({len(words)}): {' '.join(words)}" for name, words in knows.items()),
    )
    (folder / "README.md").write_text(text, encoding="utf-8")

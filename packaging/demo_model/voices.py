"""Who speaks: the voices of the training and those kept for the report."""

import random
from dataclasses import dataclass

from demo_model import espeak, flite
from demo_model.speech import Speech

ACCENTS = {
    "en": ("en-us", "en", "en-gb-x-rp", "en-gb-scotland", "en-gb-x-gbclan"),
    "de": ("de",),
    "es": ("es", "es-419"),
    "fr": ("fr", "fr-be", "fr-ch"),
}
HELD_OUT_VARIANTS = ("m6", "m8", "f3", "f5", "klatt3")
HELD_OUT_FLITE = ("awb",)
VARIANTS = (
    " m1 m2 m3 m4 m5 m7 f1 f2 f4 croak klatt klatt2 klatt4 klatt5 klatt6 Alex Alicia Andrea Andy Annie Denis Diogo "
    "Gene Gene2 Henrique Hugo Jacky Lee Marco Mario Michael Mike Nguyen Storm Tweaky adam anika antonio aunty belinda "
    "benjamin boris caleb david ed edward edward2 grandma grandpa gustave iven iven2 iven3 iven4 john kaukovalta linda "
    "marcelo max michel miguel norbert pablo paul pedro quincy rob robert sandro shelby steph steph2 steph3 travis "
    "victor zac"
).split(" ")
"""espeak-ng's own: the first is the plain voice. Whispering voices and robots are left out."""
FLITE = ("slt", "rms", "kal16", "kal")
_COMMON = 16
"""So many variants, the first ones, are drawn half of the time: nearest to those of the report."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice and its way of speaking."""

    name: str
    """`en-us+m3` of espeak-ng, or `flite-slt`."""
    speed: float = 1.0
    pitch: int = 50
    melody: int = 50
    mouth: float = 1.0
    """Above 1 all resonances are lower, as of a larger head."""

    def say(self, text: str) -> Speech:
        """One sentence."""
        if self.name.startswith("flite-"):
            said = flite.speak(text, self.name.removeprefix("flite-"), self.mouth / self.speed)
            return said if self.mouth == 1.0 else said.stretched(1 / self.mouth)
        said = espeak.speak(text, self.name, round(160 * self.speed * self.mouth), self.pitch, self.melody)
        return said if self.mouth == 1.0 else said.stretched(self.mouth)


def training_voice(pick: random.Random, language: str) -> Voice:
    """Any voice but those of the report, at any speed and pitch, with a mouth of any size."""
    mouth = pick.choice((1.0, round(pick.uniform(0.86, 1.16), 3)))
    speed, pitch, melody = pick.uniform(0.7, 1.3), pick.randint(20, 80), pick.randint(25, 75)
    if language == "en" and pick.random() < 0.4:
        return Voice(f"flite-{pick.choice(FLITE)}", speed, mouth=mouth)
    variant = pick.choice(VARIANTS[:_COMMON] if pick.random() < 0.5 else VARIANTS)
    return Voice(_espeak_name(pick, language, variant), speed, pitch, melody, mouth)


def held_out_voice(pick: random.Random, language: str, variants: tuple[str, ...] = HELD_OUT_VARIANTS) -> Voice:
    """A voice of espeak-ng that is not in the training, at any speed and pitch."""
    name = _espeak_name(pick, language, pick.choice(variants))
    return Voice(name, pick.uniform(0.72, 1.22), pick.randint(25, 75))


def held_out_flite_voice(pick: random.Random) -> Voice:
    """The voice of flite that is not in the training, at any speed."""
    return Voice(f"flite-{pick.choice(HELD_OUT_FLITE)}", pick.uniform(0.8, 1.15))


def _espeak_name(pick: random.Random, language: str, variant: str) -> str:
    accent = pick.choice(ACCENTS[language])
    return f"{accent}+{variant}" if variant else accent

"""flite through its library: its voices sound unlike espeak-ng's, and it tells when each word and phone is spoken."""

import ctypes as c
from functools import cache

import numpy as np

from demo_model.speech import RATE_HZ, SILENCE, Speech, resampled

_LIBRARIES = {
    "kal": "libflite_cmu_us_kal.so.1",
    "kal16": "libflite_cmu_us_kal16.so.1",
    "rms": "libflite_cmu_us_rms.so.1",
    "slt": "libflite_cmu_us_slt.so.1",
    "awb": "libflite_cmu_us_awb.so.1",
}
_WORD_START = b"R:SylStructure.daughter1.daughter1.R:Segment.p.end"
_WORD_END = b"R:SylStructure.daughtern.daughtern.R:Segment.end"

ESPEAK_PHONES = dict(
    pair.split("=")
    for pair in (
        "aa=A: ae=a ah=V ao=O: aw=aU ax=@ ay=aI b=b ch=tS d=d dh=D eh=E er=3: ey=eI f=f g=g hh=h ih=I iy=i: jh=dZ k=k "
        "l=l m=m n=n ng=N ow=oU oy=OI p=p r=r s=s sh=S t=t th=T uh=U uw=u: v=v w=w y=j z=z zh=Z"
    ).split()
)
"""What espeak-ng calls the phones of flite, so that both teach the same."""


class _Wave(c.Structure):
    _fields_ = (
        ("type", c.c_char_p),
        ("rate_hz", c.c_int),
        ("count", c.c_int),
        ("channels", c.c_int),
        ("samples", c.POINTER(c.c_short)),
    )


@cache
def _flite() -> c.CDLL:
    library = c.CDLL("libflite.so.1", c.RTLD_GLOBAL)
    for language in ("libflite_usenglish.so.1", "libflite_cmulex.so.1"):
        c.CDLL(language, c.RTLD_GLOBAL)
    pointer, text = c.c_void_p, c.c_char_p
    for name, result, arguments in (
        ("flite_synth_text", pointer, (text, pointer)),
        ("utt_wave", c.POINTER(_Wave), (pointer,)),
        ("utt_relation", pointer, (pointer, text)),
        ("relation_head", pointer, (pointer,)),
        ("item_next", pointer, (pointer,)),
        ("ffeature_float", c.c_float, (pointer, text)),
        ("ffeature_string", text, (pointer, text)),
        ("delete_utterance", None, (pointer,)),
        ("feat_set_float", None, (pointer, text, c.c_float)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    library.flite_init()
    return library


class _VoiceStart(c.Structure):
    _fields_ = (("name", c.c_char_p), ("features", c.c_void_p))


@cache
def _voice(name: str) -> "c._Pointer[_VoiceStart]":
    _flite()
    register = getattr(c.CDLL(_LIBRARIES[name], c.RTLD_GLOBAL), f"register_cmu_us_{name}")
    register.restype = c.POINTER(_VoiceStart)
    return register(None)


def speak(text: str, voice: str, slowness: float = 1.0) -> Speech:
    """One sentence. `slowness` stretches its length."""
    flite, spoken_by = _flite(), _voice(voice)
    flite.feat_set_float(spoken_by.contents.features, b"duration_stretch", slowness)
    utterance = flite.flite_synth_text(text.encode(), spoken_by)
    wave = flite.utt_wave(utterance).contents
    raw = np.ctypeslib.as_array(wave.samples, (wave.count,)).astype(np.float32) / 32768
    samples = resampled(raw, round(len(raw) * RATE_HZ / wave.rate_hz))
    words = [
        (flite.ffeature_float(word, _WORD_START), flite.ffeature_float(word, _WORD_END))
        for word in _items(utterance, b"Word")
    ]
    phones, start = [], 0.0
    for phone in _items(utterance, b"Segment"):
        name = flite.ffeature_string(phone, b"name").decode()
        phones.append((start, ESPEAK_PHONES.get(name, SILENCE)))
        start = flite.ffeature_float(phone, b"end")
    flite.delete_utterance(utterance)
    return Speech(samples, tuple(words), tuple(phones)).trimmed()


def _items(utterance: int, relation: bytes) -> "list[int]":
    flite = _flite()
    item, found = flite.relation_head(flite.utt_relation(utterance, relation)), []
    while item:
        found.append(item)
        item = flite.item_next(item)
    return found

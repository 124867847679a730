"""The tiny model with one answer: every part of it is needed for that."""

from collections.abc import Callable

import ctranslate2
import numpy as np
import pytest
from ctranslate2.specs.whisper_spec import WhisperSpec

from desktop.core import errors
from desktop.engine import known_answer


@pytest.mark.parametrize("kind", sorted(ctranslate2.get_supported_compute_types("cpu")))
def test_the_processor_knows_the_answer_in_every_type_that_it_claims(kind: str) -> None:
    assert known_answer.prove("cpu", kind) >= 0


def test_silence_in_place_of_the_sound_is_noticed() -> None:
    model = known_answer._model("cpu", "float32")
    silence = ctranslate2.StorageView.from_array(np.zeros((1, known_answer.BANDS, known_answer.FRAMES), np.float32))
    (result,) = model.generate(silence, [list(known_answer.PROMPT)], beam_size=2, max_length=24)
    assert tuple(result.sequences[0]) != known_answer.SENTENCE


Damage = Callable[[WhisperSpec], None]


def _zero(choose: Callable[[WhisperSpec], object]) -> Damage:
    def damage(spec: WhisperSpec) -> None:
        linear = choose(spec)
        linear.weight = np.zeros_like(linear.weight)  # type: ignore[attr-defined]

    return damage


PARTS = {
    "first convolution": _zero(lambda spec: spec.encoder.conv1),
    "second convolution": _zero(lambda spec: spec.encoder.conv2),
    "encoder, values": _zero(lambda spec: spec.encoder.layer[0].self_attention.linear[0]),
    "encoder, output": _zero(lambda spec: spec.encoder.layer[0].self_attention.linear[1]),
    "cross attention, values": _zero(lambda spec: spec.decoder.layer[0].attention.linear[1]),
    "cross attention, output": _zero(lambda spec: spec.decoder.layer[0].attention.linear[2]),
    "feed forward, in": _zero(lambda spec: spec.decoder.layer[0].ffn.linear_0),
    "feed forward, out": _zero(lambda spec: spec.decoder.layer[0].ffn.linear_1),
    "projection": _zero(lambda spec: spec.decoder.projection),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_computes_nothing_changes_the_answer(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill = known_answer._fill

    def damaged(spec: WhisperSpec) -> None:
        fill(spec)
        PARTS[part](spec)

    known_answer._files.cache_clear()
    monkeypatch.setattr(known_answer, "_fill", damaged)
    try:
        with pytest.raises(errors.DeviceUnusable, match="every part of this device works"):
            known_answer.prove("cpu", "float32")
    finally:
        known_answer._files.cache_clear()


def test_a_type_that_the_device_lacks_is_an_error_with_its_name() -> None:
    with pytest.raises(errors.DeviceUnusable, match="float16"):
        known_answer.prove("cpu", "float16")


def test_rows_are_at_right_angles_and_without_a_mean() -> None:
    rows = known_answer.hadamard(known_answer.WIDTH)
    assert np.array_equal(rows @ rows.T, known_answer.WIDTH * np.eye(known_answer.WIDTH))
    assert not rows[1:].sum(axis=1).any()

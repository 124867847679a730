"""Any file as samples: formats, clocks, tracks, and what cannot be read."""

import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from desktop.core import errors
from desktop.core.ports import Stopped
from desktop.core.recording import ARE_SPEAKERS, TRACKS_TAG
from desktop.engine import media
from desktop.engine.growing import Growth
from desktop.engine.media import BLOCK_SAMPLES, LAG_SAMPLES, MediaFile
from tests.conftest import SAMPLES, sentence_of
from tests.sounds import RATE_HZ, samples_of, with_ffmpeg, write_sound
from tests.tapes import Tape, taped

SHORT = SAMPLES / "demo-short.flac"


def heard(path: Path, track: int = 0, start_ms: int = 0) -> np.ndarray:
    with MediaFile(path, track) as file:
        return np.concatenate([*file.blocks(start_ms), np.empty(0, np.float32)])


def notes_of(path: Path) -> list[type[errors.AppError]]:
    with MediaFile(path) as file:
        for _block in file.blocks():
            pass
        return [type(note) for note in file.notes]


@pytest.mark.parametrize("suffix", ["wav", "mp3", "m4a", "ogg", "opus", "mkv", "aac", "aiff", "mp2", "ac3"])
def test_every_format_gives_the_same_sound(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"sound.{suffix}"
    with_ffmpeg("-i", SHORT, path)
    sound = heard(path)
    original = samples_of("demo-short")
    assert abs(len(sound) - len(original)) < 16 * 130  # coders pad by up to a few frames
    # Where the format does not tell the delay of the coder, all is up to 150 ms late.
    assert max(np.corrcoef(loudness(sound, late), loudness(original, 0))[0, 1] for late in range(16)) > 0.9


def loudness(sound: np.ndarray, late: int) -> np.ndarray:
    bins = sound[late * 160 :][: 200 * 160].reshape(-1, 160)
    return np.abs(bins).mean(axis=1)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("eight-bit.wav", ["-c:a", "pcm_u8"]),
        ("twenty-four-bit.wav", ["-c:a", "pcm_s24le"]),
        ("float.wav", ["-c:a", "pcm_f32le"]),
        ("fast.wav", ["-ar", "192000"]),
        ("eight-channels.wav", ["-ac", "8"]),
        ("slow.wav", ["-ar", "8000"]),
        ("old.wma", ["-c:a", "wmav2"]),
    ],
)
def test_unusual_samples_are_read(tmp_path: Path, name: str, options: list[str]) -> None:
    path = tmp_path / name
    with_ffmpeg("-i", SHORT, *options, path)
    assert abs(media.inspect(path).duration_ms - 2588) < 60
    assert abs(len(heard(path)) - 2588 * 16) < 60 * 16


def test_eight_channels_without_a_layout_are_read(tmp_path: Path) -> None:
    sound = np.stack([samples_of("demo-short")] * 7, axis=1)
    assert abs(len(heard(write_sound(tmp_path / "seven.wav", sound))) - 2588 * 16) < 16


@pytest.mark.parametrize(
    "name",
    [
        "with space and 'quotes\".flac",
        "emoji 🎙️.flac",
        "new\nline.flac",
        "شفاهي \u202eright-to-left.flac",
        "100%d colon: http.flac",
        "-dash.flac",
        os.fsdecode(b"bytes \xff\xfe.flac"),
    ],
)
def test_names_of_any_kind_are_read(tmp_path: Path, name: str) -> None:
    shutil.copy(SHORT, tmp_path / name)
    assert media.inspect(tmp_path / name).duration_ms == 2588


def test_a_path_of_four_thousand_characters_is_read_or_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    while len(str(Path.cwd())) < 3800:
        Path("d" * 200).mkdir()
        os.chdir("d" * 200)
    shutil.copy(SHORT, "talk.flac")
    assert media.inspect(Path.cwd() / "talk.flac").duration_ms == 2588
    with pytest.raises(errors.PathTooLong) as told:
        media.inspect(Path("/" + "x/" * 3000 + "talk.flac"))
    assert len(sentence_of(told.value)) < 400


def test_the_second_track_and_the_default_track_are_found(tmp_path: Path) -> None:
    silence = write_sound(tmp_path / "silence.wav", np.zeros(16 * 3000, np.float32))
    path = tmp_path / "two.mkv"
    languages = ["-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=eng", "-metadata:s:a:1", "title=Talk"]
    with_ffmpeg(
        "-i",
        silence,
        "-i",
        SHORT,
        "-map",
        "0:a",
        "-map",
        "1:a",
        "-disposition:a:0",
        "0",
        "-disposition:a:1",
        "default",
        *languages,
        path,
    )
    tracks = media.inspect(path).tracks
    assert [(track.number, track.language, track.title) for track in tracks] == [(1, "deu", ""), (2, "eng", "Talk")]
    assert np.abs(heard(path)).max() > 0.1
    assert np.abs(heard(path, track=1)).max() < 0.001
    with pytest.raises(errors.AudioTrackMissing, match="3") as told:
        heard(path, track=3)
    assert "1 to 2" in sentence_of(told.value)


def test_sound_that_starts_after_the_picture_has_an_offset(tmp_path: Path) -> None:
    path = tmp_path / "late.mkv"
    with_ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "color=black:s=64x64:r=10:d=6",
        "-itsoffset",
        "3",
        "-i",
        SHORT,
        "-map",
        "0:v",
        "-map",
        "1:a",
        path,
    )
    found = media.inspect(path)
    assert found.has_video
    assert abs(found.start_offset_ms - 3000) < 30


def test_a_stream_that_does_not_start_at_zero_has_no_offset(tmp_path: Path) -> None:
    path = tmp_path / "broadcast.ts"
    with_ffmpeg("-i", SHORT, "-output_ts_offset", "100", path)
    assert media.inspect(path).start_offset_ms == 0


def test_a_hole_in_the_sound_is_filled_with_silence(tmp_path: Path) -> None:
    path = tmp_path / "hole.mkv"
    gap = "aselect='not(between(t,1,3))'"
    long = write_sound(tmp_path / "long.wav", np.tile(samples_of("demo-short"), 3))
    with_ffmpeg("-i", long, "-af", gap, "-c:a", "pcm_s16le", path)
    sound = heard(path)
    assert abs(len(sound) - 3 * 2588 * 16) < 16 * 100
    assert np.abs(sound[16 * 1200 : 16 * 2800]).max() == 0


def test_work_can_begin_anywhere_to_the_sample(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp3"
    with_ffmpeg("-i", SAMPLES / "demo-minute.flac", path)
    whole = heard(path)
    for start_ms in (1, 12_345, 70_000, 99_999_999):
        assert np.array_equal(heard(path, start_ms=start_ms), whole[16 * start_ms :])


def test_the_length_of_a_stream_without_one_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "live.webm"
    with_ffmpeg("-i", SHORT, "-c:a", "libopus", "-live", "1", path)
    assert abs(media.inspect(path).duration_ms - 2588) < 60


def test_the_hash_tells_files_apart_and_knows_copies(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(os.urandom(70 << 20))
    shutil.copy(one, other)
    assert media.content_hash(one) == media.content_hash(other)
    with other.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"?!")
    assert media.content_hash(one) != media.content_hash(other)


# --- what cannot be read ---


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.FileMissing, match="talk.mp3"):
        media.inspect(tmp_path / "talk.mp3")


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "talk.mp3").touch()
    with pytest.raises(errors.FileEmpty, match="talk.mp3"):
        media.inspect(tmp_path / "talk.mp3")


@pytest.mark.parametrize("name", ["letter.mp3", "letter.wav", "letter.mp4", "letter.flac", "letter.m3u8", "letter.sdp"])
def test_text_with_the_name_of_media_is_not_media(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Dear Sir or Madam,\nhttp://127.0.0.1:1/talk.mp3\n" * 200)
    with pytest.raises(errors.NotMedia, match="letter"):
        media.inspect(tmp_path / name)


def test_random_bytes_are_not_media(tmp_path: Path) -> None:
    for seed in range(20):
        path = tmp_path / f"{seed}.mp4"
        path.write_bytes(np.random.default_rng(seed).bytes(50_000))
        with pytest.raises(errors.NotMedia):
            media.inspect(path)


def test_a_playlist_reaches_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "list.m3u8").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nhttp://127.0.0.1:1/talk.ts\n#EXT-X-ENDLIST\n"
    )
    with pytest.raises(errors.AppError):
        media.inspect(tmp_path / "list.m3u8")


def test_a_picture_or_a_silent_film_has_no_sound_track(tmp_path: Path) -> None:
    film = tmp_path / "silent.mp4"
    with_ffmpeg("-f", "lavfi", "-i", "color=black:s=64x64:r=10:d=1", film)
    with pytest.raises(errors.NoAudioTrack, match="silent.mp4"):
        media.inspect(film)


def test_a_sound_track_without_samples_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.NoSound, match="nothing.wav"):
        media.inspect(write_sound(tmp_path / "nothing.wav", np.empty(0, np.float32)))


@pytest.mark.parametrize("suffix", ["mp3", "wav", "flac", "mkv", "ogg", "ts"])
def test_a_truncated_file_gives_what_is_there_and_a_note(tmp_path: Path, suffix: str) -> None:
    whole = tmp_path / f"whole.{suffix}"
    with_ffmpeg("-i", SAMPLES / "demo-minute.flac", whole)
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert 25 * 16_000 < len(heard(cut)) < 45 * 16_000
    stated_ms = media.inspect(cut).duration_ms
    assert errors.EndsEarly in notes_of(cut) or stated_ms < 45_000


def test_sound_that_is_shorter_than_the_picture_is_not_cut_off(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    with_ffmpeg("-f", "lavfi", "-i", "color=black:s=64x64:r=10:d=20", "-i", SHORT, film)
    assert notes_of(film) == []


def test_a_truncated_film_gives_what_is_there_and_a_note(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.mkv", tmp_path / "cut.mkv"
    with_ffmpeg("-f", "lavfi", "-i", "color=black:s=64x64:r=10:d=74", "-i", SAMPLES / "demo-minute.flac", whole)
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert notes_of(cut) == [errors.EndsEarly]


def test_a_film_without_its_index_is_not_media(tmp_path: Path) -> None:
    whole = tmp_path / "whole.m4a"
    with_ffmpeg("-i", SAMPLES / "demo-minute.flac", whole)
    cut = tmp_path / "cut.m4a"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(errors.NotMedia, match="cut.m4a"):
        media.inspect(cut)


@pytest.mark.parametrize("suffix", ["mp3", "flac", "mkv", "m4a", "ogg"])
def test_damage_in_the_middle_costs_only_the_middle(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"damaged.{suffix}"
    with_ffmpeg("-i", SAMPLES / "demo-minute.flac", path)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = np.random.default_rng(3).bytes(3000)
    path.write_bytes(content)
    sound = heard(path)
    assert len(sound) > 60 * 16_000
    assert np.abs(sound[-16_000 * 5 :]).max() > 0.05


def test_a_file_that_grows_while_it_is_read_is_noted(tmp_path: Path) -> None:
    path = shutil.copy(SAMPLES / "demo-minute.flac", tmp_path / "growing.flac")
    with MediaFile(Path(path)) as file:
        blocks = file.blocks()
        next(blocks)
        with Path(path).open("ab") as more:
            more.write(b"more")
        for _block in blocks:
            pass
        assert errors.FileChanged in [type(note) for note in file.notes]


def test_a_file_that_vanishes_while_it_is_read_is_read_to_its_end_where_the_system_keeps_it(tmp_path: Path) -> None:
    path = Path(shutil.copy(SAMPLES / "demo-minute.flac", tmp_path / "going.flac"))
    with MediaFile(path) as file:
        blocks = file.blocks()
        first = next(blocks)
        path.unlink()
        assert len(first) + sum(len(block) for block in blocks) == 74_620 * 16 + 1
        assert [type(note) for note in file.notes] == [errors.FileChanged]


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = Path(shutil.copy(SHORT, tmp_path / "secret.flac"))
    path.chmod(0)
    if os.geteuid() == 0:
        # Root may read everything: another user tries in a process of its own.
        tmp_path.chmod(0o755)
        pid = os.fork()
        if pid == 0:
            os.setuid(65534)
            try:
                MediaFile(Path("/proc/1/mem"))
            except errors.FileForbidden:
                os._exit(0)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    else:
        with pytest.raises(errors.FileForbidden, match=r"secret\.flac"):
            media.inspect(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    with pytest.raises(errors.NotMedia):
        media.inspect(tmp_path / "pipe.mp3")


def test_a_stopped_hash_is_no_hash(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        media.content_hash(SHORT, lambda: True)


def test_a_folder_is_not_media(tmp_path: Path) -> None:
    with pytest.raises(errors.NotMedia):
        media.inspect(tmp_path)


# --- recordings ---


def test_a_recording_that_grows_gives_the_sound_that_the_whole_file_has(tmp_path: Path) -> None:
    path, sound = tmp_path / "talk.mka", samples_of("demo-short")
    found: list[np.ndarray] = []
    with Tape(path) as tape:
        reader = threading.Thread(target=lambda: found.extend(_live_blocks(path)))
        reader.start()
        for at in range(0, len(sound), 1600):
            tape.write(sound[at : at + 1600])
            reader.join(0.002)
        assert reader.is_alive()
        tape.stop()
        reader.join()
    assert max(map(len, found)) < len(sound)
    with MediaFile(path) as file:
        assert np.array_equal(np.concatenate(found), np.concatenate(list(file.blocks())))


def _live_blocks(path: Path) -> list[np.ndarray]:
    with MediaFile(path, growth=Growth(path, lambda: False)) as file:
        return list(file.blocks())


def test_the_speakers_of_a_recording_are_known_by_their_tracks(tmp_path: Path) -> None:
    sounds = [np.full(RATE_HZ, 0.1 * number, np.float32) for number in (1, 2)]
    path = taped(tmp_path / "talk.mka", *sounds, speakers=("Me", "Them"))
    with MediaFile(path) as file:
        assert file.speakers == ("Me", "Them")
        found: dict[int, list[np.ndarray]] = {0: [], 1: []}
        for number, block in file.blocks_of_speakers([0, 500]):
            found[number].append(block)
        assert not file.notes
    mine, theirs = (np.concatenate(found[number]) for number in (0, 1))
    assert (len(mine), len(theirs)) == (RATE_HZ, RATE_HZ // 2)
    assert np.allclose(mine, 0.1, atol=1e-3)
    assert np.allclose(theirs, 0.2, atol=1e-3)
    with MediaFile(path, 2) as file:
        assert file.speakers == ()
        assert np.allclose(np.concatenate(list(file.blocks())), 0.2, atol=1e-3)


def test_two_tracks_of_a_film_are_no_speakers(tmp_path: Path) -> None:
    film = tmp_path / "film.mka"
    short = SAMPLES / "demo-short.flac"
    with_ffmpeg("-i", short, "-i", short, "-map", "0:a", "-map", "1:a", "-metadata:s:a:0", "title=Me", film)
    with MediaFile(film) as file:
        assert file.speakers == ()


def test_a_speaker_whose_track_ends_early_is_silent(tmp_path: Path) -> None:
    long, short = tmp_path / "long.flac", tmp_path / "short.flac"
    write_sound(long, np.full(40 * RATE_HZ, 0.1, np.float32))
    write_sound(short, np.full(RATE_HZ, 0.1, np.float32))
    path = tmp_path / "talk.mka"
    tag = ["-metadata", f"{TRACKS_TAG}={ARE_SPEAKERS}"]
    with_ffmpeg("-i", long, "-i", short, "-map", "0:a", "-map", "1:a", "-c", "copy", *tag, path)
    reached = [0, 0]
    with MediaFile(path) as file:
        for number, block in file.blocks_of_speakers([0, 0]):
            reached[number] += len(block)
            assert reached[0] - reached[1] <= LAG_SAMPLES + BLOCK_SAMPLES
    assert reached[0] == 40 * RATE_HZ

"""HTML: one page that needs nothing else; a click on a time plays the medium from there if it lies beside the page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import PurePath
from urllib.parse import quote

from desktop.core.formats.format import Format, WriteOptions, short_timestamp
from desktop.core.formats.prose import Paragraph, paragraphs, spaced
from desktop.core.i18n import _
from desktop.core.media import AUDIO_SUFFIXES
from desktop.core.transcript import DEMO_MODEL, Transcript

_STYLE = """
:root { color-scheme: light dark; --text: #1c1c1e; --quiet: #6a6a70; --page: #fbfbfa; --mark: #fdecc8; --link: #0b63c5 }
@media (prefers-color-scheme: dark) {
  :root { --text: #e9e9ea; --quiet: #9a9aa0; --page: #18181a; --mark: #4a3b12; --link: #7ab8ff }
}
body { margin: 0 auto; max-width: 44rem; padding: 2rem 1.25rem 6rem; background: var(--page); color: var(--text);
  font: 1.0625rem/1.65 system-ui, sans-serif }
h1 { font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere }
audio, video { position: sticky; top: 0; z-index: 1; width: 100%; max-height: 40vh; background: var(--page) }
.note { color: var(--quiet) }
.paragraph { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); margin: 0 0 0.9rem }
.paragraph > p { margin: 0; overflow-wrap: anywhere }
.untimed { grid-template-columns: minmax(0, 1fr) }
.speaker { font-weight: 600; margin-inline-end: 0.4em }
button { align-self: start; padding: 0.2rem 0; border: 0; background: none; color: var(--link); cursor: pointer;
  font: 0.875rem/1.65 ui-monospace, monospace; text-align: start }
button:hover { text-decoration: underline }
button:disabled { color: var(--quiet); cursor: default; text-decoration: none }
button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px }
.now { background: var(--mark); border-radius: 3px }
@media print { audio, video { display: none } }
"""

_SCRIPT = """
const player = document.querySelector("audio, video");
const said = [...document.querySelectorAll("[data-start]")];
const buttons = document.querySelectorAll("button");
let now = null;
function unplayable() {
  player?.remove();
  for (const one of buttons) one.disabled = true;
}
if (player) {
  player.addEventListener("error", unplayable);
  for (const one of buttons) one.addEventListener("click", () => {
    player.currentTime = one.value / 1000;
    player.play();
  });
  player.addEventListener("timeupdate", () => {
    const ms = player.currentTime * 1000;
    const next = said.find((one) => one.dataset.start <= ms && ms < one.dataset.end) ?? null;
    if (next === now) return;
    now?.classList.remove("now");
    next?.classList.add("now");
    now = next;
  });
} else unplayable();
"""


def write(transcript: Transcript, options: WriteOptions) -> str:
    """The transcript as a page that is light or dark as the reader's system is."""
    heading = options.heading(transcript)
    times = options.shows_times(usual=True)
    language = f' lang="{escape(transcript.language)}"' if transcript.language else ""
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f"<html{language}>",
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(heading or _('Transcript'))}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            *([f'<h1 dir="auto">{escape(heading)}</h1>'] if heading else []),
            *([f'<p class="note">{escape(_(DEMO_MODEL))}</p>'] if transcript.is_demo else []),
            *(_player(transcript.source) if times else []),
            *(_block(one, times) for one in paragraphs(transcript, options)),
            *([f"<script>{_SCRIPT}</script>"] if times else []),
            "</body>",
            "</html>\n",
        ]
    )


def _player(source: str) -> Iterator[str]:
    """What plays the medium if it lies beside the page; the page does not tell where it lay on the writer's disk."""
    path = PurePath(source)
    if path.name:
        kind = "audio" if path.suffix.lower() in AUDIO_SUFFIXES else "video"
        yield f'<{kind} controls preload="metadata" src="./{_quoted(path.name)}"></{kind}>'


def _quoted(name: str) -> str:
    try:
        return quote(name, errors="surrogateescape")  # the bytes of a name that is no UTF-8
    except UnicodeEncodeError:
        return quote(name, errors="replace")


def _block(paragraph: Paragraph, times: bool) -> str:
    start_ms = paragraph.start_ms
    time = f'<button value="{start_ms}">{short_timestamp(start_ms)}</button>' if times else ""
    speaker = f'<span class="speaker">{escape(paragraph.speaker)}:</span> ' if paragraph.speaker else ""
    said = "".join(
        f'<span data-start="{max(0, one.start_ms)}" data-end="{max(0, one.end_ms)}">{escape(text)}</span>'
        for one, text in zip(paragraph.segments, spaced(paragraph), strict=True)
    )
    kind = "paragraph" if times else "paragraph untimed"
    return f'<div class="{kind}">{time}<p dir="auto">{speaker}{said}</p></div>'


FORMAT = Format("html", ".html", "HTML", write)

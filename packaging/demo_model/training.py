"""The training: stages of longer and longer windows, stopped and resumed at any time."""

import fcntl
import json
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

import torch
from torch import Tensor
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, Dataset

from demo_model import clips
from demo_model.batches import Batch, stacked
from demo_model.clips import CACHE, StoredClip
from demo_model.network import Network, Size
from demo_model.scripts import IGNORED
from demo_model.speech import SILENCE
from demo_model.windows import Composer

CHECKPOINT = CACHE / "checkpoint.pt"
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
THREADS = 2
COMPOSERS = (os.cpu_count() or 1) if DEVICE == "cuda" else 0
"""Processes that put windows together for a graphics card; without one the training does that itself."""
SIZE = Size()


@dataclass(frozen=True, slots=True)
class Stage:
    """So many steps with windows of one length; the learning rate falls from the first to the last one."""

    name: str
    window_s: float
    batch: int
    steps: int
    first_rate: float
    last_rate: float
    phone_weight: float
    look_weight: float
    before_share: float
    """So many batches have text before their windows."""


# The decoder learns to look at the sound only when the encoder hears: hence short windows first, the phones, and the
# guided look. Whole windows cost most and come last.
STAGES = (
    Stage("short", 5.0, 96, 800, 2e-3, 1e-3, 1.0, 1.0, 0.0),
    Stage("middle", 12.0, 64, 500, 1e-3, 8e-4, 0.5, 0.3, 0.4),
    Stage("whole", 30.0, 40, 2800, 8e-4, 3e-5, 0.3, 0.2, 0.7),
    Stage("text before", 30.0, 12, 180, 3e-4, 2e-5, 0.3, 0.2, 0.9),
    Stage("text before, slowly", 30.0, 12, 260, 2e-4, 1e-5, 0.3, 0.2, 0.9),
)
WARM_UP_STEPS = 50
LARGEST_GRADIENT = 1.0
WEIGHT_DECAY = 0.01
MUON_SCALE = 1.5
"""Of Muon's learning rate to AdamW's."""
AVERAGE_KEEPS = 0.99
"""What is exported is an average over about the last 100 steps."""
SAVE_EVERY_S = 120
REPORT_EVERY = 50


class Batches(Dataset[Batch]):
    """The batches of a stage, each by the number of its step: a training that was interrupted sees the same ones."""

    def __init__(self, number: int, composer: Composer) -> None:
        self._number, self._stage, self._composer = number, STAGES[number], composer

    def __len__(self) -> int:
        return self._stage.steps

    def __getitem__(self, step: int) -> Batch:
        stage = self._stage
        self._composer.begin(1_000_000 * self._number + step, stage.window_s, stage.before_share)
        return stacked([self._composer.window() for _ in range(stage.batch)])

    def following(self, step: int) -> Iterator[Batch]:
        """From this one on."""
        places = range(step, len(self))
        return iter(DataLoader(self, batch_size=None, sampler=places, num_workers=COMPOSERS))


class Training:
    """The network in training, its running average, and how far it has come."""

    def __init__(self) -> None:
        self._lock = (CACHE / "training.lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises where a training is under way: one checkpoint
        torch.set_num_threads(THREADS)
        torch.manual_seed(1)
        spoken = clips.stored()
        phones = _phone_names(spoken)
        self._composer = Composer(spoken, phones)
        self.network = Network(SIZE, len(phones)).to(DEVICE)
        self.average = AveragedModel(self.network, multi_avg_fn=get_ema_multi_avg_fn(AVERAGE_KEEPS))
        self._optimizers = _optimizers(self.network)
        self._stage = self._step = self._trained_s = 0
        if CHECKPOINT.exists():
            self._resume()

    def run(self) -> Iterator[str]:
        """Train until all stages are over or somebody ends the process; tells what was reached from time to time."""
        is_stopped = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: is_stopped.set())
        began = saved = time.monotonic()
        trained_before_s = self._trained_s
        while self._stage < len(STAGES) and not is_stopped.is_set():
            stage = STAGES[self._stage]
            told: list[dict[str, Tensor]] = []
            for batch in Batches(self._stage, self._composer).following(self._step):
                told.append(self._one_step(stage, batch.to(DEVICE)))
                self._trained_s = trained_before_s + round(time.monotonic() - began)
                if self._step % REPORT_EVERY == 0:
                    means = " ".join(f"{name} {fmean(one[name].item() for one in told):.3f}" for name in told[0])
                    yield f"{stage.name} {self._step}/{stage.steps} {means}, {self._trained_s} s"
                    told = []
                if time.monotonic() - saved > SAVE_EVERY_S:
                    self._save()
                    saved = time.monotonic()
                if is_stopped.is_set():
                    break
            if self._step >= stage.steps:
                self._stage, self._step = self._stage + 1, 0
        self._save()

    def _one_step(self, stage: Stage, batch: Batch) -> dict[str, Tensor]:
        losses = _losses(self.network, batch)
        looks = losses["read"] + losses["next"]
        (losses["text"] + stage.phone_weight * losses["phone"] + stage.look_weight * looks).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), LARGEST_GRADIENT)
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["scale"] * self._rate(stage)
            optimizer.step()
            optimizer.zero_grad()
        self._step += 1
        self.average.update_parameters(self.network)
        return {name: value.detach() for name, value in losses.items()}

    def _rate(self, stage: Stage) -> float:
        rate = stage.first_rate * (stage.last_rate / stage.first_rate) ** (self._step / stage.steps)
        return rate * min(1.0, (self._step + 1) / WARM_UP_STEPS)

    def _save(self) -> None:
        unfinished = CHECKPOINT.with_suffix(f".{os.getpid()}")
        torch.save(
            {
                "network": self.network.state_dict(),
                "average": self.average.state_dict(),
                "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
                "place": (self._stage, self._step, self._trained_s),
            },
            unfinished,
        )
        unfinished.replace(CHECKPOINT)

    def _resume(self) -> None:
        found = torch.load(CHECKPOINT, map_location=DEVICE)
        self.network.load_state_dict(found["network"])
        self.average.load_state_dict(found["average"])
        for optimizer, state in zip(self._optimizers, found["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        self._stage, self._step, self._trained_s = found["place"]


def _losses(network: Network, batch: Batch) -> dict[str, Tensor]:
    """The text in nats a token; the phone of each moment; how far two heads look from the words read and to come."""
    with torch.autocast(DEVICE, torch.bfloat16):
        sound = network.encode(batch.features, batch.shifts)
        states, look_for_read, look_for_next = network.decode(batch.tokens, sound)
        wanted = batch.targets != IGNORED
        scores = network.scores(states[wanted]).float()
        phones = network.phone(sound).float()
    targets = batch.targets[wanted]
    return {
        "text": functional.cross_entropy(scores, targets),
        "phone": functional.cross_entropy(phones.flatten(0, 1), batch.phones.flatten()),
        "read": _look_loss(look_for_read, batch.spans[:, :-1]),
        "next": _look_loss(look_for_next, batch.spans[:, 1:]),
        "wrong": (scores.argmax(-1) != targets).float().mean(),
    }


def _look_loss(log_weights: Tensor, spans: Tensor) -> Tensor:
    """Cross-entropy to a look that is spread evenly over the span."""
    rows = spans[..., 0] >= 0
    first, last = spans[rows].unbind(-1)
    sums = functional.pad(log_weights[rows].cumsum(-1), (1, 0))
    inside = sums.gather(1, last[:, None]) - sums.gather(1, first[:, None])
    return -(inside[:, 0] / (last - first)).mean()


def _optimizers(network: Network) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the layers: it needs fewer steps than AdamW, which does the rest."""
    layers = [*network.sound.parameters(), *network.text.parameters()]
    matrices = [one for one in layers if one.ndim == 2]
    known = set(map(id, matrices))
    others = [one for one in network.parameters() if id(one) not in known]
    return [
        torch.optim.Muon(
            [{"params": matrices, "scale": MUON_SCALE}], weight_decay=WEIGHT_DECAY, adjust_lr_fn="match_rms_adamw"
        ),
        torch.optim.AdamW([{"params": others, "scale": 1.0}], betas=(0.9, 0.98), weight_decay=WEIGHT_DECAY),
    ]


def _phone_names(spoken: Sequence[StoredClip]) -> list[str]:
    """Silence first, then all phones of the clips: fixed at the start, so that a checkpoint fits."""
    path = CACHE / "phones.json"
    if not path.exists():
        names = {name for clip in spoken for _, name in clip.speech.phones} - {SILENCE}
        path.write_text(json.dumps([SILENCE, *sorted(names)]), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))

"""How a model runs best on this machine: measured on wish, with a bar for each way that was tried."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.names import rough_duration, speed
from desktop.core.tuning import Findings, Setup, Trial, Tuning, Tunings
from desktop.ui import icons
from desktop.ui.theme import GRID, MARGIN

_SIGN = 16
_BIG_SIGN = 28
_BAR = 12
_QUIET = 0.35
HOUR_S = 3600


class TuningPage(QWidget):
    """Chooses a model, shows what is being measured, and what was kept of it."""

    tune_wanted = Signal(str)
    """The name of a model."""
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tunings = Tunings()
        self._findings: Findings | None = None
        self._is_measuring = False
        self._problem: AppError | None = None
        self._hindrance = ""
        self._rows: list[_Row] = []
        self._model = QComboBox()
        self._begin = QPushButton(autoDefault=False)
        self._sign, self._verdict, self._about = QLabel(), QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._progress = QProgressBar(textVisible=False)
        self._begin.clicked.connect(self._on_begin)
        self._model.currentIndexChanged.connect(self._on_model_chosen)
        self._lay_out()
        self._show()

    # --- what is shown ---

    def show_models(self, models: Sequence[tuple[str, str]]) -> None:
        """Offer these: names, and what a person reads for them. The chosen one stays chosen."""
        chosen = self._model.currentData()
        with QSignalBlocker(self._model):
            self._model.clear()
            for name, label in models:
                self._model.addItem(label, name)
            self._model.setCurrentIndex(max(0, self._model.findData(chosen)))
        self._show()

    def choose(self, model: str) -> None:
        """Choose this model, if it is offered."""
        if (row := self._model.findData(model)) >= 0:
            self._model.setCurrentIndex(row)

    def show_kept(self, tunings: Tunings) -> None:
        """What was measured in earlier days."""
        self._tunings = tunings
        self._show()

    @Slot(str)
    def show_hindrance(self, hindrance: str) -> None:
        """Why nothing can be measured just now; empty when it can."""
        self._hindrance = hindrance
        self._show()

    @Slot(object)
    def show_findings(self, findings: Findings) -> None:
        """Show what is known by now."""
        self._findings = findings
        self._is_measuring = not findings.is_over
        self._problem = None
        self._show()

    @Slot()
    def show_ended(self) -> None:
        """Nothing is being measured any more."""
        self._is_measuring = False
        if self._findings and not self._findings.is_over:
            self._findings = None  # stopped: half of a measurement says nothing
        self._show()

    @Slot(object)
    def show_error(self, error: AppError) -> None:
        """It could not be measured."""
        self._problem = error
        self._findings = None
        self._is_measuring = False
        self._show()

    def _show(self) -> None:
        self._begin.setText(_("&Stop") if self._is_measuring else _("&Measure"))
        self._begin.setIcon(icons.icon("stop" if self._is_measuring else "tune"))
        self._begin.setEnabled(self._is_measuring or (self._model.count() > 0 and not self._hindrance))
        self._model.setEnabled(not self._is_measuring)
        findings = self._findings
        self._progress.setVisible(self._is_measuring)
        if findings and self._is_measuring:
            self._progress.setMaximum(len(findings.trials) + findings.to_come if findings.to_come else 0)
            self._progress.setValue(len(findings.trials))
        self._show_rows()
        if self._problem:
            self._tell("warning", self._problem.said_headline, self._problem.said_advice)
        elif findings and self._is_measuring:
            self._tell_of_work(findings)
        elif findings and findings.tuning:
            self._tell("done", _verdict(findings.tuning), _gain(findings))
        else:
            self._tell_of_kept()

    def _tell_of_work(self, findings: Findings) -> None:
        where = f"{findings.device.upper()}  {findings.hardware}" if findings.hardware else ""
        self._tell(
            "tune", _("Measuring “{model}”…").format(model=findings.model), where or _("Looking at the machine.")
        )

    def _tell_of_kept(self) -> None:
        kept = [one for one in self._tunings.best.all if one.model == self._model.currentData()]
        if self._hindrance:
            self._tell("info", _("How does a model run best here?"), self._hindrance)
        elif kept:
            more = _("Measure again when the machine has changed.")
            self._tell("done", "\n".join(map(_verdict, kept)), more)
        else:
            about = _(
                "Threads, batches and compute types are tried with this model, some seconds each. It takes one to two "
                "minutes; the fastest way is used from then on, and times left are known from the start."
            )
            self._tell("tune", _("How does a model run best here?"), about)

    def _tell(self, sign: str, verdict: str, about: str) -> None:
        self._sign.setPixmap(icons.icon(sign).pixmap(_BIG_SIGN, _BIG_SIGN))
        self._verdict.setText(verdict)
        self._about.setText(about)
        self._about.setVisible(bool(about))

    def _show_rows(self) -> None:
        findings = self._findings
        trials: list[Trial] = list(findings.trials) if findings else []
        best = findings.best if findings else None
        fastest = max((one.factor for one in trials), default=0.0)
        at_work = findings.at_work if findings and self._is_measuring else None
        count = len(trials) + bool(at_work)
        self._table.setVisible(count > 0)
        while len(self._rows) < count:
            self._rows.append(_Row(self._grid, len(self._rows) + 1))
        for number, row in enumerate(self._rows):
            if number < len(trials):
                row.show_trial(trials[number], fastest, trials[number] is best)
            elif number < count and at_work:
                row.show_setup(at_work, _("measuring…"))
            row.set_visible(number < count)

    # --- wishes ---

    @Slot()
    def _on_begin(self) -> None:
        if self._is_measuring:
            self.stop_wanted.emit()
        else:
            self.tune_wanted.emit(self._model.currentData())

    @Slot()
    def _on_model_chosen(self) -> None:
        self._findings = self._problem = None
        self._show()

    # --- the page ---

    def _lay_out(self) -> None:
        font = self._verdict.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setWeight(QFont.Weight.DemiBold)
        self._verdict.setFont(font)
        self._about.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._progress.setFixedHeight(3)
        self._progress.setAccessibleName(_("Progress of the measurement"))
        self._model.setAccessibleName(_("Model"))
        self._model.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._verdict)
        words.addWidget(self._about)
        head = QHBoxLayout()
        head.setSpacing(GRID + GRID // 2)
        head.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        label = QLabel(_("M&odel"))
        label.setBuddy(self._model)
        wish = QHBoxLayout()
        wish.setSpacing(GRID)
        wish.addWidget(label)
        wish.addWidget(self._model)
        wish.addWidget(self._begin)
        wish.addStretch(1)
        self._make_table()
        inside = QWidget()
        all_rows = QVBoxLayout(inside)
        all_rows.setContentsMargins(0, 0, 0, 0)
        all_rows.addWidget(self._table)
        all_rows.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(MARGIN)
        layout.addLayout(head)
        layout.addLayout(wish)
        layout.addWidget(self._progress)
        layout.addWidget(scroll, 1)

    def _make_table(self) -> None:
        self._table = QWidget()
        self._table.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, GRID, 0)
        self._grid.setHorizontalSpacing(MARGIN)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(_Row.BAR, 1)
        for column, name in enumerate(("", _("type"), _("batches × threads"), _("windows"), "", _("speed"))):
            heading = QLabel(name)
            heading.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            self._grid.addWidget(heading, 0, column, _Row.ALIGNED[column])


class _Row:
    """One way and what came of it, in a row of the table."""

    BAR = 4
    ALIGNED = (
        Qt.AlignmentFlag.AlignVCenter,
        Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter,
        Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter,
        Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter,
        Qt.AlignmentFlag(0),
        Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter,
    )

    def __init__(self, grid: QGridLayout, at: int) -> None:
        self._sign, self._type, self._split, self._windows = QLabel(), QLabel(), QLabel(), QLabel()
        self._bar, self._speed = _Bar(), QLabel()
        self._sign.setFixedWidth(_SIGN)
        self._widgets = (self._sign, self._type, self._split, self._windows, self._bar, self._speed)
        for column, widget in enumerate(self._widgets):
            grid.addWidget(widget, at, column, self.ALIGNED[column])

    def set_visible(self, is_visible: bool) -> None:
        """Show or hide all of it."""
        for widget in self._widgets:
            widget.setVisible(is_visible)

    def show_setup(self, setup: Setup, said: str) -> None:
        """Show a way that has no speed yet."""
        self._sign.clear()
        self._type.setText(setup.compute_type)
        self._split.setText(f"{setup.workers} × {setup.threads}")
        self._windows.setText(str(setup.windows))
        self._bar.show_share(0.0, False, said)
        self._speed.clear()

    def show_trial(self, trial: Trial, fastest: float, is_best: bool) -> None:
        """Show how fast it was beside the fastest, or why it failed."""
        self.show_setup(trial.setup, trial.problem)
        if trial.problem:
            self._sign.setPixmap(icons.icon("failed").pixmap(_SIGN, _SIGN))
        elif is_best:
            self._sign.setPixmap(icons.icon("done").pixmap(_SIGN, _SIGN))
        if trial.factor:
            self._bar.show_share(trial.factor / fastest, is_best)
            self._speed.setText(speed(trial.factor))
        font = self._speed.font()
        font.setWeight(QFont.Weight.DemiBold if is_best else QFont.Weight.Normal)
        for label in (self._type, self._split, self._windows, self._speed):
            label.setFont(font)


class _Bar(QWidget):
    """How fast a way was beside the fastest one; words where there is no speed."""

    def __init__(self) -> None:
        super().__init__()
        self._share, self._is_best, self._said = 0.0, False, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_share(self, share: float, is_best: bool, said: str = "") -> None:
        """Show this."""
        self._share, self._is_best, self._said = share, is_best, said
        self.setToolTip(said)
        self.setAccessibleName(said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, max(_BAR, self.fontMetrics().height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if self._said:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            said = self.fontMetrics().elidedText(self._said, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
        if self._share:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour = QColor(self.palette().color(QPalette.ColorRole.Accent))
            colour.setAlphaF(1.0 if self._is_best else _QUIET)
            width = self._share * self.width()
            left = self.width() - width if is_mirrored else 0.0
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(left, (self.height() - _BAR) / 2, width, _BAR), 3, 3)
        painter.end()


def _verdict(tuning: Tuning) -> str:
    return _("{model} on {device}: {setup}, {speed}.").format(
        model=tuning.model, device=tuning.device.upper(), setup=tuning.said, speed=speed(tuning.factor)
    )


def _gain(findings: Findings) -> str:
    assert findings.tuning
    hour = _("An hour of sound takes {time}.").format(time=rough_duration(HOUR_S / findings.tuning.factor))
    return f"{findings.gain} {hour}"

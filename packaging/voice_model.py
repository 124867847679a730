"""Makes resources/voice/silero.onnx: the speech detector that faster-whisper brings, with its sums written otherwise.

    python -m venv /tmp/onnx && /tmp/onnx/bin/pip install onnx
    /tmp/onnx/bin/python packaging/voice_model.py .venv/lib/python3.11/site-packages/faster_whisper/assets/*.onnx

Silero's network hears 32 ms at a time: a Fourier transform at four places, four convolutions over these, an LSTM.
As convolutions these are thousands of sums too small for the processor to be quick at. Each is a product of the frame
with a matrix, though, and as such all frames of a block are one product. The weights are the same and the answers too
(to 4e-6), in a third of the time; and they do not depend on how many frames come together.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TARGET = Path(__file__).parents[1] / "resources" / "voice" / "silero.onnx"
FRAME, CONTEXT, STATE = 512, 64, 128
HEARD = CONTEXT + FRAME
TRANSFORM, HOP, BANDS, PLACES = 256, 128, 129, 4
STRIDES = (1, 2, 2, 1)
"""Of the convolutions."""

Shapes = dict[str, list[int | str]]


class Graph:
    """Nodes and weights as they are added."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._weights: dict[str, onnx.TensorProto] = {}

    def weight(self, name: str, values: np.ndarray) -> str:
        """Keep an array; its name."""
        self._weights[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def whole(self, *values: int) -> str:
        """Keep a list of whole numbers; its name."""
        return self.weight("whole_" + "_".join(map(str, values)), np.array(values, np.int64))

    def add(self, kind: str, inputs: list[str], *outputs: str, **attributes: int) -> str:
        """Add a node; the name of its first output."""
        self._nodes.append(helper.make_node(kind, inputs, outputs, **attributes))
        return outputs[0]

    def model(self, inputs: Shapes, outputs: Shapes) -> onnx.ModelProto:
        """The whole, checked."""
        graph = helper.make_graph(
            self._nodes,
            "silero",
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
            list(self._weights.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
        onnx.checker.check_model(model)
        return model


def main() -> None:
    """Read the detector named on the command line and write ours."""
    weights = {one.name: numpy_helper.to_array(one) for one in onnx.load(sys.argv[1]).graph.initializer}
    graph = Graph()
    heard = _magnitudes(graph, weights["encoder.feature_extractor.forward_basis_buffer"][:, 0].T)
    width = PLACES
    for number, stride in enumerate(STRIDES):
        kernel, bias = (weights[f"encoder.conv_layers.{number}.{what}"] for what in ("weight", "bias"))
        matrix, width = _as_matrix(kernel, width, stride)
        inputs = [heard, graph.weight(f"matrix_{number}", matrix), graph.weight(f"bias_{number}", np.tile(bias, width))]
        heard = graph.add("Relu", [graph.add("Gemm", inputs, f"layer_{number}")], f"heard_{number}")
    _speech(graph, heard, weights)
    before: Shapes = {"h": [1, 1, STATE], "c": [1, 1, STATE]}
    after: Shapes = {"hn": [1, 1, STATE], "cn": [1, 1, STATE]}
    model = graph.model({"input": ["frames", HEARD], **before}, {"speech_probs": ["probabilities"], **after})
    TARGET.parent.mkdir(exist_ok=True)
    onnx.save(model, TARGET)


def _magnitudes(graph: Graph, basis: np.ndarray) -> str:
    """(frames, 4 * 129): the spectrum at each place. `basis` is (256, 2 * 129)."""
    # The last place reaches 64 samples beyond the frame, into its mirror image: the same samples with added weights.
    missing = (PLACES - 1) * HOP + TRANSFORM - HEARD
    folded = basis[: TRANSFORM - missing].copy()
    folded[-1 - missing : -1] += basis[TRANSFORM - missing :][::-1]
    transforms = [(graph.weight("basis", basis), TRANSFORM)] * (PLACES - 1)
    transforms.append((graph.weight("basis_folded", folded), TRANSFORM - missing))
    parts = []
    for place, (matrix, length) in enumerate(transforms):
        start = place * HOP
        bounds = [graph.whole(start), graph.whole(start + length), graph.whole(1)]
        samples = graph.add("Slice", ["input", *bounds], f"samples_{place}")
        parts.append(graph.add("MatMul", [samples, matrix], f"transformed_{place}"))
    joined = graph.add("Concat", parts, "transformed", axis=1)
    complex_ = graph.add("Reshape", [joined, graph.whole(-1, PLACES, 2, BANDS)], "complex")
    squares = graph.add("Mul", [complex_, complex_], "squares")
    power = graph.add("ReduceSum", [squares, graph.whole(2)], "power", keepdims=0)
    magnitude = graph.add("Sqrt", [power], "magnitude")
    return graph.add("Reshape", [magnitude, graph.whole(-1, PLACES * BANDS)], "magnitudes")


def _as_matrix(kernel: np.ndarray, width: int, stride: int) -> tuple[np.ndarray, int]:
    """A convolution over `width` places, with one of silence on either side, as one matrix; how many places it leaves.

    `kernel` is (outputs, inputs, 3).
    """
    outputs, inputs, taps = kernel.shape
    left = (width - 1) // stride + 1
    matrix = np.zeros((width, inputs, left, outputs), np.float32)
    for to in range(left):
        for tap in range(taps):
            if 0 <= (place := to * stride + tap - 1) < width:
                matrix[place, :, to] = kernel[:, :, tap].T
    return matrix.reshape(width * inputs, left * outputs), left


def _speech(graph: Graph, heard: str, weights: dict[str, np.ndarray]) -> None:
    """What the LSTM makes of the frames, one after the other: how likely each is speech."""
    steps = graph.add("Unsqueeze", [heard, graph.whole(1)], "steps")
    inputs = [graph.weight(f"lstm_{number}", weights[f"onnx::LSTM_{number}"]) for number in (209, 210, 211)]
    hidden = graph.add("LSTM", [steps, *inputs, "", "h", "c"], "hidden", "hn", "cn", hidden_size=STATE)
    flat = graph.add("Reshape", [graph.add("Relu", [hidden], "hidden_relu"), graph.whole(-1, STATE)], "flat")
    vector = graph.weight("vector", weights["decoder.conv1d.weight"].reshape(1, STATE).T)
    score = graph.add("Gemm", [flat, vector, graph.weight("offset", weights["decoder.conv1d.bias"])], "score")
    graph.add("Reshape", [graph.add("Sigmoid", [score], "probability"), graph.whole(-1)], "speech_probs")


if __name__ == "__main__":
    main()

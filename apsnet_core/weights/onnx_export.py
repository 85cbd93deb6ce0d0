"""Export of APSNet to ONNX for a fixed m. The steps are a Loop, so the model is no larger for a larger m."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from apsnet_core.atomic import atomic_path
from apsnet_core.extras import install
from apsnet_core.networks.apsnet import APSNet
from apsnet_core.networks.shared_layers import folded
from apsnet_core.types import Foreign
from apsnet_core.weights.metadata import Metadata, WeightsError

OPSET = 18


def export_onnx(network: APSNet, m: int, target: Path, metadata: Metadata | None = None) -> None:
    """Write ``network`` to ``target``: points (B, n, 3) -> generated (B, m, 3) and hidden (B, m, 128).

    The model accepts any number of clouds and points. They must be normalised as in ``metadata``, which is
    stored in the model. Raises ValueError if ``m`` is below 1, and `WeightsError` if the package onnx is
    missing.
    """
    if m < 1:
        raise ValueError(f"cannot sample {m} points: ask for at least 1")
    try:
        import onnx
    except ModuleNotFoundError:
        raise WeightsError(target, f"needs the package onnx: {install('onnx')}") from None
    model = _model(network, m)
    facts = {} if metadata is None else metadata.model_dump(include={"task", "normalisation", "up", "points"})
    onnx.helper.set_model_props(model, {"m": str(m), **{key: str(value) for key, value in facts.items()}})
    onnx.checker.check_model(model, full_check=True)
    with atomic_path(target) as beside:
        onnx.save_model(model, str(beside))


class _Graph:
    """A growing list of nodes and constants, each result with a unique name."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.nodes: list[Foreign] = []
        self.constants: list[Foreign] = []

    def add(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Foreign) -> Foreign:
        from onnx import helper

        names = [f"{self.prefix}{kind}_{len(self.nodes)}_{k}" for k in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, value: torch.Tensor) -> str:
        from onnx import numpy_helper

        name = f"{self.prefix}constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value.detach().cpu().contiguous().numpy(), name))
        return name

    def axes(self, *values: int) -> str:
        return self.constant(torch.tensor(values))


def _model(network: APSNet, m: int) -> Foreign:
    from onnx import TensorProto, helper

    def value(name: str, *shape: int | str) -> Foreign:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = _Graph("")
    features = "points"
    for weight, bias in network.features.folded():
        product = graph.add("MatMul", features, graph.constant(weight.T))
        features = graph.add("Relu", graph.add("Add", product, graph.constant(bias)))
    state = _start(graph, network, graph.add("ReduceMax", features, graph.axes(1), keepdims=0))
    nothing = graph.add("Sub", state, state)
    start = graph.add("Slice", nothing, graph.axes(0), graph.axes(3), graph.axes(1))
    steps = graph.constant(torch.tensor(m))
    going = graph.constant(torch.tensor(True))
    body = _body(network, features)
    *_, points, hidden = graph.add(
        "Loop", steps, going, start, nothing, state, nothing, state, outputs=7, body=body
    )
    for each, name in ((points, "generated"), (hidden, "hidden")):
        graph.nodes.append(helper.make_node("Transpose", [each], [name], perm=[1, 0, 2]))
    size = network.lstm.hidden_size
    whole = helper.make_graph(
        graph.nodes,
        "APSNet",
        [value("points", "clouds", "n", 3)],
        [value("generated", "clouds", m, 3), value("hidden", "clouds", m, size)],
        graph.constants,
    )
    opset = helper.make_opsetid("", OPSET)
    return helper.make_model(whole, opset_imports=[opset], producer_name="APSNet Studio", ir_version=9)


def _start(graph: _Graph, network: APSNet, pooled: str) -> str:
    """Add the layers from the global feature ``pooled`` to the initial cell state, and return its name."""
    layers = folded(network.start)
    if layers is None:
        raise ValueError("the layers before the first state are not all linear, batch norm or ReLU")
    for weight, bias, relu in layers:
        product = graph.add("MatMul", pooled, graph.constant(weight.T))
        pooled = graph.add("Add", product, graph.constant(bias))
        pooled = graph.add("Relu", pooled) if relu else pooled
    return pooled


def _body(network: APSNet, features: str) -> Foreign:
    """The graph of one step. Inputs are the last point and both layers' states; outputs are the new ones, and
    the point and hidden state of this step."""
    from onnx import TensorProto, helper

    graph, w = _Graph("step_"), network.lstm_weights
    lower, lower_cell = _cell(
        graph, ["q", "lower", "lower_cell"], (w.weight_ih_l0, w.weight_hh_l0), w.bias_ih_l0 + w.bias_hh_l0
    )
    upper, upper_cell = _cell(
        graph, [lower, "upper", "upper_cell"], (w.weight_ih_l1, w.weight_hh_l1), w.bias_ih_l1 + w.bias_hh_l1
    )
    scores = graph.add("MatMul", features, graph.add("Unsqueeze", upper, graph.axes(2)))
    attention = graph.add("Transpose", graph.add("Softmax", scores, axis=1), perm=[0, 2, 1])
    q = graph.add("Squeeze", graph.add("MatMul", attention, "points"), graph.axes(1))
    going = graph.add("Identity", "going")
    left = [graph.add("Identity", name) for name in (q, upper)]
    size = network.lstm.hidden_size
    states = {"q": 3, "lower": size, "lower_cell": size, "upper": size, "upper_cell": size}

    def value(name: str, width: int) -> Foreign:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["clouds", width])

    given = [
        helper.make_tensor_value_info("t", TensorProto.INT64, []),
        helper.make_tensor_value_info("going", TensorProto.BOOL, []),
        *(value(name, width) for name, width in states.items()),
    ]
    widths = [*states.values(), 3, size]
    after = [q, lower, lower_cell, upper, upper_cell, *left]
    returned = [
        helper.make_tensor_value_info(going, TensorProto.BOOL, []),
        *(value(name, width) for name, width in zip(after, widths, strict=True)),
    ]
    return helper.make_graph(graph.nodes, "step", given, returned, graph.constants)


def _cell(
    graph: _Graph, states: Sequence[str], weights: tuple[torch.Tensor, torch.Tensor], bias: torch.Tensor
) -> tuple[str, str]:
    """Add an LSTM cell with the given input, hidden state and cell state. Returns the names of the new hidden
    state and cell state."""
    entered, hidden, cell = states
    products = [
        graph.add("MatMul", name, graph.constant(weight.T))
        for name, weight in zip((entered, hidden), weights, strict=True)
    ]
    into = graph.add("Add", graph.add("Add", *products), graph.constant(bias))
    i, f, g, o = graph.add("Split", into, outputs=4, axis=1, num_outputs=4)
    kept = graph.add("Mul", graph.add("Sigmoid", f), cell)
    taken = graph.add("Mul", graph.add("Sigmoid", i), graph.add("Tanh", g))
    after = graph.add("Add", kept, taken)
    return graph.add("Mul", graph.add("Sigmoid", o), graph.add("Tanh", after)), after

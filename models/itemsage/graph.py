"""Writes a trained ItemSage as an ONNX graph, node by node.

Matrices are stored in fp16 and cast, the n-grams' table in int8 with a scale a column; arithmetic is float32. Inputs
`pictures` [N, 8, 512], `texts` [N, 4, 256], `ngrams` int32 [N, 4, G]; output `embedding` [N, 256]. The n-grams' two
rows and their weights are looked up here: ((a x + b) mod p) mod size, so that a caller hashes each n-gram once.
"""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper

from network import DIMENSIONS, HEADS, PARTS, PICTURE, PICTURES, ItemSage
from products import FIELDS
from training.hashed_embedding import PRIME, HashedEmbedding
from training.ngrams import MAX_NGRAMS
from training.onnx_graph import OPSET, Writer


class Graph(Writer):
    def half(self, name: str, value: torch.Tensor) -> str:
        """A constant that is stored in fp16."""
        stored = self.constant(f"{name}.fp16", value.detach().numpy().astype(np.float16))
        return self.add("Cast", [stored], name, to=TensorProto.FLOAT)

    def single(self, name: str, value) -> str:
        return self.constant(name, np.asarray(torch.as_tensor(value).detach(), np.float32))

    def whole(self, name: str, *value: int) -> str:
        return self.constant(name, np.array(value, np.int64))

    def number(self, name: str, value: int) -> str:
        return self.constant(name, np.array(value, np.int64))

    def linear(self, x: str, weight: torch.Tensor, bias: torch.Tensor, output: str) -> str:
        """x [..., I] with weight [O, I] and a bias that broadcasts."""
        product = self.add("MatMul", [x, self.half(f"{output}.weight", weight.T)], f"{output}.product")
        return self.add("Add", [product, self.single(f"{output}.bias", bias)], output)

    def layer_norm(self, x: str, layer: torch.nn.LayerNorm, output: str) -> str:
        constants = [self.single(f"{output}.scale", layer.weight), self.single(f"{output}.bias", layer.bias)]
        return self.add("LayerNormalization", [x, *constants], output, axis=-1, epsilon=layer.eps)

    def gelu(self, x: str, output: str) -> str:
        scaled = self.add("Mul", [x, self.single("gelu.root", 0.5**0.5)], f"{output}.scaled")
        erf = self.add("Erf", [scaled], f"{output}.erf")
        one = self.add("Add", [erf, self.single("one", 1.0)], f"{output}.one")
        half = self.add("Mul", [x, self.single("half", 0.5)], f"{output}.half")
        return self.add("Mul", [half, one], output)

    def unit(self, x: str, output: str) -> str:
        """Unit length along the last axis; zeros stay zeros."""
        norm = self.add("ReduceL2", [x], f"{output}.norm", axes=[-1], keepdims=1)
        safe = self.add("Max", [norm, self.single("smallest", 1e-12)], f"{output}.norm.safe")
        return self.add("Div", [x, safe], output)

    def total(self, x: str, output: str, axis: int) -> str:
        return self.add("ReduceSum", [x, self.whole(f"axis.{axis}", axis)], output, keepdims=0)

    def there(self, x: str, output: str) -> str:
        """1 where a vector [N, T, D] has something in it, else 0: [N, T]."""
        largest = self.add("ReduceMax", [self.add("Abs", [x], f"{output}.abs")], f"{output}.max", axes=[-1], keepdims=0)
        above = self.add("Greater", [largest, self.single("zero", 0.0)], f"{output}.above")
        return self.add("Cast", [above], output, to=TensorProto.FLOAT)


def cells(graph: Graph, ids: str, hashed: HashedEmbedding, which: int, size: int) -> str:
    """((a x + b) mod p) mod size. a x stays below 2^62."""
    name = f"hash.{which}"
    x = graph.add("Mul", [ids, graph.number(f"{name}.a", int(hashed.factor[which]))], f"{name}.product")
    x = graph.add("Add", [x, graph.number(f"{name}.b", int(hashed.offset[which]))], f"{name}.sum")
    x = graph.add("Mod", [x, graph.number("prime", PRIME)], f"{name}.mod")
    return graph.add("Mod", [x, graph.number(f"{name}.size", size)], name)


def quantised(table: torch.Tensor) -> tuple[np.ndarray, torch.Tensor]:
    """int8 [rows, D] and the scale of each column [D]."""
    scale = (table.abs().amax(0) / 127).clamp(min=1e-12)
    return (table / scale).round().clamp(-127, 127).to(torch.int8).numpy(), scale


def ngram_sums(graph: Graph, hashed: HashedEmbedding) -> tuple[str, torch.Tensor]:
    """ngrams int32 [N, 4, G] -> sums of table rows over the root of their number, [N, 4, D]; the columns' scale."""
    ids = graph.add("Cast", ["ngrams"], "ids", to=TensorProto.INT64)
    rows = [cells(graph, ids, hashed, which, len(hashed.table)) for which in (0, 1)]
    weight = cells(graph, ids, hashed, 2, len(hashed.weights))
    some = graph.add("Not", [graph.add("Equal", [ids, graph.number("none", 0)], "ids.none")], "ids.some")
    present = graph.add("Cast", [some], "ids.there", to=TensorProto.FLOAT)
    column = graph.add("Unsqueeze", [present, graph.whole("axis.-1", -1)], "ids.there.column")
    weights = graph.add("Gather", [graph.half("hash.weights", hashed.weights), weight], "weights", axis=0)
    weights = graph.add("Mul", [weights, column], "weights.there")
    stored, scale = quantised(hashed.table.detach())
    table = graph.constant("hash.table", stored)
    sums = []
    for which, row in enumerate(rows):
        vectors = graph.add("Gather", [table, row], f"rows.{which}.int8", axis=0)
        vectors = graph.add("Cast", [vectors], f"rows.{which}", to=TensorProto.FLOAT)
        own = graph.add("Gather", [weights, graph.whole(f"which.{which}", which)], f"weights.{which}", axis=3)
        own = graph.add("Transpose", [own], f"weights.{which}.row", perm=[0, 1, 3, 2])
        sums.append(graph.add("MatMul", [own, vectors], f"sum.{which}"))
    both = graph.add("Squeeze", [graph.add("Add", sums, "sums.row"), graph.whole("axis.2", 2)], "sums")
    count = graph.add("ReduceSum", [present, graph.whole("axis.-1", -1)], "ids.count", keepdims=1)
    root = graph.add("Sqrt", [graph.add("Max", [count, graph.single("one", 1.0)], "ids.count.safe")], "ids.root")
    return graph.add("Div", [both, root], "grams"), scale


def tokens(graph: Graph, model: ItemSage) -> tuple[str, str]:
    """Tokens [N, 1 + 8 + 8, W], normalised, and the mask that is added to their logits [N, T, 1]."""
    scale, fields = DIMENSIONS**0.5, len(FIELDS)
    grams, columns = ngram_sums(graph, model.ngrams.hashed)
    text = model.text_in.weight.detach() * scale
    through = text @ model.ngrams.head.weight.detach() * columns
    kinds, bias = model.kinds.detach(), model.text_in.bias.detach()
    parts = [
        graph.linear("pictures", model.picture_in.weight * scale, model.picture_in.bias + kinds[0], "picture_tokens"),
        graph.linear("texts", text, bias + kinds[1 : 1 + fields], "text_tokens"),
        graph.linear(grams, through, bias + kinds[1 + fields :], "gram_tokens"),
    ]
    there = [graph.there("pictures", "there.pictures"), graph.there("texts", "there.texts")]
    any_gram = graph.add("Greater", ["ids.count", graph.single("zero", 0.0)], "grams.some")
    any_gram = graph.add("Cast", [any_gram], "grams.there", to=TensorProto.FLOAT)
    there.append(graph.add("Squeeze", [any_gram, graph.whole("axis.-1", -1)], "there.grams"))
    everything = graph.add("Concat", parts, "tokens", axis=1)
    mask = graph.add("Concat", there, "there", axis=1)
    absent = graph.add("Mul", [graph.add("Sub", [graph.single("one", 1.0), mask], "absent"), graph.single("far", -1e9)], "mask")
    mask = graph.add("Unsqueeze", [absent, graph.whole("axis.-1", -1)], "mask.column")
    return graph.layer_norm(everything, model.norm, "seen"), mask


def layer(graph: Graph, model: ItemSage) -> str:
    """What the layer says of CLS, [N, 256]. CLS and its query are constants; its own key and value too."""
    seen, mask = tokens(graph, model)
    own = model.norm(model.cls).detach()
    sought = model.sought().detach()
    logits = graph.add("MatMul", [seen, graph.half("sought", sought.T)], "logits.product")
    logits = graph.add("Add", [logits, mask], "logits.tokens")  # [N, T, heads]
    # CLS attends to itself as well: its logit and its vector are the same for all products.
    first = graph.add("Slice", [logits, graph.whole("from", 0), graph.whole("to", 1), graph.whole("axis.1", 1)], "logits.first")
    zero = graph.add("Mul", [first, graph.single("zero", 0.0)], "logits.zero")
    itself = graph.add("Add", [zero, graph.single("cls.logits", sought @ own)], "logits.cls")
    every = graph.add("Concat", [itself, logits], "logits", axis=1)
    attention = graph.add("Softmax", [every], "attention.tokens", axis=1)
    attention = graph.add("Transpose", [attention], "attention", perm=[0, 2, 1])  # [N, heads, 1 + T]
    vector = graph.single("cls.seen", own[None, None])
    column = graph.add("Slice", [seen, graph.whole("from", 0), graph.whole("to", 1), graph.whole("axis.1", 1)], "seen.first")
    cls_row = graph.add("Add", [graph.add("Mul", [column, graph.single("zero", 0.0)], "seen.zero"), vector], "seen.cls")
    pooled = graph.add("MatMul", [attention, graph.add("Concat", [cls_row, seen], "seen.all", axis=1)], "pooled")
    # [N, heads, W] -> [heads, N, W] @ [heads, W, W / heads]
    turned = graph.add("Transpose", [pooled], "pooled.heads", perm=[1, 0, 2])
    value = model.value.weight.unflatten(0, (HEADS, -1)).transpose(1, 2)
    found = graph.add("MatMul", [turned, graph.half("value.weight", value)], "value.heads")
    found = graph.add("Transpose", [found], "value.turned", perm=[1, 0, 2])
    found = graph.add("Reshape", [found, graph.whole("value.shape", -1, value.shape[0] * value.shape[2])], "value")
    bias = model.joined.weight @ model.value.bias + model.joined.bias + model.cls
    cls = graph.linear(found, model.joined.weight, bias, "cls")
    hidden = graph.layer_norm(cls, model.wide[0], "wide.norm")
    hidden = graph.gelu(graph.linear(hidden, model.wide[1].weight, model.wide[1].bias, "wide.in"), "wide.gelu")
    cls = graph.add("Add", [cls, graph.linear(hidden, model.wide[3].weight, model.wide[3].bias, "wide.out")], "cls.out")
    hidden = graph.layer_norm(cls, model.out[0], "out.norm")
    hidden = graph.gelu(graph.linear(hidden, model.out[1].weight, model.out[1].bias, "out.in"), "out.gelu")
    return graph.linear(hidden, model.out[3].weight, model.out[3].bias, "correction")


def mixture(graph: Graph, model: ItemSage) -> str:
    weights = model.mixture.weights.exp().detach()
    weighted = graph.add("Mul", ["texts", graph.single("fields", model.mixture.fields.exp()[:, None])], "texts.weighted")
    pictures = graph.total("pictures", "pictures.sum", 1)
    axis, cut = graph.whole("axis.-1", -1), graph.whole("cut", DIMENSIONS)
    ends = {"unified": (graph.whole("from", 0), cut), "look": (cut, graph.whole("end", PICTURE))}
    sums = [graph.add("Slice", [pictures, *ends[name], axis], f"{name}.sum") for name in ("unified", "look")]
    sums.append(graph.total(weighted, "texts.sum", 1))
    mapped = []
    for name, total, weight, turn in zip(PARTS, sums, weights, model.mixture.maps):
        unit = graph.unit(total, f"mixture.{name}.unit")
        mapped.append(graph.add("MatMul", [unit, graph.half(f"mixture.{name}.map", turn * weight)], f"mixture.{name}"))
    return graph.add("Sum", mapped, "mixture")


def item_graph(model: ItemSage, description: str) -> onnx.ModelProto:
    graph = Graph()
    total = graph.add("Add", [layer(graph, model), mixture(graph, model)], "total")
    graph.unit(total, "embedding")
    fields = len(FIELDS)
    value = helper.make_tensor_value_info
    body = helper.make_graph(
        graph.nodes,
        "itemsage",
        [
            value("pictures", TensorProto.FLOAT, ["N", PICTURES, PICTURE]),
            value("texts", TensorProto.FLOAT, ["N", fields, DIMENSIONS]),
            value("ngrams", TensorProto.INT32, ["N", fields, MAX_NGRAMS]),
        ],
        [value("embedding", TensorProto.FLOAT, ["N", DIMENSIONS])],
        graph.constants,
    )
    result = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="corkboard")
    result.ir_version, result.doc_string = 8, description
    onnx.checker.check_model(result, full_check=True)
    return result

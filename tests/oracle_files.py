"""Weight files of full size as people make them: batch norm added, heads replaced, pruned, wrapped, checkpoints with everything in
them. The program's answer must be PyTorch's, or a refusal with the right words.
Usage: oracle_files.py PROGRAM SCRATCH. Prints "ok" and "not ok" lines for tests/cli_files.sh."""
import collections
import os
import sys
import warnings

import numpy
import torch
import torch.nn.functional as F
import torchvision
from torch.nn.utils import prune

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import oracle_predict
from weight_files import *

warnings.filterwarnings("ignore")


def refused(name, path, *words):
    p, said = predict(path)
    report(name, p is None and all(w in said for w in words), "opened: " + said if p is not None else said)


def save(value, name="a.pth"):
    torch.save(value, file(name))
    return file(name)


# ---- batch norm added to the tutorial's network ----
def with_norm(w, x, attribute, eps, third=5):
    """The tutorial's model whose BasicConv2d has batch norm between the convolution and the ReLU, in eval mode."""
    def conv(name, x, **geometry):
        n = name + "." + attribute
        y = F.conv2d(x, w[name + ".conv.weight"], w.get(name + ".conv.bias"), **geometry)
        return F.relu(F.batch_norm(y, w[n + ".running_mean"], w[n + ".running_var"], w[n + ".weight"], w[n + ".bias"], eps=eps))
    x = F.max_pool2d(conv("conv1", x, stride=2, padding=3), 3, 2, ceil_mode=True)
    x = F.max_pool2d(conv("conv3", conv("conv2", x), padding=1), 3, 2, ceil_mode=True)
    for m in oracle_predict.MODULES:
        p = "inception%s.branch" % m
        x = torch.cat([conv(p + "1", x), conv(p + "2.1", conv(p + "2.0", x), padding=1),
                       conv(p + "3.1", conv(p + "3.0", x), padding=third // 2), conv(p + "4.1", F.max_pool2d(x, 3, 1, 1))], 1)
        if m in ("3b", "4e"):
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    return F.linear(x.mean((2, 3)), w["fc.weight"], w["fc.bias"])


def normed(attribute, bias, classes=5, third=5):
    out = collections.OrderedDict()
    for key, value in he(shapes(False, classes)).items():
        if ".conv." not in key:
            out[key] = value
            continue
        if key.endswith("conv.bias") and not bias:
            continue
        if third == 3 and value.dim() == 4 and value.shape[2] == 5:
            value = value[:, :, 1:4, 1:4].clone()
        out[key] = value
        if key.endswith("conv.weight"):
            base, n = key[:-len("conv.weight")] + attribute, value.shape[0]
            out[base + ".weight"] = torch.rand(n) * 0.6 + 0.7
            out[base + ".bias"] = torch.randn(n) * 0.2
            out[base + ".running_mean"] = torch.randn(n) * 0.3
            out[base + ".running_var"] = torch.rand(n) * 1.5 + 0.01
            out[base + ".num_batches_tracked"] = torch.tensor(100)
    return out


def own_net(name, eps, base="googlenet"):
    """A copy of a shipped description with batch norm of this epsilon."""
    text = open("assets/networks/%s.net" % base).read().splitlines()
    at = next(i for i, line in enumerate(text) if line.startswith("preprocess"))
    text = [line for line in text if not line.startswith("batchnorm")]
    text.insert(at + 1, "batchnorm eps=%g" % eps)
    text = [line for line in text if "claim" not in line and not line.startswith("hypothesis")]
    open(file(name), "w").write("\n".join(text) + "\n")
    return file(name)


def predict_with(path, network):
    out = run("predict", "--weights", path, "--network", network, "--format", "json", "--top", "99", PICTURE)
    return (None if out.returncode else json.loads(out.stdout)), out.stderr


def compare_with(name, path, network, expected, word=""):
    """As compare, with --network."""
    answer, said = predict_with(path, network)
    want = torch.softmax(expected.double().flatten(), 0).numpy()
    if answer is None:
        return report(name, False, said)
    worst = max(abs(t["prob"] - want[t["index"]]) for t in answer[0]["top"])
    report("%s: %.1e" % (name, worst), worst <= 1e-4 and word in said, said)


for attribute, bias in (("batchnorm", True), ("bn", True), ("bn", False), ("norm", False)):
    w = normed(attribute, bias)
    logits = with_spread(w, "fc", lambda w, x: with_norm(w, x, attribute, 1e-5), square)
    path = save(w)
    words = "batch norm folded into 57 convolutions with epsilon 1e-05, PyTorch's default"
    name = "5x5 with %s, %s conv biases" % (attribute, "with" if bias else "no")
    compare(name, path, logits, words)
    compare_with(name + ", own .net", path, own_net("own.net", 1e-5), logits)
    with torch.no_grad():
        other = with_norm(w, square, attribute, 1e-3)
    compare_with(name + ", own .net with eps 1e-3", path, own_net("own3.net", 1e-3), other, "subtracted from the means" if bias else "")
out = run("convert", path, file("folded.safetensors"))
compare("folded and converted", file("folded.safetensors"), logits, "googlenet")

# A batch norm that is not whole, convolutions of which some have a bias, a norm in another place.
for key in ("inception4c.branch2.1.norm.running_mean", "conv1.norm.weight", "inception5b.branch1.norm.running_var"):
    refused("batch norm without " + key, save({k: v for k, v in w.items() if k != key}), "nothing was loaded", "batch norm without all its four tensors")
refused("one bias among convolutions without", save(dict(w, **{"conv3.conv.bias": torch.randn(192)})), "one of them got lost")
refused("batch norm behind the last layer", save(dict(w, **{"bn.running_mean": torch.zeros(5), "bn.running_var": torch.ones(5)})), "bn.running_mean")
stateless = {k: v for k, v in w.items() if "running" not in k}
refused("batch norm without statistics", save(stateless), "conv1.norm.weight")

# 3x3 in the third branch: only torchvision's own form is known; with a .net file it opens.
w = normed("bn", True, third=3)
logits = with_spread(w, "fc", lambda w, x: with_norm(w, x, "bn", 1e-5, third=3), square)
refused("3x3 with bn and conv biases", save(w), "neither torchvision's model nor the tutorial's", "--network")
own = own_net("third.net", 1e-5)
text = open(own).read().splitlines()
open(own, "w").write("\n".join(line + "   5x5=3x3" if line.startswith("inception ") else line for line in text) + "\n")
compare_with("3x3 with bn and conv biases, own .net", file("a.pth"), own, logits, "subtracted from the means")

# ---- heads ----
net = torchvision.models.googlenet(weights=None, num_classes=1000, aux_logits=True, init_weights=False, transform_input=False).eval()


def answer():
    """The logits of the network as it is, with its last layer scaled so that they differ."""
    with torch.no_grad():
        last = net.fc if isinstance(net.fc, torch.nn.Linear) else [m for m in net.fc.modules() if isinstance(m, torch.nn.Linear)][-1]
        deviation = net(cropped).std()
        if deviation > 0:
            last.weight /= deviation
            last.bias /= deviation
        return net(cropped)


net.fc = torch.nn.Linear(1024, 5)
logits = answer()
compare("torchvision, only fc replaced", save(net.state_dict()), logits, "auxiliary heads not used: aux1.fc2.weight is 1000x1024, not 5x1024")
net.fc = torch.nn.Sequential(torch.nn.Dropout(0.4), torch.nn.Linear(1024, 5))
logits = answer()
compare("torchvision, fc = Sequential(Dropout, Linear)", save(net.state_dict()), logits, "fc.1 is the last layer")
deep = dict(net.state_dict())
net.fc = torch.nn.Sequential(torch.nn.Linear(1024, 256), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.Linear(256, 5))
refused("a head of two layers", save(net.state_dict()), "its classifier has several layers (fc.0.weight 256x1024, fc.3.weight 5x256)")
net.fc = torch.nn.Sequential(torch.nn.Linear(1024, 1024), torch.nn.ReLU(), torch.nn.Linear(1024, 5))
refused("a head of two layers, the first square", save(net.state_dict()), "its classifier has several layers")
net.fc = torch.nn.Sequential(torch.nn.BatchNorm1d(1024), torch.nn.Linear(1024, 5))
refused("batch norm in the head", save(net.state_dict()), "nothing was loaded", "fc.0.")
net.fc = torch.nn.Linear(1024, 7, bias=False)
refused("a last layer without bias", save(net.state_dict()), "fc.bias")
net.fc = torch.nn.Linear(1024, 7)
logits = answer()
state = net.state_dict()
seven = {k: (v[:7] if k.startswith("aux") and k.split(".")[1] == "fc2" else v) for k, v in state.items()}
compare("one head removed", save({k: v for k, v in seven.items() if not k.startswith("aux2.")}), logits, "aux2.conv.conv.weight is missing")
compare("one tensor of a head removed", save({k: v for k, v in seven.items() if k != "aux1.fc1.bias"}), logits, "aux1.fc1.bias is missing")
compare("both heads whole", save(seven), logits, "aux tensors kept")
renamed = {k.replace("fc.", "classifier.") if k.startswith("fc.") else k: v for k, v in seven.items()}
compare("a classifier of another name", save(renamed), logits, "classifier is the last layer")
as_conv = dict(seven, **{"fc.weight": seven["fc.weight"][:, :, None, None]})
compare("a 1x1 convolution as last layer", save(as_conv), logits)
compare("another spelling in the metadata", (safetensors(file("a.safetensors"), {k: v for k, v in seven.items() if "num_batches" not in k}, {"network": "GoogLeNet"}),
                                             file("a.safetensors"))[1], logits, "PyTorch's names with batch norm")
net.fc = torch.nn.Linear(1024, 1)
answer()
with torch.no_grad():
    net.fc.bias += 0.7 - net(cropped).item()
p, said = predict(save({k: v for k, v in net.state_dict().items() if not k.startswith("aux")}))
report("one output is a sigmoid", p is not None and len(p) == 1 and abs(p[0] - 1 / (1 + numpy.exp(-0.7))) < 1e-4 and "sigmoid" in said, "%s %s" % (p, said))

# ---- the tutorial's network, and what was done to it ----
weights = he(shapes(False, 5))
logits = with_spread(weights, "fc", oracle_predict.tutorial, square)


class Holder(torch.nn.Module):
    def __init__(self, weights):
        super().__init__()
        for key, value in weights.items():
            part = self
            for word in key.split(".")[:-1]:
                if not hasattr(part, word):
                    part.add_module(word, torch.nn.Module())
                part = getattr(part, word)
            part.register_parameter(key.split(".")[-1], torch.nn.Parameter(value.clone()))


holder = Holder(weights)
for name, module in holder.named_modules():
    if name.endswith("conv"):
        prune.l1_unstructured(module, "weight", amount=0.4)
state = holder.state_dict()
pruned = {k: v for k, v in state.items() if not k.endswith(("_orig", "_mask"))}
for k in state:
    if k.endswith("_orig"):
        pruned[k[:-5]] = state[k] * state[k[:-5] + "_mask"]
with torch.no_grad():
    masked = oracle_predict.tutorial(pruned, square)
compare("pruned, masks still in the file", save(state), masked, "57 weights multiplied by their masks")
refused("pruned, a mask missing", save({k: v for k, v in state.items() if k != "conv2.conv.weight_mask"}), "stored in parts (pruning")
refused("pruned, a weight missing", save({k: v for k, v in state.items() if k != "conv2.conv.weight_orig"}), "prune.remove")
spectral = dict(weights)
spectral["conv1.conv.weight_orig"] = spectral.pop("conv1.conv.weight")
spectral["conv1.conv.weight_u"] = torch.zeros(64)
refused("spectral norm", save(spectral), "stored in parts")
for label, change in (("FSDP", lambda k: "_fsdp_wrapped_module." + k.replace(".branch", "._fsdp_wrapped_module.branch")),
                      ("torch.compile inside", lambda k: k.replace(".conv.", "._orig_mod.conv.")), ("module._orig_mod.", lambda k: "module._orig_mod." + k)):
    compare("names of " + label, save({change(k): v for k, v in weights.items()}), logits, "removed from the names")
refused("one tensor more", save(dict(weights, **{"se.fc.weight": torch.zeros(4, 4)})), "1 that the network does not have (se.fc.weight)", "--network")
refused("LoRA", save(dict(weights, **{"fc.lora_A.weight": torch.zeros(4, 1024)})), "LoRA")
compare("optimizer state beside the weights", save(dict(weights, **{"optimizer.exp_avg.0": torch.zeros(3)})), logits, "optimizer state")
first = dict(list(weights.items())[:40])
safetensors(file("model-00001-of-00003.safetensors"), first)
refused("one shard of three", file("model-00001-of-00003.safetensors"), "one part of a model saved in several")

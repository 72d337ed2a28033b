/* export_torch.c - writes a network as PyTorch code; see export.h.
 *
 * The state_dict's names are those of the weight files. PyTorch's names make a tree: a Conv has `conv` and `bn`, an Inception module
 * has branch1 to branch4, a head is a module of its own. Caffe's names ("inception_3a/3x3.weight") are flat: there every layer is a
 * member of the network. */
#include "engine/base/byte_buffer.h"
#include "engine/base/safe_file.h"
#include "engine/io/export.h"
#include "engine/io/weights_names.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBER_MAX = 2 * NET_NAME_MAX };

typedef struct Code {
    const Net *net;
    ByteBuffer text;
    bool flat;                  /* Caffe's names */
} Code;

static void put(Code *c, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

static void put(Code *c, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert(length >= 0 && length < (int)sizeof text);
    bytes_put(&c->text, text, (size_t)length);
}

/* The shortest decimal that is this float again. */
static const char *decimal(float value, char out[32])
{
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(out, 32, "%.*g", digits, (double)value);
        if (strtof(out, NULL) == value)
            break;
    }
    return out;
}

/* ---- names ---- */

/* What an attribute of a module cannot be called: Python's words, and nn.Module's own attributes. */
static const char *const taken[] = {
    "False", "None", "T_destination", "True", "add_module", "and", "apply", "as", "assert", "async", "await", "bfloat16", "break", "buffers",
    "call_super_init", "children", "class", "compile", "continue", "cpu", "cuda", "def", "del", "double", "dump_patches", "elif", "else", "eval",
    "except", "extra_repr", "finally", "float", "for", "forward", "from", "get_buffer", "get_extra_state", "get_parameter", "get_submodule",
    "global", "half", "if", "import", "in", "initialise", "ipu", "is", "lambda", "load_state_dict", "modules", "mtia", "named_buffers",
    "named_children", "named_modules", "named_parameters", "nonlocal", "not", "or", "parameters", "pass", "raise", "register_backward_hook",
    "register_buffer", "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook", "register_full_backward_pre_hook",
    "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook", "register_module", "register_parameter",
    "register_state_dict_post_hook", "register_state_dict_pre_hook", "requires_grad_", "return", "set_extra_state", "set_submodule",
    "share_memory", "state_dict", "to", "to_empty", "train", "training", "try", "type", "while", "with", "xpu", "yield", "zero_grad"};

static bool is_plain(const char *name)
{
    if (!isalpha((unsigned char)name[0]))
        return false;
    for (const char *p = name; *p != '\0'; p++)
        if (!isalnum((unsigned char)*p) && *p != '_')
            return false;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(name, taken[i]) == 0)
            return false;
    return true;
}

/* The name of the member that a layer is, or is in: "conv1", "inception3a", "fc1" of a head; flat: "inception_3a/3x3". */
static void member_name(const Code *c, const Layer *layer, char out[MEMBER_MAX])
{
    if (c->flat) {
        snprintf(out, MEMBER_MAX, "%s", layer_caffe_name(layer->name));
        return;
    }
    char name[MEMBER_MAX];
    layer_torch_name(layer->name, name, sizeof name);
    const char *dot = strchr(name, '.');
    if (layer->head > 0)
        snprintf(out, MEMBER_MAX, "%s", name + strlen(c->net->heads[layer->head].name) + 1);
    else if (layer->module >= 0 && dot != NULL)
        snprintf(out, MEMBER_MAX, "%.*s", (int)(dot - name), name);
    else
        snprintf(out, MEMBER_MAX, "%s", name);
}

/* self.conv1, or self._modules["3x3"] where Python has no such attribute. */
static void put_member_named(Code *c, const char *name)
{
    if (is_plain(name))
        put(c, "self.%s", name);
    else
        put(c, "self._modules[\"%s\"]", name);
}

static void put_member(Code *c, const Layer *layer)
{
    char name[MEMBER_MAX];
    member_name(c, layer, name);
    put_member_named(c, name);
}

/* The convolution itself, also inside a module: self.inception3a.branch2[0]. */
static void put_convolution(Code *c, const Layer *layer)
{
    char name[MEMBER_MAX];
    put_member(c, layer);
    if (c->flat || layer->module < 0)
        return;
    layer_torch_name(layer->name, name, sizeof name);
    const char *branch = strchr(name, '.'), *index = branch != NULL ? strchr(branch + 1, '.') : NULL;
    if (index != NULL)
        put(c, "%.*s[%s]", (int)(index - branch), branch, index + 1);
    else if (branch != NULL)
        put(c, "%s", branch);
}

/* my_net -> MyNet, always with this ending, so that it is no other name of the file. */
static void class_name(const char *name, const char *ending, char out[MEMBER_MAX])
{
    size_t n = 0;
    bool up = true;
    if (!isalpha((unsigned char)name[0]))
        out[n++] = 'N';
    for (const char *p = name; *p != '\0'; p++) {
        if (isalnum((unsigned char)*p))
            out[n++] = up ? (char)toupper((unsigned char)*p) : *p;
        up = !isalnum((unsigned char)*p);
    }
    out[n] = '\0';
    const size_t end = strlen(ending);
    const char *tail = n >= end ? out + n - end : "";
    bool has = n > end;
    for (size_t i = 0; has && i < end; i++)
        has = tolower((unsigned char)tail[i]) == tolower((unsigned char)ending[i]);
    if (!has)
        memcpy(out + n, ending, end + 1);
}

/* Whether the layer begins a member: a conv or fc of its own, or the first layer of a module. */
static bool begins_member(const Code *c, int l)
{
    const Layer *layer = &c->net->layers[l];
    if (layer->module >= 0 && !c->flat)
        return l == c->net->modules[layer->module].first;
    return layer->weight >= 0;
}

static bool refuse_name(const Net *net, int l, const char *why, Err *err)
{
    return err_set(err, "%s:%d: %s: %s; rename the row, then convert it again", net->source, net_line(net, l), net->layers[l].name, why);
}

/* Names that PyTorch cannot have, or would have twice. */
static bool check_names(const Code *c, Err *err)
{
    const Net *net = c->net;
    for (int a = 0; a < net->layer_count; a++) {
        char name[MEMBER_MAX], other[MEMBER_MAX];
        if (!begins_member(c, a))
            continue;
        member_name(c, &net->layers[a], name);
        if (strchr(name, '.') != NULL)
            return refuse_name(net, a, "PyTorch's names of modules have no '.'", err);
        if (c->flat && net->layers[a].bn)
            return refuse_name(net, a, "batch norm has no place among Caffe's names, which the network's name bvlc_googlenet asks for", err);
        for (int h = 1; h < net->head_count && net->layers[a].head == 0 && !c->flat; h++)
            if (strcmp(name, net->heads[h].name) == 0)
                return refuse_name(net, a, "an auxiliary head has the same name in PyTorch", err);
        for (int b = 0; b < a; b++) {
            if (!begins_member(c, b) || (!c->flat && net->layers[b].head != net->layers[a].head))
                continue;
            member_name(c, &net->layers[b], other);
            if (strcmp(name, other) == 0)
                return refuse_name(net, a, "another layer has the same name in PyTorch", err);
        }
    }
    for (int h = 1; h < net->head_count; h++) {
        const int tap = net->heads[h].tap;
        if (strchr(net->heads[h].name, '.') != NULL)
            return refuse_name(net, net->heads[h].first, "PyTorch's names of modules have no '.'", err);
        if (tap > net->heads[0].logits)
            return err_set(err, "%s:%d: %s taps the softmax, which is part of PyTorch's loss; tap the layer before it", net->source,
                           net_line(net, net->heads[h].first), net->heads[h].name);
    }
    return true;
}

/* ---- what a module is made of ---- */

/* Whether the layer has one output per class, as `classes N` says. */
static bool counts_classes(const Net *net, int l)
{
    const Layer *layer = &net->layers[l];
    return l == net_scorer(net, layer->head) && net->classes_word > 0 && layer->out.c == net->classes_word;
}

static bool head_counts_classes(const Net *net, int head)
{
    const int scorer = net_scorer(net, head);
    return scorer >= 0 && counts_classes(net, scorer);
}

static void put_outputs(Code *c, int l)
{
    if (counts_classes(c->net, l))
        put(c, "classes");
    else
        put(c, "%d", c->net->layers[l].out.c);
}

/* What all convolutions of a row have in common, where it is not the usual. */
static void put_conv_options(Code *c, const Layer *layer)
{
    char number[32];
    if (layer->groups != 1)
        put(c, ", groups=%d", layer->groups);
    if (!layer->bias && !layer->bn)
        put(c, ", bias=False");
    if (!layer->relu && !c->flat)
        put(c, ", relu=False");
    if (layer->bn)
        put(c, ", eps=%s", decimal(layer->bn_eps, number));
    put(c, ")\n");
}

static void put_module_member(Code *c, const Module *m)
{
    const Net *net = c->net;
    int third = 5;
    put(c, "Inception(%d", net->layers[m->input].out.c);
    for (int i = 0; i < 6; i++)
        put(c, ", %d", m->channels[i]);
    for (int l = m->first; l <= m->last; l++)
        if (net->layers[l].branch == BRANCH_5X5)
            third = net->layers[l].k; /* the branch's last convolution */
    if (third != 5)
        put(c, ", third=%d", third);
    put_conv_options(c, &net->layers[m->first]);
}

static void put_layer_member(Code *c, int l)
{
    const Layer *layer = &c->net->layers[l];
    put(c, "        ");
    put_member(c, layer);
    put(c, " = ");
    if (layer->module >= 0 && !c->flat) {
        put_module_member(c, &c->net->modules[layer->module]);
    } else if (layer->op == OP_FC) {
        put(c, "nn.Linear(%d, ", (int)shape_values(layer->in));
        put_outputs(c, l);
        put(c, layer->bias ? ")\n" : ", bias=False)\n");
    } else {
        put(c, "%s(%d, ", c->flat ? "nn.Conv2d" : "Conv", layer->in.c);
        put_outputs(c, l);
        put(c, ", %d", layer->k);
        if (layer->stride != 1)
            put(c, ", stride=%d", layer->stride);
        if (layer->pad != 0)
            put(c, ", padding=%d", layer->pad);
        put_conv_options(c, layer);
    }
}

/* ---- what it computes ---- */

static void put_pool(Code *c, const Layer *layer, const char *from)
{
    if (layer->adaptive) {
        put(c, "F.adaptive_avg_pool2d(%s, %d)", from, layer->out.h);
        return;
    }
    put(c, "F.%s_pool2d(%s, %d, %d", layer->op == OP_MAXPOOL ? "max" : "avg", from, layer->k, layer->stride);
    if (layer->pad != 0)
        put(c, ", %d", layer->pad);
    if (layer->rounding != ROUND_FLOOR)
        put(c, ", ceil_mode=True");
    if (layer->op == OP_AVGPOOL && layer->pad != 0 && !layer->count_padding)
        put(c, ", count_include_pad=False");
    put(c, ")");
}

/* One layer: `to` = op(`from`). *list: whether the value is (batch, channels). */
static void put_op(Code *c, int l, const char *to, const char *from, const char *indent, bool *list)
{
    const Layer *layer = &c->net->layers[l];
    const bool keeps = layer->op == OP_FC || layer->op == OP_DROPOUT || layer->op == OP_SOFTMAX;
    char number[3][32];
    if (*list && !keeps) {
        put(c, "%s%s = %s[:, :, None, None]\n", indent, to, from);
        from = to;
        *list = false;
    }
    if (layer->op == OP_FC && !*list) {
        put(c, "%s%s = %s.flatten(1)\n", indent, to, from);
        from = to;
        *list = true;
    }
    put(c, "%s%s = ", indent, to);
    const bool relu = layer->relu && (layer->op == OP_FC || (layer->op == OP_CONV && c->flat));
    switch (layer->op) {
    case OP_CONV: case OP_FC:
        put(c, relu ? "F.relu(" : "");
        put_convolution(c, layer);
        put(c, "(%s)%s", from, relu ? ")" : "");
        break;
    case OP_MAXPOOL: case OP_AVGPOOL: put_pool(c, layer, from); break;
    case OP_LRN:
        put(c, "F.local_response_norm(%s, %d, alpha=%s, beta=%s, k=%s)", from, layer->lrn_size, decimal(layer->lrn_alpha, number[0]),
            decimal(layer->lrn_beta, number[1]), decimal(layer->lrn_k, number[2]));
        break;
    case OP_DROPOUT: put(c, "F.dropout(%s, %s, self.training)", from, decimal(layer->dropout_p, number[0])); break;
    case OP_SOFTMAX: put(c, "F.softmax(%s, 1)", from); break;
    case OP_CONCAT: put(c, "torch.cat([b1, b2, b3, b4], 1)"); break; /* the variables of put_branches */
    case OP_INPUT: case OP_COUNT: assert(false);
    }
    put(c, "\n");
}

/* The scores as a list. */
static void put_scores(Code *c, int head, const char *variable, const char *indent, bool list)
{
    if (!list && net_scores(c->net, head) > 0)
        put(c, "%s%s = %s.flatten(1)\n", indent, variable, variable);
}

/* Flat: a head's layers where they are needed. */
static void put_head_inline(Code *c, int h, const char *value, bool list)
{
    const Head *head = &c->net->heads[h];
    char name[16];
    snprintf(name, sizeof name, "head%d", h);
    put(c, "        if self.training:\n            %s = %s\n", name, value);
    for (int l = head->first; l <= head->logits; l++)
        put_op(c, l, name, name, "            ", &list);
    put_scores(c, h, name, "            ", list);
}

/* What happens to the value of layer l, in a variable: it goes into the heads that tap it. `lists`: by head, whether they get a list. */
static void put_taps(Code *c, int l, const char *value, bool list, bool lists[HEADS_MAX])
{
    for (int h = 1; h < c->net->head_count; h++) {
        if (c->net->heads[h].tap != l)
            continue;
        lists[h] = list;
        if (c->flat) {
            put_head_inline(c, h, value, list);
            continue;
        }
        put(c, "        head%d = ", h);
        put_member_named(c, c->net->heads[h].name);
        put(c, "(%s) if self.training else None\n", value);
    }
}

/* Whether a head taps a layer inside the module. */
static bool tapped_inside(const Net *net, const Module *m)
{
    for (int h = 1; h < net->head_count; h++)
        if (net->heads[h].tap >= m->first && net->heads[h].tap < m->last)
            return true;
    return false;
}

/* The branches of a module one by one, each in a variable of its own. */
static void put_branches(Code *c, const Module *m, bool *list, bool lists[HEADS_MAX])
{
    if (*list)
        put(c, "        x = x[:, :, None, None]\n");
    *list = false;
    for (int l = m->first; l < m->last; l++) {
        const Layer *layer = &c->net->layers[l];
        char to[16];
        snprintf(to, sizeof to, "b%d", (int)layer->branch + 1);
        put_op(c, l, to, layer->inputs[0] == m->input ? "x" : to, "        ", list);
        put_taps(c, l, to, *list, lists);
    }
    put_op(c, m->last, "x", "x", "        ", list);
}

static void put_forward(Code *c, bool lists[HEADS_MAX])
{
    const Net *net = c->net;
    bool list = false;
    put(c, "\n    def forward(self, x):\n");
    put_taps(c, 0, "x", list, lists);
    for (int l = 1; l <= net->heads[0].logits; l++) {
        const Layer *layer = &net->layers[l];
        if (layer->module >= 0 && (c->flat || tapped_inside(net, &net->modules[layer->module]))) {
            put_branches(c, &net->modules[layer->module], &list, lists);
            l = net->modules[layer->module].last;
        } else if (layer->module >= 0) {
            put(c, "        x = ");
            put_member(c, layer);
            put(c, list ? "(x[:, :, None, None])\n" : "(x)\n");
            list = false;
            l = net->modules[layer->module].last;
        } else {
            put_op(c, l, "x", "x", "        ", &list);
        }
        put_taps(c, l, "x", list, lists);
    }
    put_scores(c, 0, "x", "        ", list);
    if (net->head_count == 1) {
        put(c, "        return x\n");
        return;
    }
    put(c, "        return (x");
    for (int h = 1; h < net->head_count; h++)
        put(c, ", head%d", h);
    put(c, ") if self.training else x\n");
}

/* ---- classes ---- */

static void put_class_begin(Code *c, const char *name, const char *title, bool classes)
{
    put(c, "\n\nclass %s(nn.Module):\n    \"\"\"%s\"\"\"\n\n    def __init__(self", name, title);
    if (classes)
        put(c, ", classes=%d", c->net->classes_word);
    put(c, "):\n        super().__init__()\n");
}

static void put_members(Code *c, int head)
{
    for (int l = 1; l < c->net->layer_count; l++)
        if (c->net->layers[l].head == head && begins_member(c, l))
            put_layer_member(c, l);
}

static void put_head_class(Code *c, int h, bool list)
{
    const Head *head = &c->net->heads[h];
    char name[MEMBER_MAX], title[200];
    class_name(head->name, "Head", name);
    snprintf(title, sizeof title, "The auxiliary classifier after %s, for training only.", c->net->layers[head->tap].name);
    put_class_begin(c, name, title, head_counts_classes(c->net, h));
    put_members(c, h);
    put(c, "\n    def forward(self, x):\n");
    for (int l = head->first; l <= head->logits; l++)
        put_op(c, l, "x", "x", "        ", &list);
    put_scores(c, h, "x", "        ", list);
    put(c, "        return x\n");
}

static void put_network_class(Code *c, const char *name, bool lists[HEADS_MAX])
{
    const Net *net = c->net;
    char title[200], head_class[MEMBER_MAX];
    bool classes = false;
    size_t n = 0;
    for (const char *p = net->title; *p != '\0' && n + 1 < sizeof title; p++) /* nothing that ends or changes Python's text */
        if (*p != '"' && *p != '\\')
            title[n++] = *p;
    title[n] = '\0';
    for (int h = 0; h < net->head_count; h++)
        classes = classes || head_counts_classes(net, h);
    put_class_begin(c, name, title, classes);
    put_members(c, 0);
    for (int h = 1; h < net->head_count; h++) {
        if (c->flat) {
            put_members(c, h);
            continue;
        }
        class_name(net->heads[h].name, "Head", head_class);
        put(c, "        ");
        put_member_named(c, net->heads[h].name);
        put(c, " = %s(%s)\n", head_class, head_counts_classes(net, h) ? "classes" : "");
    }
    put(c, "        self.initialise()\n");
    put_forward(c, lists);
    put(c, "\n    def initialise(self):\n"
           "        \"\"\"Begins where `inceptoscope train` begins: He et al. 2015, with the fan out.\"\"\"\n"
           "        for m in self.modules():\n"
           "            if isinstance(m, nn.Conv2d):\n"
           "                nn.init.kaiming_normal_(m.weight, mode=\"fan_out\", nonlinearity=\"relu\")\n"
           "            elif isinstance(m, nn.Linear):\n"
           "                nn.init.normal_(m.weight, 0, 0.01)\n"
           "            if getattr(m, \"bias\", None) is not None:\n"
           "                nn.init.zeros_(m.bias)\n");
}

static const char conv_class[] =
    "\n\nclass Conv(nn.Module):\n"
    "    \"\"\"A convolution, batch norm if eps is given, and ReLU.\"\"\"\n\n"
    "    def __init__(self, inputs, outputs, kernel, stride=1, padding=0, groups=1, bias=True, relu=True, eps=None):\n"
    "        super().__init__()\n"
    "        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=bias and eps is None)\n"
    "        self.bn = nn.Identity() if eps is None else nn.BatchNorm2d(outputs, eps=eps)\n"
    "        self.relu = nn.ReLU() if relu else nn.Identity()\n\n"
    "    def forward(self, x):\n"
    "        return self.relu(self.bn(self.conv(x)))\n";

static const char inception_class[] =
    "\n\nclass Inception(nn.Module):\n"
    "    \"\"\"Four branches that read the same input; 0 leaves out a reduction or the projection. `third`: kernel of the third branch.\"\"\"\n\n"
    "    def __init__(self, inputs, n1x1, reduce3, n3x3, reduce5, n5x5, proj, third=5, **conv):\n"
    "        super().__init__()\n\n"
    "        def reduced(reduce, outputs, kernel):\n"
    "            first = Conv(inputs, reduce, 1, **conv) if reduce else nn.Identity()\n"
    "            return nn.Sequential(first, Conv(reduce or inputs, outputs, kernel, padding=kernel // 2, **conv))\n\n"
    "        self.branch1 = Conv(inputs, n1x1, 1, **conv)\n"
    "        self.branch2 = reduced(reduce3, n3x3, 3)\n"
    "        self.branch3 = reduced(reduce5, n5x5, third)\n"
    "        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), Conv(inputs, proj, 1, **conv) if proj else nn.Identity())\n\n"
    "    def forward(self, x):\n"
    "        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)\n";

static void put_head_of_file(Code *c, const char *class)
{
    const Net *net = c->net;
    put(c, "\"\"\"%s for PyTorch, written by `inceptoscope convert`. The names of its state_dict are those of the weight files:\n\n"
           "    net = %s()\n"
           "    net.load_state_dict(torch.load(\"weights.pth\"))    # a file that `inceptoscope convert` wrote\n"
           "    torch.save(net.state_dict(), \"weights.pth\")       # opens in inceptoscope; if it asks for the network, --network %s\n\n"
           "forward takes (batch, %d, %d, %d) and returns the scores before the softmax.", net->name, class, net->name, net->input.c, net->input.h,
        net->input.w);
    if (net->head_count > 1)
        put(c, " In training mode it also returns the scores of the auxiliary\nheads; the loss is sum(w * F.cross_entropy(s, labels) for w, s in "
               "zip(LOSS_WEIGHTS, net(pictures))).");
    put(c, "\"\"\"\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn\n");
    if (net->head_count > 1) {
        char number[32];
        put(c, "\nLOSS_WEIGHTS = (");
        for (int h = 0; h < net->head_count; h++)
            put(c, "%s%s", h > 0 ? ", " : "", decimal(net->heads[h].loss_weight, number));
        put(c, ")\n");
    }
}

static void put_preprocess(Code *c)
{
    const Preprocess *p = &c->net->preprocess;
    const Shape in = c->net->input;
    char number[32];
    if (in.c != 1 && in.c != 3)
        return;
    put(c, "\n\ndef preprocess(picture):\n    \"\"\"A PIL picture as input, (1, %d, %d, %d).\"\"\"\n", in.c, in.h, in.w);
    put(c, "    from torchvision.transforms import functional as T\n    picture = picture.convert(\"RGB\")\n");
    if (p->rule == RESIZE_EXACT)
        put(c, "    picture = T.resize(picture, [%d, %d])\n", in.h, in.w);
    else
        put(c, "    picture = T.center_crop(T.resize(picture, %d), [%d, %d])\n", p->resize, in.h, in.w);
    put(c, "    x = T.pil_to_tensor(picture%s).float()%s\n", in.c == 1 ? ".convert(\"L\")" : "", p->unit_scale ? " / 255" : "");
    if (in.c == 3 && p->bgr)
        put(c, "    x = x[[2, 1, 0]]  # blue first\n");
    put(c, "    return T.normalize(x, [");
    for (int i = 0; i < in.c; i++)
        put(c, "%s%s", i > 0 ? ", " : "", decimal(p->mean[i], number));
    put(c, "], [");
    for (int i = 0; i < in.c; i++)
        put(c, "%s%s", i > 0 ? ", " : "", decimal(p->unit_scale ? p->std[i] : 1.0f, number));
    put(c, "])[None]\n");
}

bool export_torch(const char *path, const Net *net, Err *err)
{
    char name[MEMBER_MAX];
    bool convs = false, lists[HEADS_MAX] = {false};
    Code c = {.net = net, .flat = strcmp(net->name, "bvlc_googlenet") == 0}, body = c;
    if (!check_names(&c, err))
        return false;
    for (int l = 0; l < net->layer_count; l++)
        convs = convs || net->layers[l].op == OP_CONV;
    class_name(net->name, "Net", name);
    put_network_class(&body, name, lists); /* it says what each head gets */
    put_head_of_file(&c, name);
    if (!c.flat && convs)
        bytes_put(&c.text, conv_class, strlen(conv_class));
    if (!c.flat && net->module_count > 0)
        bytes_put(&c.text, inception_class, strlen(inception_class));
    for (int h = 1; h < net->head_count && !c.flat; h++)
        put_head_class(&c, h, lists[h]);
    bytes_put(&c.text, body.text.bytes, body.text.size);
    put_preprocess(&c);
    const bool good = c.text.failed || body.text.failed ? err_set(err, "%s: not enough memory", path)
                                                        : safe_file_put(path, c.text.bytes, c.text.size, err);
    free(c.text.bytes);
    free(body.text.bytes);
    return good;
}

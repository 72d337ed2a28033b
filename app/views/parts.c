/* parts.c - text styles, headings, rows, and names in words. See parts.h. */
#include "app/views/parts.h"
#include "app/model/walk.h"
#include "app/ui/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TextStyle part_title(const Ui *ui) { return ui_style(FACE_BOLD, ui->theme->size_title, ui->theme->text); }
TextStyle part_body(const Ui *ui) { return ui_style(FACE_SANS, ui->theme->size_small, ui->theme->text); }
TextStyle part_small(const Ui *ui) { return ui_style(FACE_SANS, ui->theme->size_small, ui->theme->text_dim); }
TextStyle part_caption(const Ui *ui) { return ui_style(FACE_SANS, ui->theme->size_caption, ui->theme->text_dim); }
TextStyle part_bold(const Ui *ui) { return ui_style(FACE_BOLD, ui->theme->size_small, ui->theme->text); }
TextStyle part_mono(const Ui *ui) { return ui_style(FACE_MONO, ui->theme->size_small, ui->theme->text); }

TextStyle part_colored(TextStyle style, Color color)
{
    style.color = color;
    return style;
}

TextStyle part_means(const Ui *ui, const Model *m, TextStyle style)
{
    return source_trained(&m->source->source, 0) ? style : part_colored(style, ui->theme->text_faint);
}

static const float ROW = 19;

void part_heading(Ui *ui, Rect *r, const char *text)
{
    rect_cut_top(r, 10);
    ui_text(ui, rect_cut_top(r, 21), ui_style(FACE_BOLD, ui->theme->size_caption, ui->theme->text_dim), ALIGN_LEFT, text);
}

void part_heading_with(Ui *ui, Rect *r, const char *text, const char *what)
{
    const float used = ui_text_width(ui, ui_style(FACE_BOLD, ui->theme->size_caption, 0), text) + 10 + ui_text_width(ui, part_caption(ui), what);
    Rect row = {r->x, r->y + 10, r->w, 21};
    part_heading(ui, r, text);
    if (used > r->w)
        row = rect_cut_top(r, 18);
    ui_text(ui, row, part_caption(ui), used > r->w ? ALIGN_LEFT : ALIGN_RIGHT, what);
}

void part_row_styled(Ui *ui, Rect *r, TextStyle left_style, const char *left, TextStyle right_style, const char *right)
{
    ui_pair(ui, rect_cut_top(r, ROW), left_style, left, right_style, right);
}

void part_row(Ui *ui, Rect *r, const char *left, const char *right)
{
    part_row_styled(ui, r, part_body(ui), left, part_mono(ui), right);
}

void part_paragraph(Ui *ui, Rect *r, TextStyle style, const char *text)
{
    rect_cut_top(r, ui_paragraph(ui, *r, style, text) + 2);
}

float part_text_fit(Ui *ui, Rect r, TextStyle style, const char *text)
{
    char shown[256];
    snprintf(shown, sizeof shown, "%s", text);
    while (ui_text_width(ui, style, shown) > r.w) {
        char *last = NULL;
        for (char *p = strstr(shown, " · "); p != NULL; p = strstr(p + 1, " · "))
            last = p;
        if (last == NULL)
            return 0;
        *last = '\0';
    }
    return ui_text(ui, r, style, ALIGN_LEFT, shown);
}

void part_cut(Ui *ui, TextStyle style, const char *text, float width, char *out, size_t size)
{
    snprintf(out, size, "%s", text);
    for (size_t n = strlen(out); n > 0 && ui_text_width(ui, style, out) > width;) {
        n = utf8_before(text, n);
        snprintf(out, size, "%.*s…", (int)n, text);
    }
}

void part_stage_title(Ui *ui, Rect *r, const char *title, const char *says)
{
    Rect row = rect_cut_top(r, 30);
    rect_cut_left(&row, ui_text(ui, row, part_title(ui), ALIGN_LEFT, title) + 16);
    row.y += 2; /* the smaller text stands on the same line */
    if (ui_text_width(ui, part_small(ui), says) <= row.w) {
        ui_text(ui, row, part_small(ui), ALIGN_LEFT, says);
        return;
    }
    rect_cut_top(r, ui_paragraph(ui, *r, part_small(ui), says)); /* no room beside the title: below it */
}

Rect part_card(Ui *ui, Rect r, const char *caption, const char *dim, Color mark)
{
    if (mark != 0)
        ui_panel_marked(ui, r, mark);
    else
        ui_panel(ui, r);
    Rect in = rect_inset(r, PART_CARD_PAD);
    in.y -= 3;
    in.h += 3;
    const float used = ui_text_width(ui, part_bold(ui), caption) + 8;
    if (used + ui_text_width(ui, part_caption(ui), dim) <= in.w) {
        Rect row = rect_cut_top(&in, 22);
        ui_text(ui, row, part_bold(ui), ALIGN_LEFT, caption);
        rect_cut_left(&row, used);
        ui_text(ui, row, part_caption(ui), ALIGN_LEFT, dim);
    } else { /* a narrow card: below each other */
        rect_cut_top(&in, 2);
        part_paragraph(ui, &in, part_bold(ui), caption);
        part_paragraph(ui, &in, part_caption(ui), dim);
    }
    rect_cut_top(&in, 2);
    return in;
}

Rect part_panel(Ui *ui, Rect r)
{
    ui_panel(ui, r);
    const Rect in = rect_inset(r, 12);
    return (Rect){in.x, in.y - 8, in.w, in.h + 8};
}

void part_op_arrow(Ui *ui, Rect gap, const char *above, const char *below)
{
    const float y = gap.y + floorf(gap.h / 2);
    ui_arrow(ui, gap.x + 10, y, gap.x + gap.w - 10, y, 2, ui->theme->text_faint);
    ui_text(ui, (Rect){gap.x, y - 26, gap.w, 18}, part_caption(ui), ALIGN_CENTER, above);
    ui_text(ui, (Rect){gap.x, y + 8, gap.w, 18}, part_caption(ui), ALIGN_CENTER, below);
}

void part_play_icon(Ui *ui, float x, float y, float half, bool plays, Color color)
{
    if (plays) {
        ui_fill(ui, (Rect){x - 4, y - half, 3, 2 * half}, color);
        ui_fill(ui, (Rect){x + 1, y - half, 3, 2 * half}, color);
    } else {
        ui_poly(ui, (const float[]){x - 3, y - half, x + half + 0.5f, y, x - 3, y + half}, 3, color);
    }
}

Color part_layer_text(const Ui *ui, const Layer *layer)
{
    return layer->branch != BRANCH_NONE ? ui->theme->branch_text[layer->branch] : ui->theme->text;
}

LayerKind part_kind(Op op)
{
    static const LayerKind kinds[] = {
        [OP_INPUT] = KIND_INPUT, [OP_CONV] = KIND_CONV, [OP_MAXPOOL] = KIND_POOL, [OP_AVGPOOL] = KIND_POOL, [OP_LRN] = KIND_NORM,
        [OP_DROPOUT] = KIND_DROPOUT, [OP_FC] = KIND_FC, [OP_SOFTMAX] = KIND_SOFTMAX, [OP_CONCAT] = KIND_CONV,
    };
    _Static_assert(sizeof kinds / sizeof kinds[0] == OP_COUNT, "every op has a colour");
    return kinds[op];
}

void part_layer_title(const Model *m, int layer, char *out, size_t size)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[layer];
    const char *slash = strchr(l->name, '/');
    if (walk_is_module(net, layer))
        snprintf(out, size, "inception %s", net->modules[l->module].title);
    else if (l->module >= 0 && slash != NULL)
        snprintf(out, size, "%s / %s", net->modules[l->module].title, slash + 1);
    else if (slash != NULL)
        snprintf(out, size, "%.*s / %s", (int)(slash - l->name), l->name, slash + 1);
    else
        snprintf(out, size, "%s", l->name);
}

void part_layer_address(const Model *m, int layer, char *out, size_t size)
{
    cursor_text(model_net(m), (Cursor){layer, -1, -1, -1}, out, size);
}

const char *part_key_text(const char *key, char out[PART_KEY_MAX])
{
    static const char *const names[][2] = {{"Left", "←"}, {"Right", "→"}, {"Up", "↑"}, {"Down", "↓"}, {"Escape", "Esc"}};
    const char *plus = strrchr(key, '+'), *last = plus != NULL && plus[1] != '\0' ? plus + 1 : key, *name = last;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(last, names[i][0]) == 0)
            name = names[i][1];
    char *shown = out + (last - key);
    snprintf(out, PART_KEY_MAX, "%.*s%s", (int)(last - key), key, name);
    if (shown[0] >= 'a' && shown[0] <= 'z' && shown[1] == '\0')
        shown[0] = (char)(shown[0] - 'a' + 'A');
    return shown;
}

void part_verb_tip(Ui *ui, const Model *m, Rect place, Str tip, Verb verb)
{
    char key[PART_KEY_MAX], text[512];
    part_key_text(verb_key(verb), key);
    snprintf(text, sizeof text, key[0] != '\0' ? "%s · %s" : "%s", model_text(m, tip), key);
    ui_tip(ui, place, TIP_BELOW, text);
}

void part_says(const Model *m, int layer, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[layer];
    char shape[NUM_MAX];
    switch (l->op) {
    case OP_INPUT: snprintf(out, size, "%s", model_text(m, STR_SAYS_INPUT)); break;
    case OP_CONV: snprintf(out, size, model_text(m, STR_SAYS_CONV), l->out.c, l->in.c / l->groups, l->k, l->k); break;
    case OP_MAXPOOL: snprintf(out, size, model_text(m, STR_SAYS_MAXPOOL), l->k, l->k); break;
    case OP_AVGPOOL:
        snprintf(out, size, model_text(m, STR_SAYS_AVGPOOL), l->k > 0 ? l->k : l->in.h, l->k > 0 ? l->k : l->in.w);
        break;
    case OP_LRN: snprintf(out, size, model_text(m, STR_SAYS_LRN), l->lrn_size); break;
    case OP_DROPOUT: snprintf(out, size, model_text(m, STR_SAYS_DROPOUT), 100 * (double)l->dropout_p); break;
    case OP_FC: snprintf(out, size, model_text(m, STR_SAYS_FC), l->out.c, (int)shape_size(l->in)); break;
    case OP_SOFTMAX: snprintf(out, size, "%s", model_text(m, STR_SAYS_SOFTMAX)); break;
    case OP_CONCAT: snprintf(out, size, model_text(m, STR_SAYS_MODULE), num_shape(shape, model_net(m)->layers[model_net(m)->modules[l->module].input].out)); break;
    case OP_COUNT: out[0] = '\0'; break;
    }
}

Cursor part_focus(const Model *m)
{
    return m->hover.layer >= 0 && m->hover.channel >= 0 ? m->hover : m->cursor;
}

const char *part_branch_title(const Model *m, Branch branch)
{
    static const char *const titles[BRANCH_COUNT] = {[BRANCH_1X1] = "1×1", [BRANCH_3X3] = "3×3", [BRANCH_5X5] = "5×5"};
    return branch == BRANCH_POOL ? model_text(m, STR_POOL) : titles[branch];
}

void part_class_name(const Model *m, int class_index, char *out, size_t size)
{
    char scratch[64];
    const char *label = model_label(m, class_index, scratch, sizeof scratch);
    snprintf(out, size, "%.*s", (int)strcspn(label, ","), label);
}

const char *part_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* What the classes are is known only from the weight file's name: flowers.safetensors. */
static bool are_flowers(const char *path)
{
    return strncmp(part_file_name(path), "flowers.", 8) == 0;
}

void part_network_name(const Model *m, bool with_classes, char *out, size_t size)
{
    const WeightsInfo *info = &m->source->source.info;
    static const char *const addition[] = {",", " (", "（"}; /* what begins one: "AlexNet, in two groups" */
    const char *title = str_title(m->screen.lang, model_net(m)->title, model_net(m)->title_zh);
    size_t bytes = strlen(title);
    for (size_t i = 0; i < sizeof addition / sizeof addition[0]; i++) {
        const char *at = strstr(title, addition[i]);
        bytes = at != NULL && (size_t)(at - title) < bytes ? (size_t)(at - title) : bytes;
    }
    const int classes = net_scores(model_net(m), 0);
    const size_t n = (size_t)snprintf(out, size, "%.*s", (int)bytes, title);
    if (with_classes && classes > 0 && n < size)
        snprintf(out + n, size - n, model_text(m, are_flowers(info->path) ? STR_NAME_FLOWERS : STR_NAME_CLASSES), classes);
}

Branch part_branch_of(const Module *module, int channel)
{
    int b = 0;
    while (b + 1 < BRANCH_COUNT && channel >= module->offset[b + 1])
        b++;
    return (Branch)b;
}

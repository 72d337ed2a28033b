/* weights_onnx.c - reads the weights of an ONNX model (onnx.proto): the graph's initializers and constants are the tensors.
 * weights_onnx_names.c gives them their names. */
#include "engine/io/weights_onnx_graph.h"
#include "engine/io/weights_onnx_tensor.h"
#include "engine/io/weights_readers.h"

#include <stdlib.h>
#include <string.h>

enum { MODEL_PRODUCER = 2, MODEL_GRAPH = 7, MODEL_OPSET = 8, MODEL_METADATA = 14 };

/* ModelProto begins with ir_version (1); then comes another of its fields, with its type. */
bool onnx_recognise(const TensorFile *file)
{
    const unsigned char *bytes = file->bytes;
    if (file->size < 3 || bytes[0] != 0x08 || bytes[1] < 1 || bytes[1] > 31)
        return false;
    const unsigned number = bytes[2] >> 3, type = bytes[2] & 7;
    return number == 5 ? type == WIRE_VARINT : type == WIRE_BYTES && ((number >= 2 && number <= 8) || number == 14);
}

/* What the graph shows before its names matter. */
static bool check_graph(const TensorFile *file, const OnnxGraph *graph, Err *err)
{
    const Wire op = graph->integer.at != NULL ? graph->integer : graph->strange;
    const int length = op.end - op.at < 40 ? (int)(op.end - op.at) : 40;
    if (graph->integer.at != NULL)
        return err_set(err, "%s: a quantised ONNX model, whose convolutions compute with integers (%.*s); take the float model, or one with "
                            "QuantizeLinear and DequantizeLinear around float convolutions", file->path, length, (const char *)op.at);
    if (graph->strange.at != NULL)
        return err_set(err, "%s: its graph has the operator %.*s in a place where no GoogLeNet has it, so the weights alone would answer something "
                            "else; export the plain network", file->path, length, (const char *)op.at);
    return true;
}

static bool read_graph(TensorFile *file, Wire whole, Err *err)
{
    WireField field;
    OnnxGraph *graph = calloc(1, sizeof *graph);
    bool good = graph != NULL || err_set(err, "%s: not enough memory", file->path);
    for (Wire w = whole; good && wire_next(&w, &field);)
        if (wire_is(&field, ONNX_GRAPH_INITIALIZER, WIRE_BYTES))
            good = onnx_add_tensor(file, field.bytes, (Wire){NULL, NULL}, err);
    Wire w = whole;
    while (good && wire_next(&w, &field))
        if (wire_is(&field, ONNX_GRAPH_NODE, WIRE_BYTES))
            good = onnx_add_node(file, graph, whole, field.bytes, err);
    if (good && !wire_ok(&w))
        good = err_set(err, "%s: the ONNX graph is broken or ends early; get the file again", file->path);
    if (good && file->count == 0)
        good = err_set(err, "%s: an ONNX graph without weights; export it with them (torch.onnx.export's export_params=True)",
                       file->path);
    if (good && graph->dequantised > 0)
        onnx_drop_scales(file, whole);
    good = good && check_graph(file, graph, err) && onnx_name_tensors(file, graph, err);
    if (good && graph->dequantised > 0)
        tensor_file_remark(file, "%d quantised tensors dequantised; maps are not rounded", graph->dequantised);
    free(graph);
    return good;
}

/* One of the model's strings, StringStringEntryProto: key 1, value 2. Only those that export_onnx.c writes. */
static bool take_string(TensorFile *file, Wire pair)
{
    const struct {
        const char *key;
        char **value;
    } strings[] = {{"network", &file->network}, {"labels", &file->labels}, {"preprocess", &file->preprocess}, {"trained", &file->trained}};
    WireField field;
    Wire key = {NULL, NULL}, value = {NULL, NULL};
    while (wire_next(&pair, &field)) {
        if (wire_is(&field, 1, WIRE_BYTES))
            key = field.bytes;
        if (wire_is(&field, 2, WIRE_BYTES))
            value = field.bytes;
    }
    for (size_t i = 0; key.at != NULL && value.at != NULL && i < sizeof strings / sizeof *strings; i++)
        if (wire_text_is(key, strings[i].key) && *strings[i].value == NULL) {
            *strings[i].value = strndup((const char *)value.at, (size_t)(value.end - value.at));
            return *strings[i].value != NULL;
        }
    return true;
}

/* What our own files say about themselves. Other programs may mean something else by these words. */
static bool take_metadata(TensorFile *file, Err *err)
{
    Wire w = {file->bytes, (const unsigned char *)file->bytes + file->size};
    WireField field;
    bool ours = false, good = true;
    for (Wire all = w; wire_next(&all, &field);)
        ours = ours || (wire_is(&field, MODEL_PRODUCER, WIRE_BYTES) && wire_text_is(field.bytes, "inceptoscope"));
    while (ours && good && wire_next(&w, &field))
        good = !wire_is(&field, MODEL_METADATA, WIRE_BYTES) || take_string(file, field.bytes);
    return good || err_set(err, "%s: not enough memory", file->path);
}

bool onnx_read(TensorFile *file, Err *err)
{
    Wire w = {file->bytes, (const unsigned char *)file->bytes + file->size}, graph = {NULL, NULL};
    WireField field;
    bool opset = false;
    while (wire_next(&w, &field)) {
        if (wire_is(&field, MODEL_GRAPH, WIRE_BYTES))
            graph = field.bytes;
        opset = opset || wire_is(&field, MODEL_OPSET, WIRE_BYTES);
    }
    if (!wire_ok(&w) || graph.at == NULL || !opset)
        return err_set(err, "%s: looks like an ONNX model, but is broken or ends early (%zu bytes); get it again",
                       file->path, file->size);
    return take_metadata(file, err) && read_graph(file, graph, err);
}

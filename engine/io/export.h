/* export.h - a network for other programs: an ONNX model with its weights, or a PyTorch module without. */
#ifndef INCEPTOSCOPE_EXPORT_H
#define INCEPTOSCOPE_EXPORT_H

#include "engine/net/net.h"

typedef struct ExportNotes {    /* metadata of the file, each may be NULL; and how weights are stored */
    const char *labels;         /* class names as a JSON list */
    const char *trained;        /* how the weights were trained */
    int bits;                   /* round the weights like quantize.h and store int8 and scales, with DequantizeLinear behind them; 0: float32 */
} ExportNotes;

/* Writes the main path as an ONNX model, opset 13, for any ONNX engine. The batch dimension is free. The network must have no
 * auxiliary heads (NetOptions.no_heads). Like PyTorch's export of a module: parameters have their names of param_file_name, dropouts
 * and the last softmax are left out, so the output is the class scores; batch norm stays a node of its own, so that every number
 * comes back when the file is opened here. Other values have the names of the layers, NAME and NAME:pre. metadata: network,
 * preprocess (see preprocess_json), labels, trained. `weights`: net->weight_count floats. */
bool export_onnx(const char *path, const Net *net, const float *weights, const ExportNotes *notes, Err *err);

/* Writes PyTorch code: one nn.Module whose state_dict has the names of param_file_name and which computes what the network does,
 * with its auxiliary heads in training. False and a message if Python or PyTorch cannot express a name. */
bool export_torch(const char *path, const Net *net, Err *err);

/* How a picture becomes the network's input, as JSON: {"resize": "exact", "size": [h, w]} or {"resize": "shorter side", "size": n,
 * "crop": [h, w]}, then "channels" ("RGB", "BGR" or "grey"), "divide" (255 or 1), "mean", "std" per channel: (v / divide - mean) / std.
 * From malloc; NULL if out of memory. */
char *preprocess_json(const Net *net);

#endif

/* file_kind_proto.c - see file_kind_proto.h. Field numbers are those of caffe.proto, Model.proto (Core ML), saved_model.proto,
 * graph.proto and meta_graph.proto (TensorFlow), caffe2.proto and framework.proto (Paddle). */
#include "engine/io/file_kind_proto.h"
#include "engine/io/wire.h"

enum { NUMBERS = 10, FIELDS_MAX = 1000 };

/* The fields of one message. */
typedef struct Fields {
    int count;                  /* complete ones, and the last if it is cut */
    bool varint[NUMBERS], bytes[NUMBERS], fixed[NUMBERS]; /* by number: whether it comes with this type */
    Wire first[NUMBERS];        /* the first value of bytes */
    uint32_t highest;
    bool broken;                /* not protobuf */
} Fields;

/* Like wire_next, but the last value may be cut short. */
static bool next_field(Wire *wire, WireField *field, bool *broken)
{
    Wire before = *wire;
    uint64_t tag, length;
    if (wire->at == wire->end)
        return false;
    if (wire_next(wire, field))
        return true;
    if (!wire_varint(&before, &tag) || (tag & 7) != WIRE_BYTES || tag >> 3 == 0 || tag >> 3 > 100000 || !wire_varint(&before, &length) ||
        length < (uint64_t)(before.end - before.at)) {
        *broken = true;
        return false;
    }
    *field = (WireField){.number = (uint32_t)(tag >> 3), .type = WIRE_BYTES, .bytes = before};
    *wire = (Wire){before.end, before.end};
    return true;
}

static Fields read_fields(Wire wire)
{
    Fields f = {0};
    WireField field;
    while (f.count < FIELDS_MAX && next_field(&wire, &field, &f.broken)) {
        f.count++;
        f.highest = field.number > f.highest ? field.number : f.highest;
        if (field.number >= NUMBERS)
            continue;
        bool *const types = field.type == WIRE_VARINT ? f.varint : field.type == WIRE_BYTES ? f.bytes : f.fixed;
        types[field.number] = true;
        if (field.type == WIRE_BYTES && f.first[field.number].at == NULL)
            f.first[field.number] = field.bytes;
    }
    return f;
}

static Fields top(const unsigned char *bytes, size_t size)
{
    return read_fields((Wire){bytes, bytes + size});
}

static int first_byte(Wire w)
{
    return w.at != NULL && w.at < w.end ? *w.at : -1;
}

/* Whether a message begins with a text of 1 to 200 bytes as field 1. */
static bool begins_with_text(Wire w)
{
    if (w.at == NULL || w.end - w.at < 3 || w.at[0] != 0x0a || w.at[1] < 1 || w.at[1] > 200)
        return false;
    for (const unsigned char *p = w.at + 2; p < w.end && p < w.at + 2 + w.at[1]; p++)
        if (*p < 0x20 || *p > 0x7e)
            return false;
    return true;
}

/* BlobProto: num, channels, height, width 1 to 4, data 5, diff 6, shape 7, double_data 8. */
bool is_caffe_mean(const unsigned char *bytes, size_t size)
{
    const Fields f = top(bytes, size);
    const bool old = f.varint[1] && f.varint[2] && f.varint[3] && f.varint[4], plain = f.bytes[7] && !f.varint[1];
    return !f.broken && (f.bytes[5] || f.fixed[5] || f.bytes[8]) && (old || plain) && f.highest <= 9 && !f.bytes[1] && !f.bytes[2] && !f.bytes[3] && !f.bytes[4];
}

/* SolverState: iter 1, learned_net 2, history (BlobProto) 3, current_step 4. */
bool is_caffe_solver_state(const unsigned char *bytes, size_t size)
{
    const Fields f = top(bytes, size);
    const int blob = first_byte(f.first[3]);
    return !f.broken && f.varint[1] && f.highest <= 4 && !f.varint[2] && !f.bytes[4] && f.bytes[3] &&
           (blob == 0x08 || blob == 0x2a || blob == 0x3a || blob == 0x42);
}

/* Model: specificationVersion 1, description 2, isUpdatable 10, then one of the kinds of models, 200 and above. */
bool is_core_ml(const unsigned char *bytes, size_t size)
{
    const Fields f = top(bytes, size);
    return !f.broken && f.varint[1] && !f.varint[2] && f.highest >= 200 && f.highest < 4000 && !f.bytes[7] && !f.bytes[8];
}

/* SavedModel: saved_model_schema_version 1, meta_graphs 2. */
bool is_tensorflow_saved_model(const unsigned char *bytes, size_t size)
{
    const Fields f = top(bytes, size);
    return !f.broken && f.varint[1] && f.bytes[2] && f.highest == 2 && first_byte(f.first[2]) == 0x0a;
}

/* GraphDef: node 1 (NodeDef: name 1, op 2), library 2, version 3, versions 4. */
static bool is_graph(Fields f)
{
    const Fields node = read_fields(f.first[1].at != NULL ? f.first[1] : (Wire){(const unsigned char *)"", (const unsigned char *)""});
    return !f.broken && f.bytes[1] && f.highest <= 5 && !f.varint[2] && begins_with_text(f.first[1]) && node.bytes[2] && !node.varint[2];
}

bool is_tensorflow_graph(const unsigned char *bytes, size_t size)
{
    return is_graph(top(bytes, size));
}

/* MetaGraphDef: meta_info_def 1, graph_def 2. */
bool is_tensorflow_meta(const unsigned char *bytes, size_t size)
{
    const Fields f = top(bytes, size);
    return !f.broken && f.bytes[1] && f.bytes[2] && f.highest <= 8 && is_graph(read_fields(f.first[2]));
}

/* NetDef: name 1, op 2 (OperatorDef: input 1, output 2, name 3, type 4, arg 5), type 3. In Caffe's own NetParameter, field 2 is a
 * layer with its type as a number (field 5) and its blobs (6). */
bool is_caffe2(const unsigned char *bytes, size_t size)
{
    const Fields f = top(bytes, size);
    if (f.broken || !f.bytes[2] || f.varint[1] || f.highest >= 100)
        return false;
    const Fields op = read_fields(f.first[2]);
    return !op.broken && (op.bytes[1] || op.bytes[2]) && op.bytes[4] && !op.varint[5] && !op.bytes[6] && first_byte(op.first[4]) >= 'A' &&
           first_byte(op.first[4]) <= 'Z';
}

/* ProgramDesc: blocks 1 (BlockDesc: idx 1, parent_idx 2). */
bool is_paddle_program(const unsigned char *bytes, size_t size)
{
    const Fields f = top(bytes, size);
    const Wire block = f.first[1];
    return f.bytes[1] && f.highest <= 5 && block.at != NULL && block.end - block.at > 3 && block.at[0] == 0x08 && block.at[1] == 0 && block.at[2] == 0x10;
}

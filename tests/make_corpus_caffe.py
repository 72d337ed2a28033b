"""Caffe's weight files through protobuf, with the few messages of caffe.proto that hold weights; and the deploy.prototxt by
which OpenCV's importer runs them. Used by make_corpus.py and roundtrip_formats.py."""
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def net_parameter():
    """The class NetParameter, both generations of layers, with caffe.proto's field numbers."""
    schema = descriptor_pb2.FileDescriptorProto(name="tiny_caffe.proto", package="caffe", syntax="proto2")
    kinds = {"int64": 3, "int32": 5, "float": 2, "double": 1, "string": 9, "bytes": 12, "bool": 8}

    def message(name, fields):
        m = schema.message_type.add(name=name)
        for field, number, label, kind, packed in fields:
            f = m.field.add(name=field, number=number, label=3 if label == "repeated" else 1)
            if kind in kinds:
                f.type = kinds[kind]
                f.options.packed = packed
            else:
                f.type, f.type_name = 11, ".caffe." + kind

    message("BlobShape", [("dim", 1, "repeated", "int64", True)])
    message("BlobProto", [("num", 1, "", "int32", False), ("channels", 2, "", "int32", False), ("height", 3, "", "int32", False),
                          ("width", 4, "", "int32", False), ("data", 5, "repeated", "float", True), ("shape", 7, "", "BlobShape", False),
                          ("double_data", 8, "repeated", "double", True), ("raw_data_type", 10, "", "int32", False), ("raw_data", 12, "", "bytes", False)])
    message("BatchNormParameter", [("eps", 3, "", "float", False)])
    message("ScaleParameter", [("bias_term", 4, "", "bool", False)])
    message("V1LayerParameter", [("name", 4, "", "string", False), ("type", 5, "", "int32", False), ("blobs", 6, "repeated", "BlobProto", False)])
    message("LayerParameter", [("name", 1, "", "string", False), ("type", 2, "", "string", False), ("bottom", 3, "repeated", "string", False), ("top", 4, "repeated", "string", False),
                               ("blobs", 7, "repeated", "BlobProto", False), ("batch_norm_param", 139, "", "BatchNormParameter", False),
                               ("scale_param", 142, "", "ScaleParameter", False)])
    message("NetParameter", [("name", 1, "", "string", False), ("layers", 2, "repeated", "V1LayerParameter", False),
                             ("layer", 100, "repeated", "LayerParameter", False)])
    pool = descriptor_pool.DescriptorPool()
    pool.Add(schema)
    return message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("caffe.NetParameter"))


NetParameter = net_parameter()


def raw_blob(out, value, half):
    """As NVCaffe and DIGITS write it."""
    out.shape.dim.extend(value.shape)
    out.raw_data_type = 2 if half else 1
    out.raw_data = value.numpy().astype("<f2" if half else "<f4").tobytes()


def blob(out, value, old_shape=False, double=False):
    """Old files have four dimensions: (2,3) is (1,1,2,3)."""
    if old_shape:
        out.num, out.channels, out.height, out.width = ([1, 1, 1, 1] + list(value.shape))[-4:]
    else:
        out.shape.dim.extend(value.shape)
    (out.double_data if double else out.data).extend(value.flatten().tolist())


def write_googlenet(path, generation, weights, raw=None, norm=None, last="loss3/classifier"):
    """weights: Caffe's names with .weight and .bias. raw: "half" or "float". norm: NAME.mean, .var, .factor, .gamma, .beta and "eps",
    for a BatchNorm and a Scale in place behind each convolution; then .bias may be missing."""
    net = NetParameter(name="GoogleNet")
    for name in dict.fromkeys(k.rsplit(".", 1)[0] for k in weights):
        dense = name == last
        if raw or norm:
            layer = net.layer.add(name=name, type="InnerProduct" if dense else "Convolution", bottom=["below " + name], top=[name])
            for part in (".weight", ".bias"):
                if name + part in weights:
                    out = layer.blobs.add()
                    raw_blob(out, weights[name + part], raw == "half") if raw else blob(out, weights[name + part])
            if norm and not dense:
                layer = net.layer.add(name=name + "/bn", type="BatchNorm", bottom=[name], top=[name])
                for part in (".mean", ".var", ".factor"):
                    blob(layer.blobs.add(), norm[name + part])
                if "eps" in norm:
                    layer.batch_norm_param.eps = norm["eps"]
                layer = net.layer.add(name=name + "/scale", type="Scale", bottom=[name], top=[name])
                layer.scale_param.bias_term = True
                for part in (".gamma", ".beta"):
                    blob(layer.blobs.add(), norm[name + part])
            continue
        layer = net.layers.add(name=name, type=14 if dense else 4) if generation == 1 else \
            net.layer.add(name=name, type="InnerProduct" if dense else "Convolution")
        blob(layer.blobs.add(), weights[name + ".weight"], old_shape=generation == 1)
        blob(layer.blobs.add(), weights[name + ".bias"], old_shape=generation == 1)
    open(path, "wb").write(net.SerializeToString())


def prototxt(weights, convs, batch_norm=None, last="loss3/classifier"):
    """BVLC's deploy.prototxt without the heads; convs: (name, out, in, kernel). batch_norm: as in write_googlenet."""
    kernel = {name: k for name, _, _, k in convs}
    text = ['name: "GoogleNet"\ninput: "data"\ninput_dim: 1\ninput_dim: 3\ninput_dim: 224\ninput_dim: 224\n']

    def layer(name, kind, bottoms, parameters=""):
        text.append('layer { name: "%s" type: "%s" %s top: "%s" %s }\n' %
                    (name, kind, " ".join('bottom: "%s"' % b for b in bottoms), name, parameters))
        return name

    def conv(name, bottom):
        k = kernel[name]
        stride = 2 if name == "conv1/7x7_s2" else 1
        layer(name, "Convolution", [bottom], "convolution_param { num_output: %d kernel_size: %d pad: %d stride: %d bias_term: %s }" %
              (weights[name + ".weight"].shape[0], k, k // 2, stride, "true" if name + ".bias" in weights else "false"))
        if batch_norm:
            eps = "batch_norm_param { eps: %g }" % batch_norm["eps"] if "eps" in batch_norm else ""
            text.append('layer { name: "%s/bn" type: "BatchNorm" bottom: "%s" top: "%s" %s }\n' % (name, name, name, eps))
            text.append('layer { name: "%s/scale" type: "Scale" bottom: "%s" top: "%s" scale_param { bias_term: true } }\n' % (name, name, name))
        return layer(name + "/relu", "ReLU", [name])

    def pool(name, bottom, kind, k, stride, pad):
        return layer(name, "Pooling", [bottom], "pooling_param { pool: %s kernel_size: %d stride: %d pad: %d }" % (kind, k, stride, pad))

    def norm(name, bottom):
        return layer(name, "LRN", [bottom], "lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }")

    x = norm("pool1/norm1", pool("pool1", conv("conv1/7x7_s2", "data"), "MAX", 3, 2, 0))
    x = pool("pool2", norm("conv2/norm2", conv("conv2/3x3", conv("conv2/3x3_reduce", x))), "MAX", 3, 2, 0)
    for m in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"):
        p = "inception_%s/" % m
        branches = [conv(p + "1x1", x), conv(p + "3x3", conv(p + "3x3_reduce", x)), conv(p + "5x5", conv(p + "5x5_reduce", x)),
                    conv(p + "pool_proj", pool(p + "pool", x, "MAX", 3, 1, 1))]
        x = layer(p + "output", "Concat", branches)
        if m in ("3b", "4e"):
            x = pool("pool%s" % m, x, "MAX", 3, 2, 0)
    x = pool("pool5", x, "AVE", 7, 1, 0)
    layer(last, "InnerProduct", [x], "inner_product_param { num_output: %d }" % weights[last + ".bias"].shape[0])
    return "".join(text)

/* test_fit.c - which network a weight file is for, what it holds beside that network's tensors, and what is refused: on files
 * that the program writes itself, of full size. What PyTorch, ONNX and Caffe write: tests/cli_formats.sh. */
#include "engine/base/safe_file.h"
#include "engine/io/weights.h"
#include "tests/check.h"
#include "tests/temp_folder.h"

/* Random weights of a network: .pth, or safetensors of F16, which names the network. */
static void write_weights(const char *network, const NetOptions *options, bool pth)
{
    Err err = {""};
    Net *net = net_open(network, "assets/networks", options, &err);
    CHECK(net != NULL, "%s", err.text);
    float *weights = malloc(net->weight_count * sizeof *weights);
    weights_random(net, 1, weights);
    CHECK(pth ? weights_save_pth(inside("weights"), net, weights, &err) : weights_save(inside("weights"), net, weights, DTYPE_F16, NULL, &err), "%s", err.text);
    free(weights);
    net_free(net);
}

/* Opens the file; the note must hold every word. */
static void check_opens(const char *network, const char *chosen, int classes, const char *why, const char *note)
{
    Net *net;
    float *weights;
    WeightsInfo info;
    Err err = {""};
    CHECK(weights_load(inside("weights"), network, "assets/networks", &net, &weights, &info, &err), "%s", err.text);
    CHECK(strcmp(info.network, chosen) == 0 && info.classes == classes && net_scores(net, 0) == classes, "%s (%d)", info.network, info.classes);
    CHECK(strstr(info.why, why) != NULL, "%s", info.why);
    CHECK(strstr(info.note, note) != NULL, "%s", info.note);
    net_free(net);
    free(weights);
    weights_info_free(&info);
}

/* D1, D3: auxiliary heads are kept aside, and the last layer's rows are the classes. */
static void test_heads_and_classes(void **state)
{
    (void)state;
    write_weights("googlenet", &(NetOptions){.classes = 5}, true);
    check_opens(NULL, "googlenet", 5, "conv biases", "12 aux tensors kept for the training view, unused in prediction");
    write_weights("googlenet", &(NetOptions){.classes = 10, .no_heads = true}, true);
    check_opens(NULL, "googlenet", 10, "conv biases", "no auxiliary heads in the file");
}

/* A13, D2: batch norm means torchvision's network, whose published heads nobody trained. */
static void test_torchvision(void **state)
{
    (void)state;
    write_weights("torchvision_googlenet", NULL, false);
    check_opens(NULL, "torchvision_googlenet", 1000, "named in the file", "torchvision never trained the heads");
    write_weights("torchvision_googlenet", &(NetOptions){.classes = 7, .no_heads = true}, true);
    check_opens(NULL, "torchvision_googlenet", 7, "batch norm", "no auxiliary heads");
}

/* B7: Caffe's weights in the tutorial's network lack the layers that they were trained with. */
static void test_caffe(void **state)
{
    (void)state;
    write_weights("bvlc_googlenet", &(NetOptions){.no_heads = true}, true);
    check_opens(NULL, "bvlc_googlenet", 1000, "Caffe's layer names", "no auxiliary heads");
    check_opens("googlenet", "googlenet", 1000, "as asked for", "trained with LRN layers, which this network does not have");
}

static void check_refused(const char *network, const char *words)
{
    Net *net = NULL;
    float *weights = NULL;
    WeightsInfo info;
    Err err = {""};
    CHECK(!weights_load(inside("weights"), network, "assets/networks", &net, &weights, &info, &err) && net == NULL && weights == NULL, "opened");
    CHECK(strstr(err.text, words) != NULL && strncmp(err.text, inside("weights"), strlen(inside("weights"))) == 0, "%s", err.text);
}

/* A14, D4: other architectures are named, and a file that fits partly is not loaded partly. */
static void test_strangers(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"Mixed_5b.branch1x1.conv.weight", "Inception v3 (299 x 299 pixels)"}, {"AuxLogits.fc.weight", "Inception v3"},
        {"layer1.0.conv1.weight", "a ResNet"},                                 {"features.0.weight", "an AlexNet or VGG"},
        {"features.denseblock1.x", "a DenseNet"},                              {"encoder.layers.0.x", "a transformer"},
        {"arr_0", "no names"},                                                 {"something", "none of its 1 tensors (something, ...)"},
        {"line\\nbreak", "line?break"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char bytes[300] = {0};
        const int length = snprintf(bytes + 8, sizeof bytes - 8, "{\"%s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", names[i][0]);
        bytes[0] = (char)length;
        Err err = {""};
        CHECK(safe_file_put(inside("weights"), bytes, (size_t)length + 12, &err), "%s", err.text);
        check_refused(NULL, names[i][1]);
    }
    write_weights("googlenet", &(NetOptions){.classes = 5}, true);
    check_refused("torchvision_googlenet", "nothing was loaded; 9 of another shape (inception3a.branch3.1.conv.weight is 32x16x5x5, not 32x16x3x3)");
    check_refused("torchvision_googlenet", "missing (conv1.bn.weight");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_heads_and_classes),
    cmocka_unit_test(test_torchvision),
    cmocka_unit_test(test_caffe),
    cmocka_unit_test(test_strangers),
};

int main(void)
{
    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}

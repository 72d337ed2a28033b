/* test_never_half.c - one tensor of a weight file under another name: the file opens with the same weights, bit for bit, or is refused.
 * On files of full size, with the networks that the names choose. Removed and added tensors, in every format: tests/cli_never_half.sh. */
#include "engine/io/weights.h"
#include "tests/check.h"
#include "tests/temp_folder.h"

#include <unistd.h>

/* Where the names of tensors begin in the file's header; returns how many. */
static int find_names(FILE *file, long *places, int most)
{
    unsigned char length[8];
    assert_true(fread(length, 1, 8, file) == 8);
    const size_t size = length[0] | (size_t)length[1] << 8 | (size_t)length[2] << 16;
    char *header = malloc(size + 1);
    assert_true(fread(header, 1, size, file) == size);
    header[size] = '\0';
    int count = 0;
    for (const char *p = header; (p = strstr(p, "\":{\"dtype\"")) != NULL && count < most; p++)
        places[count++] = 8 + (long)(p - header) - 1; /* the name's last letter */
    free(header);
    return count;
}

static size_t main_count(const Net *net)
{
    size_t count = 0;
    for (int i = 0; i < net->param_count; i++)
        count += net->layers[net->params[i].layer].head == 0 ? net->params[i].count : 0;
    return count;
}

static void check_network(const char *network, bool heads, int step)
{
    enum { MOST = 400 };
    Err err = {""};
    NetOptions options = {.classes = 5, .no_heads = !heads};
    Net *net = net_open(network, "assets/networks", &options, &err);
    CHECK(net != NULL, "%s", err.text);
    float *weights = malloc(net->weight_count * sizeof *weights);
    weights_random(net, 1, weights);
    CHECK(weights_save(inside("weights"), net, weights, DTYPE_F32, NULL, &err), "%s", err.text);
    long places[MOST];
    FILE *file = fopen(inside("weights"), "r+b");
    const int count = find_names(file, places, MOST);
    assert_true(count == net->param_count);
    int opened = 0;
    for (int i = 0; i < count; i += step) {
        Net *found = NULL;
        float *values = NULL;
        WeightsInfo info;
        fseek(file, places[i], SEEK_SET);
        const int letter = fgetc(file);
        fseek(file, places[i], SEEK_SET);
        fputc(letter == 'x' ? 'y' : 'x', file);
        fflush(file);
        if (weights_load(inside("weights"), NULL, "assets/networks", &found, &values, &info, &err)) {
            opened++;
            CHECK(strcmp(found->name, network) == 0, "tensor %d: %s", i, found->name);
            CHECK(memcmp(values, weights, main_count(net) * sizeof *values) == 0, "tensor %d: other weights", i);
            net_free(found);
            free(values);
            weights_info_free(&info);
        } else {
            CHECK(strstr(err.text, inside("weights")) != NULL && strstr(err.text, "; ") != NULL, "%s", err.text);
        }
        fseek(file, places[i], SEEK_SET);
        fputc(letter, file);
    }
    int in_heads = 0;
    for (int i = 0; i < net->param_count; i += step)
        in_heads += net->layers[net->params[i].layer].head > 0;
    CHECK(opened == in_heads, "%d of %d opened, %d are of heads", opened, count, in_heads);
    fclose(file);
    free(weights);
    net_free(net);
}

static void test_tutorial(void **state)
{
    (void)state;
    check_network("googlenet", true, 3);
}

static void test_torchvision(void **state)
{
    (void)state;
    check_network("torchvision_googlenet", false, 8);
}

static void test_caffe(void **state)
{
    (void)state;
    check_network("bvlc_googlenet", false, 3);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_tutorial),
    cmocka_unit_test(test_torchvision),
    cmocka_unit_test(test_caffe),
};

int main(void)
{
    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}

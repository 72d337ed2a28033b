/* loss.c - main + 0.3 aux1 + 0.3 aux2; see loss.h. */
#include "engine/train/loss.h"

#include <string.h>

static int largest(const float *x, int count)
{
    int best = 0;
    for (int i = 1; i < count; i++)
        if (x[i] > x[best])
            best = i;
    return best;
}

void losses_add(Run *run, int head_count, const int *labels, float smoothing, int whole_batch, float *scratch,
                float *const *dlogits, int *answers, Losses *sum)
{
    const Net *net = run->net;
    const int n = run->n, classes = net_scores(net, 0);
    float *logits = scratch, *loss = scratch + (size_t)n * (size_t)classes;
    for (int h = 0; h < head_count; h++) {
        const Head *head = &net->heads[h];
        assert(net_scores(net, h) == classes);
        for (int i = 0; i < n; i++)
            run_activation(run, head->logits, i, logits + (size_t)i * (size_t)classes);
        cross_entropy_forward(loss, logits, labels, n, classes, smoothing);
        double head_sum = 0;
        for (int i = 0; i < n; i++)
            head_sum += (double)loss[i];
        sum->head[h] += head_sum;
        sum->total += (double)head->loss_weight * head_sum;
        if (dlogits != NULL) {
            memset(dlogits[h], 0, (size_t)n * (size_t)classes * sizeof(float));
            cross_entropy_backward(dlogits[h], logits, labels, n, classes, smoothing,
                                   head->loss_weight / (float)whole_batch);
        }
        if (h > 0)
            continue;
        for (int i = 0; i < n; i++) {
            int answer = largest(logits + (size_t)i * (size_t)classes, classes);
            sum->correct += answer == labels[i];
            if (answers != NULL)
                answers[i] = answer;
        }
    }
}

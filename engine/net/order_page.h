/* order_page.h - one value, added up in the orders of two engines (order.h), and how far apart the engines are, layer by layer. */
#ifndef INCEPTOSCOPE_ORDER_PAGE_H
#define INCEPTOSCOPE_ORDER_PAGE_H

#include "engine/net/order.h"
#include "engine/net/run.h"

/* A way in which an engine may add; which one it is shows in its bits. ORDER_UNKNOWN: it adds other products, or too few values show it. */
typedef enum OrderWay { ORDER_AS_REFERENCE, ORDER_FUSED, ORDER_TILES, ORDER_TILES_FUSED, ORDER_WAYS, ORDER_UNKNOWN = ORDER_WAYS } OrderWay;

typedef struct OrderPage {
    Unit unit;
    Explanation e; Term *terms; /* of the reference engine's maps; NULL: no page */
    float *sums, *other_sums;   /* e.term_count each: after each addition; other_sums and other_order only if `way` is known */
    int *other_order;           /* indices of terms, in the other engine's order */
    OrderWay way;
    float other, other_own;     /* the other engine's value: of the reference's inputs, and of its own */
    char kernel[128], kernels[32]; /* the other engine's for this layer, and the instructions it uses */
    MapDifference *layers;      /* of the main path, net->main_count */
    int answers[2];             /* the likeliest class of the reference and of the other engine; -1: no scores */
    float scores[2];
} OrderPage;

/* Whether a value of this layer has such a page: of a convolution or a fully connected layer of the main path. */
bool order_allowed(const Net *net, int layer);
/* maps: the reference engine's, of the main path (exact.h). other: a run of another engine with weights and one picture, whose maps are
 * computed here. False if out of memory. Ends with order_page_free. */
bool order_page(const Net *net, const float *weights, const float *const *maps, Run *other, Unit unit, OrderPage *out, Err *err);
void order_page_free(OrderPage *page);
/* The first addition that takes another term, and the first after which the sums differ; e.term_count if there is none. `way` is known. */
int order_parts_at(const OrderPage *page);
int order_sums_part_at(const OrderPage *page);

#endif

/* order_model.h - one value in the orders of two engines (engine/net/order_page.h), in the background (side_job.h); and sums in random orders. */
#ifndef INCEPTOSCOPE_ORDER_MODEL_H
#define INCEPTOSCOPE_ORDER_MODEL_H

#include "app/model/exact_model.h"
#include "engine/net/order_page.h"

typedef struct OrderJob {
    Unit unit;
    const float *const *maps;   /* borrowed: the ExactModel must keep them while the job runs */
    OrderPage page;
} OrderJob;

typedef struct OrderModel {
    int seed;                   /* of the random order that is looked at, from 1 */
    OrderPage page;             /* page.terms NULL: none yet */
    Unit unit; SideKey key;     /* what was asked for last */
    Err problem;                /* why there is none, or "" */
    OrderJob next;              /* the job's, so an OrderModel must not move in memory while busy */
    SideJob *job;
} OrderModel;

/* Takes a finished page and starts what is wanted, once the reference engine's maps are there. Call in each frame. */
void order_want(OrderModel *o, const SideWish *wish, Unit unit, const ExactModel *exact);
/* While nobody looks: stops an unfinished job. */
void order_rest(OrderModel *o);
/* The page of this unit; while it is being computed the last one of the same layer. NULL if there is none. */
const OrderPage *order_shown(const OrderModel *o, Unit unit);
bool order_busy(const OrderModel *o);
void order_model_close(OrderModel *o);  /* waits for the thread */

#endif

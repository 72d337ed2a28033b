/* order_model.c - see order_model.h. */
#include "app/model/order_model.h"

static bool work(SideJob *job, void *result, Err *err)
{
    OrderJob *j = result;
    const Net *net = side_job_net(job);
    Run *fast = run_new(&fast_engine, net, &(RunOptions){.batch = 1}, err);
    if (fast == NULL)
        return false;
    run_weights(fast, side_job_weights(job));
    run_input(fast, side_job_input(job), 1);
    const bool good = !side_job_stopped(job) && order_page(net, side_job_weights(job), j->maps, fast, j->unit, &j->page, err);
    run_free(fast);
    return good;
}

/* A job that was stopped leaves nothing, and is started again if it is still wanted. */
static void take(OrderModel *o)
{
    Err err = {""};
    const bool good = side_job_end(o->job, &err);
    o->job = NULL;
    if (good || err.text[0] != '\0')
        o->problem = good ? (Err){""} : err;
    else
        o->key = (SideKey){.source = NULL};
    if (!good)
        return;
    order_page_free(&o->page);
    o->page = o->next.page;
    o->next.page = (OrderPage){.terms = NULL};
}

void order_want(OrderModel *o, const SideWish *wish, Unit unit, const ExactModel *exact)
{
    SideWish own = *wish;
    own.key.engine = NULL;      /* it is always these two */
    own.key.label = 0;
    if (o->job != NULL && side_job_done(o->job))
        take(o);
    const bool same = unit_same(o->unit, unit) && side_key_same(&o->key, &own.key);
    if (!same)
        side_job_stop(o->job);
    if (o->job != NULL || exact_shown(exact) == NULL || (same && (o->page.terms != NULL || o->problem.text[0] != '\0')))
        return;
    o->unit = unit;
    o->key = own.key;
    o->problem.text[0] = '\0';
    o->next.unit = unit;
    o->next.maps = exact_shown(exact);
    o->job = side_job_start(&own, work, &o->next);
    if (o->job == NULL)
        side_job_none(&o->problem);
}

void order_rest(OrderModel *o)
{
    side_job_stop(o->job);
    if (o->job != NULL && side_job_done(o->job))
        take(o);
}

const OrderPage *order_shown(const OrderModel *o, Unit unit)
{
    const bool old = o->job != NULL && o->page.unit.layer == unit.layer;
    return o->page.terms != NULL && (old || unit_same(o->page.unit, unit)) ? &o->page : NULL;
}

bool order_busy(const OrderModel *o)
{
    return o->job != NULL;
}

void order_model_close(OrderModel *o)
{
    if (o->job != NULL) {
        side_job_stop(o->job);
        take(o);
    }
    order_page_free(&o->page);
    o->key = (SideKey){.source = NULL};
}

/* groups_model.h - neuron groups of the layer where one is (engine/net/groups.h), and what each gives to a class (engine/net/share.h), for the
 * current picture, in the background. */
#ifndef INCEPTOSCOPE_GROUPS_MODEL_H
#define INCEPTOSCOPE_GROUPS_MODEL_H

#include "app/model/kept_run.h"
#include "engine/net/groups.h"

enum { GROUPS_TOP = 5, GROUPS_LEAST = 4, GROUPS_MOST = 6 }; /* channels named for a group; how many groups can be chosen */

typedef struct GroupsResult {
    Groups groups;              /* count 0: an empty map */
    int layer, class_index;     /* class -1: not all of a score passes through the layer, so no group gives anything to one */
    Shape shape;
    double gives[GROUPS_MAX], part[GROUPS_MAX]; /* to the class's score; of the total strength */
    int top[GROUPS_MAX][GROUPS_TOP], top_count[GROUPS_MAX];
    double most;                /* the largest strength of any place */
} GroupsResult;

typedef struct GroupsJob {
    KeptRun kept;
    Stop stop;
    int layer, count, class_index;
    GroupsResult result;
} GroupsJob;

typedef struct GroupsModel {
    int count;                  /* chosen */
    GroupsResult result;        /* of `key`, `layer` and `asked` */
    bool there;
    SideKey key; int layer, asked;
    Err problem;                /* why there is none, or "" */
    GroupsJob next;             /* the job's, so a GroupsModel must not move in memory while busy */
    SideJob *job;
} GroupsModel;

/* Takes a finished result and starts what is wanted: the wish's label is the class, or -1. Call in each frame. */
void groups_want(GroupsModel *g, const SideWish *wish, int layer);
/* While nobody looks: stops an unfinished job, and gives back the memory of the run. */
void groups_rest(GroupsModel *g);
/* The groups of a layer, maybe still for another number of them or another class; NULL if there are none yet. */
const GroupsResult *groups_result(const GroupsModel *g, int layer);
bool groups_busy(const GroupsModel *g);
void groups_model_close(GroupsModel *g);    /* waits for the thread */

#endif

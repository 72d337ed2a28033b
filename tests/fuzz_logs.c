/* fuzz_logs.c - libFuzzer target of the files that a training leaves beside its checkpoints, which `watch` and the window read: history.csv,
 * steps.csv, filters.npy and confusion.csv. Each reader gets the same bytes. */
#include "engine/train/confusion.h"
#include "engine/train/history.h"
#include "engine/train/train_log.h"
#include "tests/fuzz_file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    FuzzFile file = fuzz_file(bytes, size);
    Err err;
    History history;
    if (history_load(file.path, &history, &err)) {
        char *text = history_text(&history); /* what was read can be written */
        free(text);
        history_free(&history);
    }
    StepRows rows;
    if (step_rows_load(file.path, &rows, &err))
        step_rows_free(&rows);
    Filters filters;
    if (filters_load(file.path, &filters, &err))
        filters_free(&filters);
    Confusion confusion;
    if (confusion_load(file.path, &confusion, &err))
        confusion_free(&confusion);
    fuzz_file_end(&file);
    return 0;
}

/* limits.h - how large what comes from outside may be: one table of all limits on files, used by the code that refuses, by the tests, and
 * word for word by the manual page (section LIMITS). A limit is the largest value that is accepted. */
#ifndef INCEPTOSCOPE_LIMITS_H
#define INCEPTOSCOPE_LIMITS_H

/* LIMIT(NAME, value, unit, what it bounds); a kB has 1,024 bytes, a MB 1,024 kB, a GB 1,024 MB. */
#define LIMITS(LIMIT) \
    LIMIT(PICTURE_PIXELS, 1 << 26, "pixels", "in a picture that is no JPEG") \
    LIMIT(JPEG_PIXELS, 200000000, "pixels", "in a JPEG; one of more than 67,108,864 is decoded at half size") \
    LIMIT(PICTURE_MB, 512, "MB", "in the file of a picture") \
    LIMIT(WEIGHTS_GB, 4, "GB", "in a file of weights") \
    LIMIT(TENSORS, 20000, "tensors", "in a file of weights") \
    LIMIT(DIMENSIONS, 8, "dimensions", "of a tensor in a file of weights") \
    LIMIT(HEADER_MB, 16, "MB", "in the header of a .safetensors file or a checkpoint") \
    LIMIT(UNPACKED_MB, 256, "MB", "that a .npz or .pth may unpack to; eight times the file's size is added") \
    LIMIT(PICKLE_MB, 64, "MB", "in the pickle of a .pth file") \
    LIMIT(PICKLE_VALUES, 1 << 20, "values", "in the pickle of a .pth file") \
    LIMIT(STORAGES, 20000, "storages", "in a .pth file") \
    LIMIT(STORAGE_KEY, 60, "bytes", "in the key of a storage of a .pth file") \
    LIMIT(LABELS, 1 << 20, "names", "in a file of class names") \
    LIMIT(LABELS_MB, 64, "MB", "in a file of class names") \
    LIMIT(NET_MB, 4, "MB", "in a network's description") \
    LIMIT(NET_LINE, 2047, "bytes", "in a line of a network's description") \
    LIMIT(NET_WORDS, 128, "words", "in a line of a network's description") \
    LIMIT(NET_TITLE, 127, "bytes", "in a network's title") \
    LIMIT(NET_NAME, 63, "letters", "in the name of a network, a module or a layer, with the names of what it is in") \
    LIMIT(NET_LAYERS, 10000, "layers", "in a network, with those in its modules and heads") \
    LIMIT(NET_HEADS, 3, "auxiliary heads", "in a network") \
    LIMIT(NET_CHANNELS, 2147483647, "channels", "of a layer or of the input") \
    LIMIT(NET_CLASSES, 1 << 24, "classes", "of a network") \
    LIMIT(NET_SIDE, 1 << 24, "values", "in the height or width of the input") \
    LIMIT(NET_WINDOW, 1 << 15, "values", "in the kernel, the stride or the padding of a layer") \
    LIMIT(NET_GIVEN, 1 << 24, "weights", "of a network whose description gives numbers; as many values of its input") \
    LIMIT(NET_SETTINGS, 1 << 15, "settings", "that a hypothesis about a printed number may try") \
    LIMIT(COMPUTED_WEIGHTS, 1 << 30, "weights", "of a network that is computed; a larger one can only be counted") \
    LIMIT(COMPUTED_VALUES, 1 << 30, "values", "in all maps of a network that is computed; a larger one can only be counted") \
    LIMIT(EXPRESSION, 512, "bytes", "in an expression") \
    LIMIT(EXPRESSION_DEPTH, 64, "parentheses and signs", "one inside another in an expression") \
    LIMIT(LESSON_MB, 1, "MB", "in a lesson, and in a student's results") \
    LIMIT(LESSON_LINE, 4095, "bytes", "in a line of a lesson or of an exercise") \
    LIMIT(LESSON_STEPS, 500, "steps", "in a lesson") \
    LIMIT(LESSON_CHOICES, 5, "choices", "for a question of a lesson") \
    LIMIT(LESSON_EXPECTS, 20, "expect lines", "in a step of a lesson") \
    LIMIT(LESSON_NETWORKS, 16, "networks", "in a lesson") \
    LIMIT(LESSON_EXPRESSION, 255, "bytes", "between two braces in the text of a lesson") \
    LIMIT(EXERCISE_KB, 64, "kB", "in an exercise") \
    LIMIT(RESULTS, 2000, "results", "in a folder that students' results are read from") \
    LIMIT(SCRIPT_LINE, 8191, "bytes", "in a line of a script") \
    LIMIT(CONFUSION_MB, 16, "MB", "in the confusion matrix beside a history") \
    LIMIT(HISTORY_MB, 64, "MB", "in the history of a training") \
    LIMIT(PHOTOS, 100000, "photos", "in the folder of \\-\\-photos") \
    LIMIT(FOLDERS, 32, "folders", "one inside another below a folder of pictures") \
    LIMIT(TRAIN_PATH, 991, "bytes", "in the path of a training's folders") \
    LIMIT(OUT_PATH, 1023, "bytes", "in the path of a file that is written")

#define LIMIT_VALUE(name, value, unit, what) LIMIT_##name = (value),
enum { LIMITS(LIMIT_VALUE) };
#undef LIMIT_VALUE

#endif

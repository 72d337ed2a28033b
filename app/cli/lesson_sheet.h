/* lesson_sheet.h - lessons on paper: a sheet for the class, the same with its answers, and a page for the teacher. No pictures; a sheet is two
 * pages of A4 when it is printed. */
#ifndef INCEPTOSCOPE_LESSON_SHEET_H
#define INCEPTOSCOPE_LESSON_SHEET_H

#include "app/cli/lesson_files.h"

typedef enum SheetKind {
    SHEET_STUDENT,              /* terms in *emphasis* and the numbers of the answers are blanks; boxes and lines to answer on */
    SHEET_KEY,                  /* the same, filled in */
    SHEET_TEACHER,              /* goal, minutes, plan of the board, what goes wrong, all questions with their answers */
    SHEET_KINDS
} SheetKind;

typedef struct Sheets {
    SheetKind kind;
    Lang lang;
    const char *lessons, *networks; /* folders */
    const char *out;            /* for the files; made if it does not exist */
} Sheets;

/* Writes OUT/03-inception-3a-student.html and so on for the named lessons, or all, and prints the names. False after the message was printed. */
bool lesson_sheets(const Sheets *sheets, const char *const *names, int name_count);

#endif

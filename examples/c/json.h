/*
 * As much of JSON as the examples need. A real program uses a JSON parser; this relies on the members of a task being
 * three levels deep in a result, {"body":[{task}]} or {"body":{task}}.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* What the examples show of a task. A task without an id cannot be asked for. */
struct task {
    char id[128];
    char name[256];
};

/* Copies a text up to its closing quotation mark if `name` stands before it; longer ones are cut off. */
static void take(const char *text, const char *name, char *to, size_t size)
{
    const size_t length = strlen(name);
    if (strncmp(text, name, length) == 0)
        snprintf(to, size, "%.*s", (int)strcspn(text + length, "\""), text + length);
}

/* Reads the next task of a list. Begin with `*from` as the result; it moves on. False at the end. */
static bool next_task(const char **from, struct task *task)
{
    int depth = *from[0] == '{' ? 0 : 2; /* the text as a whole, or between two tasks */
    task->id[0] = task->name[0] = '\0';
    for (const char *c = *from; *c != '\0'; c++) {
        if (*c == '{' || *c == '[')
            depth++;
        else if (*c == '}' || *c == ']') {
            if (depth-- == 3) {
                *from = c + 1;
                return true;
            }
        } else if (*c == '"') {
            const char *text = c + 1;
            for (c++; *c != '"'; c++)
                c += *c == '\\';
            if (depth == 3) {
                take(text, "id\":\"", task->id, sizeof task->id);
                take(text, "uniqueName\":\"", task->name, sizeof task->name);
            }
        }
    }
    return false;
}

/* Writes a patch that ends a pending task now. */
static void patch_to_clear(char *patch, size_t size)
{
    const time_t now = time(NULL);
    char completed[32];
    strftime(completed, sizeof completed, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    snprintf(patch, size,
             "[{\"op\":\"replace\",\"path\":\"/completionStatus\",\"value\":\"TERMINATED\"},"
             "{\"op\":\"replace\",\"path\":\"/completed\",\"value\":\"%s\"}]",
             completed);
}

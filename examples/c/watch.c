/*
 * watch SECONDS [clear]: lists the pending tasks every SECONDS seconds until none is left. With `clear`,
 * first clears the one at the top of the list.
 * Set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET to choose the tenant.
 */
#include "v2024_task_management.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#define wait_seconds(seconds) Sleep(1000 * (seconds))
#else
#include <unistd.h>
#define wait_seconds(seconds) sleep(seconds)
#endif

/* Prints the result of a failed call and ends the program. */
static void give_up(char *result)
{
    fprintf(stderr, "%s\n", result);
    v2024_string_free(result);
    exit(EXIT_FAILURE);
}

/* The text after `start`, or NULL if the text does not begin with it. */
static const char *after(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0 ? text + strlen(start) : NULL;
}

/* The length of a text up to its closing quotation mark. */
static int length_of(const char *text) { return (int)strcspn(text, "\""); }

/*
 * Prints the id and the name of each task, stores the first id, and returns the number of tasks. A real
 * program uses a JSON parser; this relies on a task's members being three levels deep in the result
 * {"body":[{task}]}.
 */
static int print_tasks(const char *result, char first[64])
{
    int count = 0, depth = 0;
    for (const char *c = result; *c != '\0'; c++) {
        if (*c == '{' || *c == '[')
            depth++;
        else if (*c == '}' || *c == ']')
            depth--;
        else if (*c == '"') {
            const char *text = c + 1;
            for (c++; *c != '"'; c++)
                c += *c == '\\';
            const char *id = after(text, "id\":\""), *name = after(text, "uniqueName\":\"");
            if (depth == 3 && id != NULL) {
                if (count++ == 0)
                    snprintf(first, 64, "%.*s", length_of(id), id);
                printf("%.*s  ", length_of(id), id);
            } else if (depth == 3 && name != NULL)
                printf("%.*s\n", length_of(name), name);
        }
    }
    return count;
}

/* Lists the pending tasks, stores the id of the first one, and returns their number. */
static int list_pending(const v2024_client *client, char first[64])
{
    int32_t status;
    char *result = v2024_get_pending_tasks(client, NULL, NULL, NULL, &status);
    if (status != 200 && status != 204)
        give_up(result);
    const int count = print_tasks(result, first);
    v2024_string_free(result);
    printf("%d pending\n", count);
    return count;
}

static void clear(const v2024_client *client, const char *id)
{
    int32_t status;
    char *result = v2024_update_task_status(
        client, id,
        "[{\"op\":\"replace\",\"path\":\"/completionStatus\",\"value\":\"TERMINATED\"},"
        "{\"op\":\"replace\",\"path\":\"/completed\",\"value\":\"2025-01-02T03:04:05.006Z\"}]",
        &status);
    if (status != 200)
        give_up(result);
    v2024_string_free(result);
    printf("cleared %s\n", id);
}

int main(int count, char **arguments)
{
    if (count < 2) {
        fprintf(stderr, "usage: watch SECONDS [clear]\n");
        return 2;
    }
    char first[64];
    v2024_client *client = NULL;
    char *result = v2024_client_new(NULL, &client, NULL); /* NULL: settings from environment and files */
    if (client == NULL)
        give_up(result);
    v2024_string_free(result);
    for (int round = 0; list_pending(client, first) > 0; round++) {
        if (round == 0 && count > 2)
            clear(client, first);
        wait_seconds((unsigned)atoi(arguments[1]));
    }
    v2024_client_free(client);
    return EXIT_SUCCESS;
}

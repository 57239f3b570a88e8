/*
 * watch SECONDS [clear]: lists all pending tasks every SECONDS seconds until none is left. With `clear`, first clears
 * the one at the top of the list, which is the newest.
 * Set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET to choose the tenant.
 */
#include "json.h"
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

/* Prints the tasks of a page, stores the first one if it is the first page, and returns their number. */
static int print_tasks(const char *page, bool first_page, struct task *first)
{
    struct task task;
    int count = 0;
    for (const char *rest = page; next_task(&rest, &task); count++) {
        printf("%s  %s\n", task.id, task.name);
        if (first_page && count == 0)
            *first = task;
    }
    return count;
}

/*
 * Lists the pending tasks, stores the first one, and returns their number. "all" asks for every page: one page has at
 * most 250 tasks.
 */
static int list_pending(const v2024_client *client, struct task *first)
{
    int count = 0;
    char *message;
    v2024_call *call = v2024_call_start(client, "{\"operation\":\"get_pending_tasks\",\"all\":true}");
    while ((message = v2024_call_next(call, -1, NULL)) != NULL) {
        if (strncmp(message, "{\"kind\":\"response\"", 18) != 0)
            fprintf(stderr, "%s\n", message); /* for example a wait before a retry */
        else if (strstr(message, "\"error\":{\"code\":") != NULL)
            give_up(message);
        else
            count += print_tasks(message, count == 0, first);
        v2024_string_free(message);
    }
    v2024_call_free(call);
    printf("%d pending\n", count);
    fflush(stdout); /* what reads a pipe sees it now */
    return count;
}

static void clear(const v2024_client *client, const char *id)
{
    char patch[256];
    patch_to_clear(patch, sizeof patch);
    int32_t status;
    char *result = v2024_update_task_status(client, id, patch, &status);
    if (status != 200)
        give_up(result);
    v2024_string_free(result);
    printf("cleared %s\n", id);
}

int main(int count, char **arguments)
{
    char *end = NULL;
    const long seconds = count > 1 ? strtol(arguments[1], &end, 10) : 0;
    const bool clears = count == 3 && strcmp(arguments[2], "clear") == 0;
    if (seconds < 1 || seconds > 86400 || *end != '\0' || count > 3 || (count == 3 && !clears)) {
        fprintf(stderr, "usage: watch SECONDS [clear], with 1 to 86400 seconds\n");
        return 2;
    }
    struct task first;
    v2024_client *client = NULL;
    char *result = v2024_client_new(NULL, &client, NULL); /* NULL: settings from environment and files */
    if (client == NULL)
        give_up(result);
    v2024_string_free(result);
    for (int round = 0; list_pending(client, &first) > 0; round++) {
        if (round == 0 && clears)
            clear(client, first.id);
        wait_seconds((unsigned)seconds);
    }
    v2024_client_free(client);
    return EXIT_SUCCESS;
}

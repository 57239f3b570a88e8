/*
 * The five operations: count the pending tasks, list the newest, get it, clear it, list the newest failed task.
 * Use the sandbox: this ends the newest pending task, without a question. SAIL_BASE_URL, SAIL_CLIENT_ID and
 * SAIL_CLIENT_SECRET choose the tenant.
 */
#include "json.h"
#include "v2024_task_management.h"

#include <stdio.h>
#include <stdlib.h>

/* Prints a call and the start of its result, and frees the result, which belongs to the library. */
static void show(const char *call, char *result, int32_t status)
{
    printf("\n%s\n    %d %.240s\n", call, (int)status, result);
    v2024_string_free(result);
    if (status < 200 || status > 299)
        exit(EXIT_FAILURE);
}

int main(void)
{
    int32_t status;
    v2024_client *client = NULL;
    char *result = v2024_client_new(NULL, &client, &status); /* NULL: settings from environment and files */
    if (client == NULL) {
        fprintf(stderr, "%s\n", result);
        v2024_string_free(result);
        return EXIT_FAILURE;
    }
    v2024_string_free(result);

    const bool count = true; /* a NULL argument is not sent */
    const int32_t limit = 1;
    result = v2024_get_pending_task_headers(client, NULL, NULL, &count, &status);
    show("v2024_get_pending_task_headers(count = true)", result, status);

    result = v2024_get_pending_tasks(client, NULL, &limit, NULL, &status);
    struct task task;
    const char *rest = result;
    const bool found = status == 200 && next_task(&rest, &task);
    show("v2024_get_pending_tasks(limit = 1)", result, status);

    if (found) {
        result = v2024_get_task_status(client, task.id, &status);
        show("v2024_get_task_status(id)", result, status);

        char patch[256];
        patch_to_clear(patch, sizeof patch);
        result = v2024_update_task_status(client, task.id, patch, &status);
        show("v2024_update_task_status(id, patch)", result, status);
    }

    const char *filters = "completionStatus eq \"ERROR\"";
    result = v2024_get_task_status_list(client, &limit, NULL, &count, filters, "-created", &status);
    show("v2024_get_task_status_list(limit = 1, count = true, filters, sorters)", result, status);

    v2024_client_free(client);
    return EXIT_SUCCESS;
}

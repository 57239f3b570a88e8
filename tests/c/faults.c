/*
 * Every fault on every operation, seen from C. Meant to run under valgrind or a sanitizer.
 *
 *   faults BASE_URL CLIENT_ID CLIENT_SECRET < TABLE
 *
 * For each operation, the tenant applies the faults of the table one after the other, each of them twice for
 * get_task_status; BASE_URL/token/NAME always applies the fault NAME. A line of the table is the name of a fault and
 * the status that it causes for get_pending_task_headers, get_pending_tasks, get_task_status, get_task_status_list,
 * update_task_status and the request for a token.
 */
#include "v2024_task_management.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int checks = 0;
static int failures = 0;

/* Checks the status of a result, and frees it. */
static void expect(const char *fault, const char *operation, char *result, int32_t status, int32_t expected)
{
    const bool is_error = strstr(result, "\"error\":{\"code\":\"") != NULL;
    const bool is_success = expected == 0 || (expected >= 200 && expected < 300);
    checks++;
    if (status != expected || is_error == is_success) {
        failures++;
        printf("%s on %s: status %" PRId32 ", not %" PRId32 ", %.300s\n", fault, operation, status, expected, result);
    }
    v2024_string_free(result);
}

/* A client without retries, so that each fault is hit once. `soon` sets a short timeout, for a tenant that hangs. */
static v2024_client *connect_to(char **tenant, const char *token_path, bool soon)
{
    char settings[2048];
    v2024_client *client = NULL;
    int32_t status = 1;
    snprintf(settings, sizeof settings,
             "{\"BaseUrl\":\"%s\",\"ClientId\":\"%s\",\"ClientSecret\":\"%s\",\"TokenUrl\":\"%s%s\","
             "\"MaximumRetryCount\":0,\"TimeoutSeconds\":%d,\"Environment\":{},\"Folder\":\"/nowhere\"}",
             tenant[0], tenant[1], tenant[2], tenant[0], token_path, soon ? 1 : 60);
    char *result = v2024_client_new(settings, &client, &status);
    expect(token_path, "client_new", result, status, 0);
    return client;
}

/* The last message of a call. Frees the others. */
static char *last(v2024_call *call)
{
    char *result = NULL;
    char *message;
    int32_t state;
    while ((message = v2024_call_next(call, -1, &state)) != NULL) {
        v2024_string_free(result);
        result = message;
    }
    return result;
}

int main(int count, char **arguments)
{
    static const char patch[] = "[{\"op\":\"replace\",\"path\":\"/description\",\"value\":\"x\"}]";
    char **tenant = arguments + 1;
    char name[32];
    int32_t headers, pending, get, list, update, token;
    if (count != 4)
        return 2;
    v2024_client *patient = connect_to(tenant, "/oauth/token", false);
    v2024_client *hasty = connect_to(tenant, "/oauth/token", true);

    while (scanf("%31s %" SCNd32 " %" SCNd32 " %" SCNd32 " %" SCNd32 " %" SCNd32 " %" SCNd32, name,
                 &headers, &pending, &get, &list, &update, &token) == 7) {
        const bool hangs = strcmp(name, "hang") == 0;
        const v2024_client *client = hangs ? hasty : patient;
        int32_t status;
        char *result;

        result = v2024_get_pending_task_headers(client, NULL, NULL, NULL, &status);
        expect(name, "get_pending_task_headers", result, status, headers);
        result = v2024_get_pending_tasks(client, NULL, NULL, NULL, &status);
        expect(name, "get_pending_tasks", result, status, pending);
        result = v2024_get_task_status(client, "x", &status);
        expect(name, "get_task_status", result, status, get);
        result = v2024_get_task_status_list(client, NULL, NULL, NULL, NULL, NULL, &status);
        expect(name, "get_task_status_list", result, status, list);
        result = v2024_update_task_status(client, "x", patch, &status);
        expect(name, "update_task_status", result, status, update);

        v2024_call *call = v2024_call_start(
            client, "{\"operation\":\"get_task_status\",\"id\":\"x\",\"events\":true}");
        /* A call has no status argument: this checks only whether the message is an error. */
        expect(name, "call", last(call), get, get);
        v2024_call_free(call);

        char token_path[64];
        snprintf(token_path, sizeof token_path, "/token/%s", name);
        v2024_client *stranger = connect_to(tenant, token_path, hangs);
        result = v2024_get_task_status(stranger, "x", &status);
        expect(name, "the token", result, status, token);
        call = v2024_call_start(stranger, "{\"operation\":\"get_pending_tasks\"}");
        v2024_client_free(stranger);
        v2024_call_cancel(call);
        v2024_call_free(call);
    }
    v2024_client_free(patient);
    v2024_client_free(hasty);
    printf("%d passed, %d failed\n", checks - failures, failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

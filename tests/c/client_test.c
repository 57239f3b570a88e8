/*
 * Tests the C functions: the five operations, a call that is cancelled, and every kind of error.
 *
 *   client_test BASE_URL CLIENT_ID CLIENT_SECRET SILENT_URL UNTRUSTED_URL
 *
 * The first three describe a sandbox tenant, SILENT_URL is a server that accepts connections and never responds,
 * UNTRUSTED_URL one with an untrusted certificate. `cargo xtask test c` starts them. There must be no SAIL_* variables
 * and no settings files. Valid C11 and C++17.
 */
#include "v2024_task_management.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A secret that no tenant accepts. */
#define OTHER_SECRET "not-the-secret"

static int checks = 0;
static int failures = 0;

/* Counts a check, and reports the condition and the text of one that failed. */
#define CHECK(condition, text)                                                              \
    do {                                                                                    \
        checks++;                                                                           \
        if (!(condition)) {                                                                 \
            failures++;                                                                     \
            printf("%s:%d: failed: %s\n    in %s\n", __FILE__, __LINE__, #condition, text); \
        }                                                                                   \
    } while (0)

static bool has(const char *text, const char *part) { return strstr(text, part) != NULL; }

/* Checks the status and the content of a result, and frees it. */
static void expect(char *result, int32_t status, int32_t expected, const char *part)
{
    char was[64];
    snprintf(was, sizeof was, "status %" PRId32 ", not %" PRId32, status, expected);
    CHECK(status == expected, was);
    CHECK(result != NULL, "NULL");
    CHECK(has(result, part), result);
    v2024_string_free(result);
}

/* Copies the string that follows `"name":` into `value`. */
static void member(const char *json, const char *name, char *value, size_t size)
{
    char key[64];
    snprintf(key, sizeof key, "\"%s\":\"", name);
    const char *start = strstr(json, key);
    const char *end = start == NULL ? NULL : strchr(start + strlen(key), '"');
    CHECK(end != NULL, json);
    if (end != NULL)
        snprintf(value, size, "%.*s", (int)(end - start - (long)strlen(key)), start + strlen(key));
}

/* The settings of a client that every test needs. */
struct tenant {
    const char *base_url, *client_id, *client_secret;
};

static v2024_client *connect_to(struct tenant tenant, const char *more)
{
    char settings[2048];
    snprintf(settings, sizeof settings,
             "{\"BaseUrl\":\"%s\",\"ClientId\":\"%s\",\"ClientSecret\":\"%s\"%s}",
             tenant.base_url, tenant.client_id, tenant.client_secret, more);
    v2024_client *client = NULL;
    int32_t status = 1;
    char *result = v2024_client_new(settings, &client, &status);
    CHECK(client != NULL, result);
    CHECK(status == 0, result);
    CHECK(!has(result, tenant.client_secret), result);
    v2024_string_free(result);
    return client;
}

static void the_five_calls(const v2024_client *client)
{
    const int32_t zero = 0, two = 2;
    const bool yes = true, no = false;
    int32_t status;
    char id[64] = "";

    char *result = v2024_get_pending_task_headers(client, NULL, NULL, &yes, &status);
    CHECK(has(result, "\"x-total-count\":\"5\""), result);
    expect(result, status, 200, "{\"status\":200,\"headers\":{");

    result = v2024_get_pending_tasks(client, &zero, &two, &no, &status);
    CHECK(!has(result, "x-total-count"), result);
    member(result, "id", id, sizeof id);
    expect(result, status, 200, "\"body\":[{");

    result = v2024_get_task_status(client, id, &status);
    CHECK(has(result, id), result);
    expect(result, status, 200, "\"completionStatus\":null");

    result = v2024_get_task_status_list(client, &two, &zero, &yes, "completionStatus eq \"ERROR\"",
                                        "-created", &status);
    CHECK(has(result, "\"x-total-count\":\""), result);
    expect(result, status, 200, "\"completionStatus\":\"ERROR\"");

    result = v2024_update_task_status(
        client, id,
        "[{\"op\":\"replace\",\"path\":\"/completionStatus\",\"value\":\"TERMINATED\"},"
        "{\"op\":\"replace\",\"path\":\"/completed\",\"value\":\"2025-01-02T03:04:05.006Z\"}]",
        &status);
    CHECK(has(result, id), result);
    expect(result, status, 200, "\"completionStatus\":\"TERMINATED\"");

    result = v2024_get_pending_task_headers(client, NULL, NULL, &yes, NULL);
    CHECK(has(result, "\"x-total-count\":\"4\""), result);
    v2024_string_free(result);
}

static void invalid_arguments_are_rejected(const v2024_client *client)
{
    const int32_t below = -1, above = 251;
    int32_t status;
    char *result;

    result = v2024_get_pending_task_headers(client, &below, NULL, NULL, &status);
    expect(result, status, V2024_ERR_INVALID_ARGUMENT, "\"code\":\"invalid_argument\"");
    result = v2024_get_pending_tasks(client, NULL, &above, NULL, &status);
    expect(result, status, V2024_ERR_INVALID_ARGUMENT, "251");
    result = v2024_get_task_status_list(client, &below, NULL, NULL, NULL, NULL, &status);
    expect(result, status, V2024_ERR_INVALID_ARGUMENT, "-1");
    result = v2024_get_task_status(client, "", &status);
    expect(result, status, V2024_ERR_INVALID_ARGUMENT, "\"code\":\"invalid_argument\"");
    result = v2024_get_task_status(client, "..", &status);
    expect(result, status, V2024_ERR_INVALID_ARGUMENT, "\"code\":\"invalid_argument\"");
    result = v2024_get_task_status(client, NULL, &status);
    expect(result, status, V2024_ERR_INVALID_ARGUMENT, "\"code\":\"invalid_argument\"");
    result = v2024_get_task_status(client, "\xff\xfe", &status);
    expect(result, status, V2024_ERR_INVALID_ARGUMENT, "UTF-8");
    result = v2024_get_task_status(NULL, "id", &status);
    expect(result, status, V2024_ERR_INVALID_ARGUMENT, "NULL");
    result = v2024_update_task_status(client, "id", "{", &status);
    expect(result, status, V2024_ERR_INVALID_ARGUMENT, "JSON");
    result = v2024_update_task_status(client, "id", NULL, &status);
    expect(result, status, V2024_ERR_INVALID_ARGUMENT, "\"code\":\"invalid_argument\"");
}

static void invalid_settings_are_rejected(void)
{
    const struct {
        const char *json, *part;
    } cases[] = {
        {NULL, "BaseUrl"}, /* nothing set anywhere */
        {"{\"BaseUrl\":\"http://tenant.example\",\"ClientId\":\"a\",\"ClientSecret\":\"b\"}", "http"},
        {"{\"BaseUrl\":\"https://tenant.example\",\"ClientId\":\"a\"}", "ClientSecret"},
        {"{\"BaseUrl\":", "JSON"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        v2024_client *client = NULL;
        int32_t status = 0;
        char *result = v2024_client_new(cases[i].json, &client, &status);
        CHECK(client == NULL, result);
        CHECK(has(result, cases[i].part), result);
        expect(result, status, V2024_ERR_SETTINGS, "\"error\":{\"code\":\"settings\"");
    }
}

static void failures_have_different_codes(struct tenant tenant, const char *silent_url, const char *untrusted_url)
{
    const char *no_retries = ",\"MaximumRetryCount\":0";
    const struct {
        const char *base_url, *secret, *more, *id;
        int32_t status;
        const char *part;
    } cases[] = {
        {tenant.base_url, OTHER_SECRET, "", "id", V2024_ERR_AUTHENTICATION, "\"code\":\"authentication\""},
        {tenant.base_url, tenant.client_secret, "", "unknown id/%", 404, "\"code\":\"http\""},
        {"http://127.0.0.1:1", OTHER_SECRET, no_retries, "id", V2024_ERR_CONNECT, "\"code\":\"connect\""},
        {untrusted_url, OTHER_SECRET, no_retries, "id", V2024_ERR_TLS, "\"code\":\"tls\""},
        {silent_url, OTHER_SECRET, ",\"TimeoutSeconds\":1", "id", V2024_ERR_TIMEOUT, "\"code\":\"timeout\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tenant other = {cases[i].base_url, tenant.client_id, cases[i].secret};
        v2024_client *client = connect_to(other, cases[i].more);
        int32_t status = 0;
        char *result = v2024_get_task_status(client, cases[i].id, &status);
        CHECK(has(result, "\"message\":\""), result);
        expect(result, status, cases[i].status, cases[i].part);
        v2024_client_free(client);
    }
}

/* Waits for the next message of a call, in short steps as a responsive host would. */
static char *next(v2024_call *call, int32_t *state)
{
    char *message;
    do
        message = v2024_call_next(call, 50, state);
    while (*state == V2024_CALL_RUNNING);
    return message;
}

static void a_call_goes_page_by_page(const v2024_client *client)
{
    int32_t state;
    int pages = 0;
    v2024_call *call = v2024_call_start(
        client, "{\"operation\":\"get_task_status_list\",\"limit\":100,\"all\":true,\"first\":150}");
    for (char *page = next(call, &state); state == V2024_CALL_MESSAGE; page = next(call, &state)) {
        CHECK(has(page, "{\"kind\":\"response\",\"status\":200"), page);
        CHECK(has(page, ",\"gapless\":true,\"body\":["), page);
        v2024_string_free(page);
        pages++;
    }
    CHECK(pages == 2, "150 tasks by 100");
    CHECK(state == V2024_CALL_OVER, "the end");
    v2024_call_free(call);
}

static void a_call_is_cancelled(struct tenant tenant, const char *silent_url)
{
    struct tenant silent = {silent_url, tenant.client_id, OTHER_SECRET};
    v2024_client *client = connect_to(silent, "");
    int32_t state = -1;
    v2024_call *call = v2024_call_start(client, "{\"operation\":\"get_pending_tasks\"}");
    CHECK(v2024_call_next(call, 50, &state) == NULL, "no message yet");
    CHECK(state == V2024_CALL_RUNNING, "the call is running");
    v2024_call_cancel(call);
    char *message = next(call, &state);
    CHECK(state == V2024_CALL_MESSAGE, "the call ends with a message");
    CHECK(!has(message, "\"status\":"), message);
    expect(message, V2024_ERR_CANCELLED, V2024_ERR_CANCELLED, "\"error\":{\"code\":\"cancelled\"");
    CHECK(next(call, &state) == NULL && state == V2024_CALL_OVER, "no more messages");
    v2024_call_free(call);

    /* A running call may be freed, even after its client. */
    call = v2024_call_start(client, "{\"operation\":\"get_pending_tasks\"}");
    v2024_client_free(client);
    v2024_call_free(call);
}

static void a_call_that_cannot_start_says_so(const v2024_client *client)
{
    const struct {
        const v2024_client *client;
        const char *request;
    } cases[] = {
        {client, "{\"operation\":\"get_lost\"}"},
        {client, "{"},
        {client, NULL},
        {client, "{\"operation\":\"get_pending_tasks\",\"limit\":251}"},
        {NULL, "{\"operation\":\"get_pending_tasks\"}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t state = -1;
        v2024_call *call = v2024_call_start(cases[i].client, cases[i].request);
        CHECK(call != NULL, "a call");
        char *message = next(call, &state);
        CHECK(state == V2024_CALL_MESSAGE, "a message");
        expect(message, state, V2024_CALL_MESSAGE, "\"error\":{\"code\":\"invalid_argument\"");
        CHECK(next(call, &state) == NULL && state == V2024_CALL_OVER, "no more messages");
        v2024_call_free(call);
    }
}

int main(int count, char **arguments)
{
    if (count != 6) {
        fprintf(stderr, "usage: client_test BASE_URL CLIENT_ID CLIENT_SECRET SILENT_URL UNTRUSTED_URL\n");
        return 2;
    }
    const struct tenant tenant = {arguments[1], arguments[2], arguments[3]};
    const char *silent_url = arguments[4];

    invalid_settings_are_rejected();
    v2024_client *client = connect_to(tenant, "");
    the_five_calls(client);
    invalid_arguments_are_rejected(client);
    failures_have_different_codes(tenant, silent_url, arguments[5]);
    a_call_goes_page_by_page(client);
    a_call_is_cancelled(tenant, silent_url);
    a_call_that_cannot_start_says_so(client);
    v2024_client_free(client);

    /* Freeing NULL is allowed. */
    v2024_client_free(NULL);
    v2024_call_cancel(NULL);
    v2024_call_finish(NULL);
    v2024_call_free(NULL);
    v2024_string_free(NULL);

    printf("%s: %d passed, %d failed\n", v2024_version(), checks - failures, failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/*
 * This project's C ABI. Usage: client JOB COUNT THREADS, with settings from SAIL_* and the task's id from
 * V2024_BENCH_ID. Jobs:
 *
 * get    COUNT times one task
 * start  one task
 * page   COUNT times a page of 250
 * list   COUNT tasks, page by page
 * all    COUNT tasks, by one call with "all"
 */

#include "bench.h"
#include "v2024_task_management.h"

static v2024_client *client;
static const char *id;

static void check(char *json, int32_t status) {
    if (status != 200) fail(json);
    v2024_string_free(json);
}

static void get(int thread) {
    (void)thread;
    int32_t status;
    char *json = v2024_get_task_status(client, id, &status);
    check(json, status);
}

static void page_at(int32_t offset) {
    int32_t limit = 250, status;
    char *json = v2024_get_task_status_list(client, &limit, &offset, NULL, NULL, NULL, &status);
    check(json, status);
}

static void page(int thread) {
    (void)thread;
    page_at(0);
}

static void list(int tasks) {
    for (int32_t offset = 0; offset < tasks; offset += 250) page_at(offset);
}

static void all(int tasks) {
    v2024_call *call = v2024_call_start(client, "{\"operation\":\"get_task_status_list\",\"limit\":250,\"all\":true}");
    int32_t state;
    int pages = 0;
    for (char *json; (json = v2024_call_next(call, -1, &state)) != NULL; pages++) {
        if (strstr(json, "\"error\":{\"code\"")) fail(json);
        v2024_string_free(json);
    }
    v2024_call_free(call);
    if (pages < tasks / 250) fail("pages are missing");
}

int main(int argc, char **argv) {
    if (argc != 4) fail("usage: client JOB COUNT THREADS");
    const char *job = argv[1];
    int count = atoi(argv[2]), threads = atoi(argv[3]);
    double start = now(), seconds = 0;

    int32_t status;
    char *settings = v2024_client_new(NULL, &client, &status);
    if (status != 0) fail(settings);
    v2024_string_free(settings);
    id = variable("V2024_BENCH_ID");

    if (!strcmp(job, "get") || !strcmp(job, "page")) {
        one *work = *job == 'g' ? get : page;
        timed(work, count / 10 + 1, 1);
        seconds = timed(work, count, threads);
    } else {
        if (!strcmp(job, "start"))
            get(0);
        else if (!strcmp(job, "list"))
            list(count);
        else if (!strcmp(job, "all"))
            all(count);
        else
            fail("no such job");
        seconds = now() - start;
    }
    v2024_client_free(client);
    report(seconds);
    return 0;
}

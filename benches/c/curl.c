/*
 * The lower bound: libcurl with persistent connections and a token that is fetched once. It reads responses into memory
 * but does not parse them. Usage: curl JOB COUNT THREADS, with the jobs and variables of client.c.
 */

#include "bench.h"

#include <curl/curl.h>

/* One handle for each thread, with the text of its last response, whose memory is reused. */
typedef struct {
    CURL *curl;
    char *text;
    size_t length, capacity;
} handle;

static handle *handles;
static struct curl_slist *headers;
static char task_url[512], list_url[512];

static size_t take(char *data, size_t size, size_t count, void *argument) {
    handle *own = argument;
    size_t bytes = size * count;
    if (own->length + bytes + 1 > own->capacity) {
        own->capacity = (own->length + bytes + 1) * 2;
        own->text = realloc(own->text, own->capacity);
        if (!own->text) fail("out of memory");
    }
    memcpy(own->text + own->length, data, bytes);
    own->length += bytes;
    own->text[own->length] = 0;
    return bytes;
}

static void open_handle(handle *own) {
    own->curl = curl_easy_init();
    if (!own->curl) fail("curl_easy_init");
    curl_easy_setopt(own->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(own->curl, CURLOPT_WRITEDATA, own);
    curl_easy_setopt(own->curl, CURLOPT_NOSIGNAL, 1L);
}

static void fetch(handle *own, const char *url) {
    long status = 0;
    own->length = 0;
    curl_easy_setopt(own->curl, CURLOPT_URL, url);
    CURLcode code = curl_easy_perform(own->curl);
    if (code != CURLE_OK) fail(curl_easy_strerror(code));
    curl_easy_getinfo(own->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) fail(own->text);
}

static void fetch_token(handle *own) {
    char url[512], form[1024];
    snprintf(url, sizeof url, "%s/oauth/token", variable("SAIL_BASE_URL"));
    snprintf(form, sizeof form, "grant_type=client_credentials&client_id=%s&client_secret=%s",
             variable("SAIL_CLIENT_ID"), variable("SAIL_CLIENT_SECRET"));
    curl_easy_setopt(own->curl, CURLOPT_POSTFIELDS, form);
    fetch(own, url);
    char *token = strstr(own->text, "\"access_token\":\"");
    if (!token) fail("no token");
    token += strlen("\"access_token\":\"");
    token[strcspn(token, "\"")] = 0;
    char header[4096];
    snprintf(header, sizeof header, "Authorization: Bearer %s", token);
    headers = curl_slist_append(headers, header);
    headers = curl_slist_append(headers, "Accept: application/json");
}

static void get(int thread) {
    fetch(&handles[thread], task_url);
}

static void page(int thread) {
    fetch(&handles[thread], list_url);
}

static void list(int tasks) {
    char url[600];
    for (int offset = 0; offset < tasks; offset += 250) {
        snprintf(url, sizeof url, "%s&offset=%d", list_url, offset);
        fetch(&handles[0], url);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) fail("usage: curl JOB COUNT THREADS");
    const char *job = argv[1];
    int count = atoi(argv[2]), threads = atoi(argv[3]);
    double start = now(), seconds = 0;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    handles = calloc((size_t)threads, sizeof *handles);
    if (!handles) fail("out of memory");
    const char *base_url = variable("SAIL_BASE_URL");
    snprintf(task_url, sizeof task_url, "%s/v2024/task-status/%s", base_url, variable("V2024_BENCH_ID"));
    snprintf(list_url, sizeof list_url, "%s/v2024/task-status?limit=250", base_url);
    for (int thread = 0; thread < threads; thread++) open_handle(&handles[thread]);
    fetch_token(&handles[0]);
    for (int thread = 0; thread < threads; thread++) {
        curl_easy_setopt(handles[thread].curl, CURLOPT_HTTPGET, 1L);
        curl_easy_setopt(handles[thread].curl, CURLOPT_HTTPHEADER, headers);
    }

    if (!strcmp(job, "get") || !strcmp(job, "page")) {
        one *work = *job == 'g' ? get : page;
        timed(work, count / 10 + 1, 1);
        seconds = timed(work, count, threads);
    } else {
        if (!strcmp(job, "start"))
            get(0);
        else if (!strcmp(job, "list"))
            list(count);
        else
            fail("no such job");
        seconds = now() - start;
    }
    for (int thread = 0; thread < threads; thread++) {
        curl_easy_cleanup(handles[thread].curl);
        free(handles[thread].text);
    }
    curl_slist_free_all(headers);
    report(seconds);
    return 0;
}

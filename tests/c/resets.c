/*
 * A host with the system's default signals, whose tenant resets connections.
 *
 *   resets ROUNDS SETTINGS CODES
 *
 * SETTINGS is the JSON for v2024_client_new. In each round a task is read and updated, the update
 * being 8 MB, by the functions that block and by calls. Each has to end with an error that has one of
 * CODES, separated by blanks, and none may raise a signal in the host: SIGPIPE would end it. The
 * signal mask has to stay as it was, with nothing pending.
 */
#define _POSIX_C_SOURCE 200809L

#include "v2024_task_management.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZE 8000000

static int failures = 0;
static const char *codes;

static void fail(const char *what, const char *text)
{
    failures++;
    printf("%s: %.300s\n", what, text);
}

/* Checks the code of an error, and frees it. */
static void expect(const char *what, char *result)
{
    static const char key[] = "\"error\":{\"code\":\"";
    char code[32] = "";
    char *error = result == NULL ? NULL : strstr(result, key);
    if (error != NULL)
        sscanf(error + strlen(key), "%31[a-z_]", code);
    if (code[0] == '\0' || strstr(codes, code) == NULL)
        fail(what, result == NULL ? "no message" : result);
    v2024_string_free(result);
}

/* The only message of a call has to be the error. */
static void expect_call(const char *what, v2024_call *call)
{
    int32_t state;
    expect(what, v2024_call_next(call, -1, &state));
    if (v2024_call_next(call, -1, &state) != NULL || state != V2024_CALL_OVER)
        fail(what, "a second message");
    v2024_call_free(call);
}

/* Checks that the thread's mask is as it was at the start, and that no signal is pending. */
static void check_signals(const sigset_t *before)
{
    sigset_t mask, pending;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    sigpending(&pending);
    for (int number = 1; number <= SIGRTMAX; number++) {
        if (sigismember(&mask, number) != sigismember(before, number))
            fail("the mask has changed", "");
        if (sigismember(&pending, number) == 1)
            fail("a signal is pending", "");
    }
}

int main(int count, char **arguments)
{
    if (count != 4)
        return 2;
    codes = arguments[3];
    /* The parent may ignore it, and programs that it starts do so too. */
    signal(SIGPIPE, SIG_DFL);
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, NULL, &before);

    char *patch = malloc(SIZE + 200);
    char *request = malloc(SIZE + 300);
    int length = sprintf(patch, "[{\"op\":\"replace\",\"path\":\"/description\",\"value\":\"");
    memset(patch + length, 'x', SIZE);
    strcpy(patch + length + SIZE, "\"}]");
    sprintf(request, "{\"operation\":\"update_task_status\",\"id\":\"x\",\"json_patch\":%s}", patch);

    v2024_client *client;
    int32_t status;
    char *result = v2024_client_new(arguments[2], &client, &status);
    if (client == NULL)
        fail("v2024_client_new", result);
    v2024_string_free(result);
    for (int round = 0; round < atoi(arguments[1]); round++) {
        result = v2024_get_task_status(client, "x", &status);
        expect("reading", result);
        check_signals(&before);
        result = v2024_update_task_status(client, "x", patch, &status);
        expect("updating", result);
        check_signals(&before);
        expect_call("reading by a call",
                    v2024_call_start(client, "{\"operation\":\"get_task_status\",\"id\":\"x\"}"));
        expect_call("updating by a call", v2024_call_start(client, request));
        check_signals(&before);
    }
    v2024_client_free(client);
    free(patch);
    free(request);
    printf("%d failed\n", failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

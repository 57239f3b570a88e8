/*
 * The parts of the ABI that compiled programs rely on: the values of constants, the functions' types, and the sizes of
 * their arguments. Until the ABI's version changes, lines are only added here, never changed. Prints each name, so that
 * a test can check that none is missing, and each size, which the test compares with Rust's.
 */
#include "v2024_task_management.h"

#include <stddef.h>
#include <stdio.h>

static int wrong = 0;

static void number(const char *name, long value, long expected)
{
    printf("number %s\n", name);
    if (value != expected) {
        fprintf(stderr, "%s is %ld and was %ld\n", name, value, expected);
        wrong = 1;
    }
}

#define NUMBER(name, expected) number(#name, name, expected)

/* Does not compile if the function has a different type. */
#define FUNCTION(result, name, ...)         \
    do {                                    \
        result (*function)(__VA_ARGS__) = name; \
        printf("function %s\n", #name);     \
        wrong |= function == NULL;          \
    } while (0)

struct aligned_bool { char first; bool value; };
struct aligned_int { char first; int32_t value; };
struct aligned_pointer { char first; void *value; };

#define TYPE(type, name, aligned) \
    printf("type %s %d %d\n", name, (int)sizeof(type), (int)offsetof(struct aligned, value))

int main(void)
{
    NUMBER(V2024_ERR_INVALID_ARGUMENT, -1);
    NUMBER(V2024_ERR_SETTINGS, -2);
    NUMBER(V2024_ERR_AUTHENTICATION, -3);
    NUMBER(V2024_ERR_CONNECT, -4);
    NUMBER(V2024_ERR_TLS, -5);
    NUMBER(V2024_ERR_TIMEOUT, -6);
    NUMBER(V2024_ERR_CANCELLED, -7);
    NUMBER(V2024_ERR_INVALID_RESPONSE, -8);
    NUMBER(V2024_ERR_GONE, -9);
    NUMBER(V2024_ERR_RESOURCES, -10);
    NUMBER(V2024_ERR_INCOMPLETE, -11);
    NUMBER(V2024_ERR_PANIC, -99);
    NUMBER(V2024_CALL_OVER, 0);
    NUMBER(V2024_CALL_MESSAGE, 1);
    NUMBER(V2024_CALL_RUNNING, 2);

    FUNCTION(char *, v2024_client_new, const char *, v2024_client **, int32_t *);
    FUNCTION(void, v2024_client_free, v2024_client *);
    FUNCTION(char *, v2024_get_pending_task_headers, const v2024_client *, const int32_t *,
             const int32_t *, const bool *, int32_t *);
    FUNCTION(char *, v2024_get_pending_tasks, const v2024_client *, const int32_t *,
             const int32_t *, const bool *, int32_t *);
    FUNCTION(char *, v2024_get_task_status, const v2024_client *, const char *, int32_t *);
    FUNCTION(char *, v2024_get_task_status_list, const v2024_client *, const int32_t *,
             const int32_t *, const bool *, const char *, const char *, int32_t *);
    FUNCTION(char *, v2024_update_task_status, const v2024_client *, const char *, const char *,
             int32_t *);
    FUNCTION(v2024_call *, v2024_call_start, const v2024_client *, const char *);
    FUNCTION(char *, v2024_call_next, v2024_call *, int32_t, int32_t *);
    FUNCTION(void, v2024_call_cancel, v2024_call *);
    FUNCTION(void, v2024_call_finish, v2024_call *);
    FUNCTION(void, v2024_call_free, v2024_call *);
    FUNCTION(void, v2024_string_free, char *);
    FUNCTION(const char *, v2024_version, void);
    FUNCTION(char *, v2024_settings_outline, const char *, int32_t *);

    TYPE(bool, "bool", aligned_bool);
    TYPE(int32_t, "i32", aligned_int);
    TYPE(v2024_client *, "pointer", aligned_pointer);
    return wrong;
}

/* Used by both C programs: arguments, threads, clock and report. */

#ifndef BENCH_H
#define BENCH_H

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Does one piece of work on the thread with this number, from 0. */
typedef void one(int thread);

/* The work of one thread. */
typedef struct {
    one *work;
    int thread;
    int count;
} share;

static void fail(const char *what) {
    fprintf(stderr, "error: %s\n", what);
    exit(1);
}

static const char *variable(const char *name) {
    const char *value = getenv(name);
    if (!value) fail(name);
    return value;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void *run_share(void *argument) {
    share *own = argument;
    for (int turn = 0; turn < own->count; turn++) own->work(own->thread);
    return NULL;
}

/* Seconds that `count` pieces of work take on `threads` threads. */
static double timed(one *work, int count, int threads) {
    pthread_t *started = calloc((size_t)threads, sizeof *started);
    share *shares = calloc((size_t)threads, sizeof *shares);
    if (!started || !shares) fail("out of memory");
    double start = now();
    for (int thread = 0; thread < threads; thread++) {
        shares[thread] = (share){work, thread, count / threads};
        /* A single thread is the program's own one. */
        if (threads == 1)
            run_share(&shares[thread]);
        else if (pthread_create(&started[thread], NULL, run_share, &shares[thread]))
            fail("cannot start a thread");
    }
    for (int thread = 0; threads > 1 && thread < threads; thread++) pthread_join(started[thread], NULL);
    double seconds = now() - start;
    free(started);
    free(shares);
    return seconds;
}

/* The largest resident memory of this process, in kB (VmHWM). */
static long peak_kb(void) {
    char line[256];
    long kb = 0;
    FILE *status = fopen("/proc/self/status", "r");
    if (!status) fail("/proc/self/status");
    while (fgets(line, sizeof line, status)) {
        if (sscanf(line, "VmHWM: %ld", &kb) == 1) break;
    }
    fclose(status);
    return kb;
}

static void report(double seconds) {
    printf("{\"seconds\":%.6f,\"peak_kb\":%ld}\n", seconds, peak_kb());
}

#endif

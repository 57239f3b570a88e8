/*
 * unload LIBRARY SILENT_URL: a host that loads the library, starts a call to a server that never responds, and unloads
 * the library while its threads wait for the response. The library has to stay in memory, because its threads will wake
 * up again.
 */
#include <stdint.h>
#include <stdio.h>

#ifdef _WIN32
#include <windows.h>
#define load(name) LoadLibraryA(name)
#define find(library, name) ((void (*)(void))GetProcAddress(library, name))
#define unload(library) FreeLibrary(library)
#define pause_for_a_second() Sleep(1000)
typedef HMODULE module;
#else
#include <dlfcn.h>
#include <unistd.h>
#define load(name) dlopen(name, RTLD_NOW)
#define find(library, name) (__extension__(void (*)(void))dlsym(library, name))
#define unload(library) dlclose(library)
#define pause_for_a_second() sleep(1)
typedef void *module;
#endif

typedef char *client_new(const char *, void **, int32_t *);
typedef void *call_start(const void *, const char *);

int main(int count, char **arguments)
{
    const module library = count == 3 ? load(arguments[1]) : NULL;
    if (library == NULL) {
        fprintf(stderr, "usage: unload LIBRARY SILENT_URL\n");
        return 2;
    }
    char settings[256];
    snprintf(settings, sizeof settings,
             "{\"BaseUrl\":\"%s\",\"ClientId\":\"a\",\"ClientSecret\":\"b\",\"TimeoutSeconds\":0.5}", arguments[2]);
    void *client = NULL;
    char *result = ((client_new *)find(library, "v2024_client_new"))(settings, &client, NULL);
    if (client == NULL) {
        fprintf(stderr, "%s\n", result);
        return 1;
    }
    ((call_start *)find(library, "v2024_call_start"))(client, "{\"operation\":\"get_pending_tasks\"}");
    unload(library);
    pause_for_a_second();
    printf("unloaded, and still running\n");
    return 0;
}

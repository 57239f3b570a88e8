/* Leaks one result of the library, so that the tests can prove that they would find a leak. */
#include "v2024_task_management.h"

#include <stdio.h>

int main(void)
{
    v2024_client *client = NULL;
    int32_t status = 0;
    char *result = v2024_client_new("{}", &client, &status);
    printf("%d %c\n", (int)status, result[0]);
    result = NULL;
    return result == NULL ? 0 : 1;
}

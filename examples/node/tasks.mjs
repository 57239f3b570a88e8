// The five operations from Node, through koffi (npm install koffi).
//
//     node tasks.mjs PATH_OF_THE_SHARED_LIBRARY
//
// Set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET to choose the tenant.
// Use the sandbox: this clears the pending task that has been running longest.
import { promisify } from 'node:util';
import koffi from 'koffi';

const library = koffi.load(process.argv[2]);
koffi.opaque('v2024_client');
const freeString = library.func('void v2024_string_free(char *)');
koffi.disposable('result', 'str', freeString); // read as a string, then freed by the library
const freeClient = library.func('void v2024_client_free(v2024_client *)');
const newClient = library.func('result v2024_client_new(const char *, _Out_ v2024_client **, int32_t *)');

// Optional numbers are pointers: null is not sent, [5] sends 5.
const functions = {
    pendingHeaders:
        'result v2024_get_pending_task_headers(v2024_client *, int32_t *offset, int32_t *limit, '
        + 'bool *count, int32_t *)',
    pending: 'result v2024_get_pending_tasks(v2024_client *, int32_t *offset, int32_t *limit, bool *count, int32_t *)',
    get: 'result v2024_get_task_status(v2024_client *, const char *id, int32_t *)',
    list:
        'result v2024_get_task_status_list(v2024_client *, int32_t *limit, int32_t *offset, bool *count, '
        + 'const char *filters, const char *sorters, int32_t *)',
    update: 'result v2024_update_task_status(v2024_client *, const char *id, const char *patch, int32_t *)',
};

function open(json) {
    const response = JSON.parse(json);
    if (response.error)
        throw Object.assign(new Error(response.error.message), response.error, { response });
    return response;
}

const pointer = [null];
open(newClient(null, pointer, null));
const client = pointer[0];

// The calls block in C; koffi runs them on its own threads, so that Node does not block.
const tasks = Object.fromEntries(Object.entries(functions).map(([name, declaration]) => {
    const call = promisify(library.func(declaration).async);
    return [name, async (...values) => open(await call(client, ...values, null))];
}));

try {
    const { headers } = await tasks.pendingHeaders(null, null, [true]);
    console.log('pending:', headers['x-total-count']);
    const { body: pending } = await tasks.pending(null, [250], null);
    const started = (task) => task.launched ?? task.created;
    const oldest = pending.reduce((a, b) => (started(a) <= started(b) ? a : b));
    console.log('longest running:', (await tasks.get(oldest.id)).body.uniqueName);
    const cleared = await tasks.update(oldest.id, JSON.stringify([
        { op: 'replace', path: '/completionStatus', value: 'TERMINATED' },
        { op: 'replace', path: '/completed', value: new Date() },
    ]));
    console.log('cleared:', cleared.body.completionStatus);
    const failed = await tasks.list([3], null, null, 'completionStatus eq "ERROR"', '-created');
    for (const task of failed.body)
        console.log('failed:', task.created, task.uniqueName);
    await tasks.get('no such task').catch((error) => console.log('error:', error.code, error.response.status));
} finally {
    freeClient(client);
}

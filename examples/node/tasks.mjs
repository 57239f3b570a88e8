// The five operations from Node, through koffi (npm install koffi).
//
//     node tasks.mjs PATH_OF_THE_SHARED_LIBRARY
//
// Set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET to choose the tenant.
// Use the sandbox: this clears the pending task that has been running longest.
import { promisify } from 'node:util';
import koffi from 'koffi';

if (process.argv.length !== 3) {
    console.error('usage: node tasks.mjs PATH_OF_THE_SHARED_LIBRARY');
    process.exit(2);
}
const library = koffi.load(process.argv[2]);
koffi.opaque('v2024_client');
koffi.opaque('v2024_call');
const freeString = library.func('void v2024_string_free(char *)');
koffi.disposable('result', 'str', freeString); // read as a string, then freed by the library
const newClient = library.func('result v2024_client_new(const char *, _Out_ v2024_client **, int32_t *)');
const freeClient = library.func('void v2024_client_free(v2024_client *)');
const start = library.func('v2024_call *v2024_call_start(v2024_client *, const char *request)');
const freeCall = library.func('void v2024_call_free(v2024_call *)');
// It waits on one of koffi's threads, so that Node does not block.
const next = promisify(library.func('result v2024_call_next(v2024_call *, int32_t, _Out_ int32_t *)').async);
const OVER = 0;

function checked(response) {
    if (response.error)
        throw Object.assign(new Error(response.error.message), response.error, { response });
    return response;
}

const pointer = [null];
checked(JSON.parse(newClient(null, pointer, null)));
const client = pointer[0];

// Makes a call and yields its responses: one, or one for each page. Giving up early cancels the call.
// Options are the members of a request that v2024_call_start describes.
async function* responses(operation, options) {
    const call = start(client, JSON.stringify({ operation, ...options }));
    const state = [null];
    try {
        while (state[0] !== OVER) {
            // A short wait at a time: Node has few threads, and other calls need them too.
            const message = JSON.parse(await next(call, 100, state));
            if (message?.kind === 'response')
                yield checked(message);
        }
    } finally {
        freeCall(call);
    }
}

async function one(operation, options) {
    for await (const response of responses(operation, options))
        return response;
    throw new Error(`${operation} gave no response`);
}

async function* rows(operation, options) {
    for await (const page of responses(operation, options))
        yield* page.body ?? [];
}

const tasks = {
    pendingHeaders: async (options) => (await one('get_pending_task_headers', options)).headers,
    pending: (options) => rows('get_pending_tasks', options), // a page of at most 250; every one: { all: true }
    get: async (id) => (await one('get_task_status', { id })).body,
    list: (options) => rows('get_task_status_list', options),
    update: async (id, patch) => (await one('update_task_status', { id, json_patch: patch })).body,
};

// A text of the tenant for a terminal, which would obey escape sequences in it.
const plain = (text) => String(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');

try {
    console.log('pending:', (await tasks.pendingHeaders({ count: true }))['x-total-count']);
    // A tenant may leave a member out. A task that has not been launched waits since it was created.
    const started = (task) => task.launched ?? task.created ?? '';
    let oldest;
    for await (const task of tasks.pending({ all: true })) {
        if (!oldest || started(task) < started(oldest))
            oldest = task;
    }
    if (oldest) {
        console.log('longest running:', plain((await tasks.get(oldest.id)).uniqueName));
        const cleared = await tasks.update(oldest.id, [
            { op: 'replace', path: '/completionStatus', value: 'TERMINATED' },
            { op: 'replace', path: '/completed', value: new Date() },
        ]);
        console.log('cleared:', plain(cleared.completionStatus));
    }
    for await (const task of tasks.list({ limit: 3, filters: 'completionStatus eq "ERROR"', sorters: '-created' }))
        console.log('failed:', plain(task.created), plain(task.uniqueName));
    await tasks.get('no such task').catch((error) => console.log('error:', error.code, error.response?.status));
} finally {
    freeClient(client);
}

// Many requests with the vendor's TypeScript client. Usage: many.mjs JOB COUNT AT_ONCE, with the jobs and variables of
// benches/powershell/many.ps1.

import assert from "node:assert/strict";
import { Configuration, TaskManagementV2024Api } from "sailpoint-api-client";

// The SDK prints a warning about experimental APIs on every call.
const print = console.log;
console.log = console.warn = () => {};

const [job, count, atOnce] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const start = performance.now();
const configuration = new Configuration();
configuration.experimental = true;
const tasks = new TaskManagementV2024Api(configuration);

// Does the work for each item, several of them at once.
async function each(items, work) {
  const rest = [...items];
  const take = async () => {
    while (rest.length > 0) await work(rest.shift());
  };
  await Promise.all(Array.from({ length: atOnce }, take));
}

async function all() {
  // The first page says how many there are.
  const first = await tasks.getTaskStatusList({ limit: 250, count: true });
  const found = [...first.data];
  const offsets = [];
  for (let offset = 250; offset < Number(first.headers["x-total-count"]); offset += 250) offsets.push(offset);
  await each(offsets, async (offset) => {
    found.push(...(await tasks.getTaskStatusList({ limit: 250, offset })).data);
  });
  return found;
}

async function get(id) {
  return (await tasks.getTaskStatus({ id })).data;
}

async function clear(id) {
  assert.equal((await get(id)).completionStatus, null);
  const patch = [
    { op: "replace", path: "/completionStatus", value: "TERMINATED" },
    { op: "replace", path: "/completed", value: new Date().toISOString() },
  ];
  return (await tasks.updateTaskStatus({ id, jsonPatchOperationV2024: patch })).data;
}

async function ofIds(work) {
  const found = [];
  await each(process.env.V2024_BENCH_IDS.split(","), async (id) => {
    found.push(await work(id));
  });
  return found;
}

const found = await { all, ids: () => ofIds(get), clear: () => ofIds(clear) }[job]();
const seconds = (performance.now() - start) / 1000;
assert.deepEqual([found.length, new Set(found.map((task) => task.id)).size], [count, count]);
print(JSON.stringify({ seconds }));

// The vendor's TypeScript client. Usage: client.mjs JOB COUNT THREADS, with the jobs get and page of
// benches/c/client.c. Node has one thread for JavaScript: several "threads" are concurrent calls.

import assert from "node:assert/strict";
import { Configuration, TaskManagementV2024Api } from "sailpoint-api-client";

// The SDK prints a warning about experimental APIs on every call.
const print = console.log;
console.log = console.warn = () => {};

const [job, count, threads] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const id = process.env.V2024_BENCH_ID;
const configuration = new Configuration();
configuration.experimental = true;
const tasks = new TaskManagementV2024Api(configuration);

const works = {
  get: async () => assert.equal((await tasks.getTaskStatus({ id })).data.id, id),
  page: async () => assert.equal((await tasks.getTaskStatusList({ limit: 250 })).data.length, 250),
};

async function repeat(work, turns) {
  for (let turn = 0; turn < turns; turn++) await work();
}

const work = works[job];
await repeat(work, Math.floor(count / 10) + 1);
const start = performance.now();
await Promise.all(Array.from({ length: threads }, () => repeat(work, Math.floor(count / threads))));
print(JSON.stringify({ seconds: (performance.now() - start) / 1000 }));

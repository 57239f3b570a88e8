// The vendor's TypeScript client lists, gets and patches tasks of the sandbox; settings from SAIL_*.

import assert from "node:assert/strict";
import { Configuration, TaskManagementV2024Api } from "sailpoint-api-client";

const configuration = new Configuration();
// This client treats the whole API as experimental and does not call it without this.
configuration.experimental = true;
const tasks = new TaskManagementV2024Api(configuration);

const head = await tasks.getPendingTaskHeaders({ count: true });
const total = Number(head.headers["x-total-count"]);
assert.equal(head.status, 200);
assert.ok(total > 2);

const pending = await tasks.getPendingTasks({ limit: 2, offset: 1, count: true });
assert.equal(Number(pending.headers["x-total-count"]), total);
assert.deepEqual(pending.data.map((task) => task.completionStatus), [null, null]);

const filters = 'completionStatus eq "ERROR"';
const failed = await tasks.getTaskStatusList({ limit: 5, filters, sorters: "-created" });
assert.deepEqual(failed.data.map((task) => task.completionStatus), Array(5).fill("ERROR"));
const created = failed.data.map((task) => task.created);
assert.deepEqual(created, created.toSorted().reverse());

const stuck = (await tasks.getPendingTasks()).data.at(-1);
assert.deepEqual((await tasks.getTaskStatus({ id: stuck.id })).data, stuck);
const patched = await tasks.updateTaskStatus({
  id: stuck.id,
  jsonPatchOperationV2024: [
    { op: "replace", path: "/completionStatus", value: "Error" },
    { op: "replace", path: "/completed", value: "2024-05-17 19:33:16.470000+00:00" },
  ],
});
assert.equal(patched.data.completionStatus, "Error");
assert.equal(patched.data.completed, "2024-05-17 19:33:16.470000+00:00");
const after = await tasks.getPendingTaskHeaders({ count: true });
assert.equal(Number(after.headers["x-total-count"]), total - 1);

const missing = await tasks.getTaskStatus({ id: "no such/id" }).catch((error) => error);
assert.equal(missing.response.status, 404);
assert.equal(missing.response.data.detailCode, "404 Not found");

console.log("vendor's TypeScript client: listed, got and patched");

"""The five operations from Python, using only the standard library.

    python tasks.py PATH_OF_THE_SHARED_LIBRARY

Set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET to choose the tenant. Use the sandbox: this clears the pending
task that has been running longest.
"""

import ctypes
import json
import sys
from ctypes import byref, c_bool, c_char_p, c_int32, c_void_p


class TaskError(Exception):
    """A failed call: `code` is the kind of error, `response` the complete response with the tenant's body."""

    def __init__(self, response):
        error = response["error"]
        super().__init__(" ".join(filter(None, [error["message"], error.get("hint")])))
        self.code, self.response = error["code"], response


class Tasks:
    """A tenant's tasks. Settings are a dict such as {"BaseUrl": "https://..."}, or None for environment and files."""

    def __init__(self, library, settings=None):
        self._library = ctypes.CDLL(library)
        self._client = c_void_p()
        text = None if settings is None else json.dumps(settings).encode()
        self._call("v2024_client_new", text, byref(self._client), client=())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._library.v2024_client_free(self._client)

    def pending_headers(self, offset=None, limit=None, count=None):
        return self._call("v2024_get_pending_task_headers", *_paging(offset, limit, count))["headers"]

    def pending(self, offset=None, limit=None, count=None):
        return self._call("v2024_get_pending_tasks", *_paging(offset, limit, count)).get("body", [])

    def get(self, id):
        return self._call("v2024_get_task_status", c_char_p(id.encode()))["body"]

    def list(self, limit=None, offset=None, count=None, filters=None, sorters=None):
        texts = (c_char_p(text and text.encode()) for text in (filters, sorters))
        return self._call("v2024_get_task_status_list", *_paging(limit, offset, count), *texts)["body"]

    def update(self, id, *operations):
        patch = json.dumps(operations).encode()
        return self._call("v2024_update_task_status", c_char_p(id.encode()), c_char_p(patch))["body"]

    def _call(self, name, *arguments, client=None):
        function = getattr(self._library, name)
        function.restype = c_void_p  # not c_char_p, which would lose the pointer that must be freed
        client = (self._client,) if client is None else client
        result = function(*client, *arguments, byref(c_int32()))
        try:
            response = json.loads(ctypes.string_at(result))
        finally:
            self._library.v2024_string_free(c_void_p(result))
        if "error" in response:
            raise TaskError(response)
        return response


def _paging(first, second, count):
    """Optional arguments are pointers; NULL is not sent."""
    numbers = (None if number is None else byref(c_int32(number)) for number in (first, second))
    return *numbers, None if count is None else byref(c_bool(count))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with Tasks(sys.argv[1]) as tasks:
        print("pending:", tasks.pending_headers(count=True)["x-total-count"])
        oldest = min(tasks.pending(), key=lambda task: task["launched"] or task["created"])
        print("longest running:", tasks.get(oldest["id"])["uniqueName"])
        cleared = tasks.update(
            oldest["id"],
            {"op": "replace", "path": "/completionStatus", "value": "TERMINATED"},
            {"op": "replace", "path": "/completed", "value": "2025-01-02T03:04:05.006Z"},
        )
        print("cleared:", cleared["completionStatus"])
        for task in tasks.list(limit=3, filters='completionStatus eq "ERROR"', sorters="-created"):
            print("failed:", task["created"], task["uniqueName"])
        try:
            tasks.get("no such task")
        except TaskError as error:
            print("error:", error.code, error.response["status"])

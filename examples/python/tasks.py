"""The five operations from Python, using only the standard library.

    python tasks.py PATH_OF_THE_SHARED_LIBRARY

Set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET to choose the tenant. Use the sandbox: this clears the pending
task that has been running longest.
"""

import ctypes
import json
import sys
from ctypes import POINTER, byref, c_char_p, c_int32, c_void_p
from datetime import datetime, timezone


class TaskError(Exception):
    """A failed call: `code` is the kind of error, `response` the complete response with the tenant's body."""

    def __init__(self, response):
        error = response["error"]
        super().__init__(". ".join(filter(None, [error["message"], error.get("hint")])))
        self.code, self.response = error["code"], response


class Tasks:
    """A tenant's tasks. Settings are a dict such as {"BaseUrl": "https://..."}, or None for environment and files.

    Options are the members of a request that v2024_call_start describes: limit, offset, count, filters, sorters, and
    all=True for every page.
    """

    def __init__(self, library, settings=None):
        self._library = _load(library)
        self._client = c_void_p()
        text = None if settings is None else json.dumps(settings).encode()
        self._read(self._library.v2024_client_new(text, byref(self._client), None))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._library.v2024_client_free(self._client)

    def pending_headers(self, **options):
        return self._response("get_pending_task_headers", **options)["headers"]

    def pending(self, **options):
        """Yields the pending tasks: a page of at most 250, or with all=True every one."""
        return self._rows("get_pending_tasks", **options)

    def get(self, id):
        return self._response("get_task_status", id=id)["body"]

    def list(self, **options):
        """Yields tasks: a page of at most 250, or with all=True every one."""
        return self._rows("get_task_status_list", **options)

    def update(self, id, *operations):
        return self._response("update_task_status", id=id, json_patch=operations)["body"]

    def _rows(self, operation, **options):
        for page in self._responses(operation, **options):
            yield from page.get("body", [])

    def _response(self, operation, **members):
        (response,) = self._responses(operation, **members)
        return response

    def _responses(self, operation, **members):
        """Makes a call and yields its responses: one, or one for each page. Giving up early cancels the call."""
        request = json.dumps({"operation": operation, **members}).encode()
        call = c_void_p(self._library.v2024_call_start(self._client, request))
        state = c_int32(_RUNNING)
        try:
            while state.value != _OVER:
                # A short wait at a time: Python takes a Ctrl+C only between the library's functions.
                text = self._library.v2024_call_next(call, 100, byref(state))
                message = self._read(text) if state.value == _MESSAGE else {}
                if message.get("kind") == "response":
                    yield message
        finally:
            self._library.v2024_call_free(call)

    def _read(self, text):
        """Reads a text of the library and frees it."""
        try:
            message = json.loads(ctypes.string_at(text))
        finally:
            self._library.v2024_string_free(text)
        if "error" in message:
            raise TaskError(message)
        return message


_OVER, _MESSAGE, _RUNNING = 0, 1, 2


def _load(path):
    """Loads the library. Texts are void pointers: as c_char_p, Python would lose the pointer that must be freed."""
    library = ctypes.CDLL(path)
    for name, result, *arguments in [
        ("v2024_client_new", c_void_p, c_char_p, POINTER(c_void_p), POINTER(c_int32)),
        ("v2024_client_free", None, c_void_p),
        ("v2024_call_start", c_void_p, c_void_p, c_char_p),
        ("v2024_call_next", c_void_p, c_void_p, c_int32, POINTER(c_int32)),
        ("v2024_call_free", None, c_void_p),
        ("v2024_string_free", None, c_void_p),
    ]:
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def cleared_now(status):
    """The operations of a patch that ends a pending task."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return [
        {"op": "replace", "path": "/completionStatus", "value": status},
        {"op": "replace", "path": "/completed", "value": now},
    ]


def plain(text):
    """A text of the tenant for a terminal, which would obey escape sequences in it."""
    return "".join(c if c.isprintable() else "\ufffd" for c in str(text))


def main(library):
    with Tasks(library) as tasks:
        print("pending:", tasks.pending_headers(count=True).get("x-total-count"))
        # A tenant may leave a member out. A task that has not been launched waits since it was created.
        started = lambda task: task.get("launched") or task.get("created") or ""
        oldest = min(tasks.pending(all=True), key=started, default=None)
        if oldest is not None:
            print("longest running:", plain(tasks.get(oldest["id"]).get("uniqueName")))
            cleared = tasks.update(oldest["id"], *cleared_now("TERMINATED"))
            print("cleared:", plain(cleared.get("completionStatus")))
        for task in tasks.list(limit=3, filters='completionStatus eq "ERROR"', sorters="-created"):
            print("failed:", plain(task.get("created")), plain(task.get("uniqueName")))
        try:
            tasks.get("no such task")
        except TaskError as error:
            print("error:", error.code, error.response.get("status"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])

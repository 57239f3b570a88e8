"""The vendor's Python client lists, gets and patches tasks of the sandbox; settings from SAIL_*."""

from sailpoint.configuration import Configuration
from sailpoint.v2024.api.task_management_api import TaskManagementApi
from sailpoint.v2024.api_client import ApiClient
from sailpoint.v2024.exceptions import BadRequestException, NotFoundException
from sailpoint.v2024.models.json_patch_operation import JsonPatchOperation


def operation(path, value):
    return JsonPatchOperation.from_dict({"op": "replace", "path": path, "value": value})


with ApiClient(Configuration()) as client:
    tasks = TaskManagementApi(client)

    head = tasks.get_pending_task_headers_with_http_info(count=True)
    total = int(head.headers["x-total-count"])
    assert (head.status_code, head.data) == (200, None) and total > 2, head

    pending = tasks.get_pending_tasks_with_http_info(limit=2, offset=1, count=True)
    assert int(pending.headers["x-total-count"]) == total
    assert [task.completion_status for task in pending.data] == [None, None]

    failed = tasks.get_task_status_list(limit=5, filters='completionStatus eq "ERROR"', sorters="-created")
    assert len(failed) == 5
    assert all(task.completion_status == "ERROR" and task.messages for task in failed)
    assert failed == sorted(failed, key=lambda task: task.created, reverse=True)

    stuck = tasks.get_pending_tasks()[-1]
    assert tasks.get_task_status(stuck.id) == stuck
    patched = tasks.update_task_status(
        stuck.id,
        [operation("/completionStatus", "ERROR"), operation("/completed", "2024-05-17T19:33:16.470Z")],
    )
    assert (patched.id, patched.completion_status) == (stuck.id, "ERROR")
    assert patched.completed.isoformat() == "2024-05-17T19:33:16.470000+00:00"
    assert int(tasks.get_pending_task_headers_with_http_info(count=True).headers["x-total-count"]) == total - 1

    try:
        tasks.get_task_status("no such/id")
        raise AssertionError("found a task that is not there")
    except NotFoundException as error:
        assert "404 Not found" in error.body
    try:
        tasks.update_task_status(stuck.id, [operation("/nothing", "x")])
        raise AssertionError("patched a member that is not there")
    except BadRequestException as error:
        assert "400.1 Bad Request Content" in error.body

print("vendor's Python client: listed, got and patched")

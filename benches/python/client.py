"""The vendor's Python client. Usage: client.py JOB COUNT THREADS, with the jobs get and page of benches/c/client.c."""

import os
import sys
import time
from threading import Thread

from sailpoint.configuration import Configuration
from sailpoint.v2024.api.task_management_api import TaskManagementApi
from sailpoint.v2024.api_client import ApiClient

job, count, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
identifier = os.environ["V2024_BENCH_ID"]

with ApiClient(Configuration()) as client:
    tasks = TaskManagementApi(client)

    def get():
        assert tasks.get_task_status(identifier).id == identifier

    def page():
        assert len(tasks.get_task_status_list(limit=250)) == 250

    def repeat(work, turns):
        for _ in range(turns):
            work()

    work = {"get": get, "page": page}[job]
    repeat(work, count // 10 + 1)
    start = time.monotonic()
    started = [Thread(target=repeat, args=(work, count // threads)) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    print(f'{{"seconds":{time.monotonic() - start}}}')

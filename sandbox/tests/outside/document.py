"""Writes the vendor's OpenAPI document with its one contradiction fixed.

The document's example of a patch sets completionStatus to "Error" and completed to a date with a blank, which its own
schema of a task does not allow. The sandbox keeps values as sent, so this adds exactly these two values to the schema.
"""

import json
import sys

source, target = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    document = json.load(file)

patch = document["paths"]["/task-status/{id}"]["patch"]
example = patch["requestBody"]["content"]["application/json-patch+json"]["schema"]["example"]
values = {operation["path"]: operation["value"] for operation in example}
task = document["components"]["schemas"]["TaskStatus"]["properties"]
assert values["/completionStatus"] not in task["completionStatus"]["enum"]
task["completionStatus"]["enum"].append(values["/completionStatus"])
assert task["completed"].pop("format") == "date-time"
task["completed"]["anyOf"] = [{"format": "date-time"}, {"enum": [values["/completed"]]}]

with open(target, "w", encoding="utf-8") as file:
    json.dump(document, file)

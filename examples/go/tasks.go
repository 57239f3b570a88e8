package main

// #cgo pkg-config: v2024-task-management
// #include <stdlib.h>
// #include "v2024_task_management.h"
import "C"

import (
	"context"
	"encoding/json"
	"unsafe"
)

// Tasks are the tasks of a tenant. Safe for concurrent use: share one.
type Tasks struct{ client *C.v2024_client }

// Task has the members that this program shows. A tenant may leave any of them out.
type Task struct {
	ID               string `json:"id"`
	UniqueName       string `json:"uniqueName"`
	Created          string `json:"created"`
	Launched         string `json:"launched"`
	CompletionStatus string `json:"completionStatus"`
}

// A task that has not been launched waits since it was created.
func (task Task) started() string {
	if task.Launched != "" {
		return task.Launched
	}
	return task.Created
}

// Options are the members of a request that v2024_call_start describes: limit, offset, count, filters, sorters, and
// "all": true for every page.
type Options map[string]any

// Change is an operation of a JSON Patch.
type Change struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// TaskError is a failed call. Body is the tenant's response, if there was one.
type TaskError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	Status  int
	Body    json.RawMessage
}

func (err *TaskError) Error() string {
	if err.Hint == "" {
		return err.Message
	}
	return err.Message + ". " + err.Hint
}

// A response, or another message of a call.
type message struct {
	Kind    string            `json:"kind"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
	Error   *TaskError        `json:"error"`
}

// NewTasks makes a client from settings such as BaseUrl; nil means environment and files.
func NewTasks(settings map[string]any) (*Tasks, error) {
	text, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	if settings == nil {
		text = []byte("{}")
	}
	given := C.CString(string(text))
	defer C.free(unsafe.Pointer(given))
	tasks := &Tasks{}
	_, err = read(C.v2024_client_new(given, &tasks.client, nil))
	return tasks, err
}

// Close frees the client.
func (tasks *Tasks) Close() { C.v2024_client_free(tasks.client) }

// PendingHeaders gets the headers of the list of pending tasks.
func (tasks *Tasks) PendingHeaders(ctx context.Context, options Options) (headers map[string]string, err error) {
	err = tasks.call(ctx, "get_pending_task_headers", options, func(response *message) error {
		headers = response.Headers
		return nil
	})
	return headers, err
}

// Pending calls a function with each pending task: of a page of at most 250, or with "all" of every page.
func (tasks *Tasks) Pending(ctx context.Context, options Options, each func(Task) error) error {
	return tasks.rows(ctx, "get_pending_tasks", options, each)
}

// List calls a function with each task: of a page of at most 250, or with "all" of every page.
func (tasks *Tasks) List(ctx context.Context, options Options, each func(Task) error) error {
	return tasks.rows(ctx, "get_task_status_list", options, each)
}

// Get gets a task.
func (tasks *Tasks) Get(ctx context.Context, id string) (Task, error) {
	return tasks.one(ctx, "get_task_status", Options{"id": id})
}

// Update changes a task.
func (tasks *Tasks) Update(ctx context.Context, id string, patch []Change) (Task, error) {
	return tasks.one(ctx, "update_task_status", Options{"id": id, "json_patch": patch})
}

func (tasks *Tasks) one(ctx context.Context, operation string, options Options) (task Task, err error) {
	err = tasks.call(ctx, operation, options, func(response *message) error {
		return json.Unmarshal(response.Body, &task)
	})
	return task, err
}

func (tasks *Tasks) rows(ctx context.Context, operation string, options Options, each func(Task) error) error {
	return tasks.call(ctx, operation, options, func(page *message) error {
		if page.Body == nil {
			return nil
		}
		var rows []Task
		if err := json.Unmarshal(page.Body, &rows); err != nil {
			return err
		}
		for _, row := range rows {
			if err := each(row); err != nil {
				return err
			}
		}
		return nil
	})
}

// Makes a call and hands on its responses: one, or one for each page. Giving up early cancels the call.
func (tasks *Tasks) call(ctx context.Context, operation string, options Options, take func(*message) error) error {
	members := Options{"operation": operation}
	for name, value := range options {
		members[name] = value
	}
	text, err := json.Marshal(members)
	if err != nil {
		return err
	}
	request := C.CString(string(text))
	defer C.free(unsafe.Pointer(request))
	call := C.v2024_call_start(tasks.client, request)
	defer C.v2024_call_free(call)
	for {
		// A short wait at a time, to look at the context in between.
		var state C.int32_t
		text := C.v2024_call_next(call, 100, &state)
		switch {
		case ctx.Err() != nil:
			C.v2024_string_free(text)
			return ctx.Err()
		case state == C.V2024_CALL_OVER:
			return nil
		case state == C.V2024_CALL_MESSAGE:
			response, err := read(text)
			if err == nil && response.Kind == "response" {
				err = take(response)
			}
			if err != nil {
				return err
			}
		}
	}
}

// Reads a text of the library and frees it.
func read(text *C.char) (*message, error) {
	defer C.v2024_string_free(text)
	response := &message{}
	if err := json.Unmarshal([]byte(C.GoString(text)), response); err != nil {
		return nil, err
	}
	if err := response.Error; err != nil {
		err.Status, err.Body = response.Status, response.Body
		return nil, err
	}
	return response, nil
}

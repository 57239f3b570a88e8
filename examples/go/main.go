// The five operations from Go. cgo finds the library of the unpacked archive with pkg-config:
//
//	export PKG_CONFIG_PATH=ARCHIVE/lib/pkgconfig LD_LIBRARY_PATH=ARCHIVE/lib
//	go run .
//
// Set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET to choose the tenant.
// Use the sandbox: this clears the pending task that has been running longest.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
	"unicode"
)

// A text of the tenant for a terminal, which would obey escape sequences in it.
func plain(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, text)
}

func main() {
	// Ctrl+C ends the calls, and so the program.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	tasks, err := NewTasks(nil)
	if err != nil {
		return err
	}
	defer tasks.Close()

	headers, err := tasks.PendingHeaders(ctx, Options{"count": true})
	if err != nil {
		return err
	}
	fmt.Println("pending:", headers["x-total-count"])

	var oldest *Task
	err = tasks.Pending(ctx, Options{"all": true}, func(task Task) error {
		if oldest == nil || task.started() < oldest.started() {
			oldest = &task
		}
		return nil
	})
	if err != nil {
		return err
	}
	if oldest != nil {
		task, err := tasks.Get(ctx, oldest.ID)
		if err != nil {
			return err
		}
		fmt.Println("longest running:", plain(task.UniqueName))
		cleared, err := tasks.Update(ctx, oldest.ID, []Change{
			{Op: "replace", Path: "/completionStatus", Value: "TERMINATED"},
			{Op: "replace", Path: "/completed", Value: time.Now().UTC()},
		})
		if err != nil {
			return err
		}
		fmt.Println("cleared:", plain(cleared.CompletionStatus))
	}

	failed := Options{"limit": 3, "filters": `completionStatus eq "ERROR"`, "sorters": "-created"}
	err = tasks.List(ctx, failed, func(task Task) error {
		fmt.Println("failed:", plain(task.Created), plain(task.UniqueName))
		return nil
	})
	if err != nil {
		return err
	}
	_, err = tasks.Get(ctx, "no such task")
	var refused *TaskError
	if errors.As(err, &refused) {
		fmt.Println("error:", refused.Code, refused.Status)
		return nil
	}
	return err
}

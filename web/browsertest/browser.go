// Package browsertest reads pages and sends forms in a real browser: one Chromium
// for a test program, and a tab with cookies of its own for each person. Each page
// that is visited is held to the rules of accessibility and to its own
// Content-Security-Policy, so that a test cannot forget to ask.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// Main runs the tests of a package and stops the browser afterwards: to be called
// from TestMain.
func Main(m *testing.M) int {
	defer stop()
	return m.Run()
}

// running is the one browser, and how to stop it.
var running struct {
	sync.Mutex
	ctx    context.Context
	cancel func()
}

// browser is the context of the running browser; it is started by the first who asks.
func browser() (context.Context, error) {
	running.Lock()
	defer running.Unlock()
	if running.ctx != nil {
		return running.ctx, nil
	}
	profile, err := os.MkdirTemp("", "browsertest")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile), chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("no-first-run", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	running.cancel = func() {
		_ = chromedp.Cancel(ctx) // waits until the browser has gone
		cancel()
		cancelAllocator()
		_ = os.RemoveAll(profile)
	}
	if err := chromedp.Do(ctx); err != nil { // starts it, without a time limit
		running.cancel()
		running.cancel = nil
		return nil, fmt.Errorf("the browser Chromium cannot be started: %w", err)
	}
	running.ctx = ctx
	return ctx, nil
}

func stop() {
	running.Lock()
	defer running.Unlock()
	if running.cancel != nil {
		running.cancel()
	}
	running.ctx, running.cancel = nil, nil
}

// value runs an action and gives its value; nothing takes longer than the
// context allows.
func value[T any](ctx context.Context, action chromedp.Action[T]) (T, error) {
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	v, err := chromedp.Run(bounded, action)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("the browser did not answer within %s", patience)
	}
	return v, err
}

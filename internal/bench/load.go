package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// run is what came of asking for one page for some time.
type run struct {
	perSecond float64
	took      []time.Duration // of each request, in order
	bytes     int             // of the body of one answer, compressed
	failed    int             // answers other than 200, not counted above
	worked    time.Duration   // processor time of the server for each request
}

// percentile is the time within which that share of the requests was answered.
func (r run) percentile(share float64) time.Duration {
	if len(r.took) == 0 {
		return 0
	}
	return r.took[min(len(r.took)-1, int(share*float64(len(r.took))))]
}

// ask asks for a page over one connection for each cookie until the time is up.
// The client is as small as can be: it shares the processors with the server.
func ask(ctx context.Context, addr, path string, cookies []string, length time.Duration) (run, error) {
	var (
		all    sync.WaitGroup
		mutex  sync.Mutex
		total  run
		failed error
	)
	start := time.Now()
	for _, cookie := range cookies {
		all.Go(func() {
			one, err := client(ctx, addr, path, cookie, start.Add(length))
			mutex.Lock()
			defer mutex.Unlock()
			total.took = append(total.took, one.took...)
			total.failed += one.failed
			total.bytes = max(total.bytes, one.bytes)
			if err != nil {
				failed = err
			}
		})
	}
	all.Wait()
	total.perSecond = float64(len(total.took)) / time.Since(start).Seconds()
	slices.Sort(total.took)
	return total, failed
}

func client(ctx context.Context, addr, path, cookie string, until time.Time) (run, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return run{}, err
	}
	defer func() { _ = conn.Close() }()
	request := []byte("GET " + path + " HTTP/1.1\r\nHost: " + addr + "\r\nCookie: " + cookie + "\r\nAccept-Encoding: gzip\r\n\r\n")
	in := bufio.NewReaderSize(conn, 16<<10)
	var r run
	for time.Now().Before(until) && ctx.Err() == nil {
		start := time.Now()
		if _, err := conn.Write(request); err != nil {
			return r, err
		}
		ok, length, err := answer(in)
		if err != nil {
			return r, fmt.Errorf("bench: %s: %w", path, err)
		}
		if !ok {
			r.failed++
			continue
		}
		r.bytes = length
		r.took = append(r.took, time.Since(start))
	}
	return r, ctx.Err()
}

// answer reads one answer and gives the length of its body; ok is that it was 200.
func answer(in *bufio.Reader) (ok bool, length int, err error) {
	status, err := in.ReadSlice('\n')
	if err != nil {
		return false, 0, err
	}
	ok, length = bytes.HasPrefix(status, []byte("HTTP/1.1 200 ")), -1
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return false, 0, err
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			break
		}
		if value, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return false, 0, err
			}
		}
	}
	if length < 0 {
		return false, 0, errors.New("the answer has no length")
	}
	_, err = io.CopyN(io.Discard, in, int64(length))
	return ok, length, err
}

// Command iom is the whole product: the web application, its migrations, the
// demonstration scheme and the few things that are done at a keyboard.
//
// A mistake of the person at the keyboard is one line that says what to do, and
// exit status 2.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

const usage = `IOM casework: case management for Integrated Offender Management.

  iom serve    serve the application
  iom migrate  bring the database to this version
  iom demo     make the demonstration scheme in a folder and serve it
  iom user     add the first administrator, list accounts
  iom audit    read the log
  iom dates    the dates of one sentence, with the law behind each

Each takes --help.`

var commands = map[string]func(ctx context.Context, args []string) error{
	"serve":   runServe,
	"migrate": runMigrate,
	"demo":    runDemo,
	"user":    runUser,
	"audit":   runAudit,
	"dates":   runDates,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run does what the arguments say and gives the exit status.
func run(ctx context.Context, args []string, out, complaints io.Writer) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		_, _ = fmt.Fprintln(out, usage)
		return 0
	}
	command, ok := commands[args[0]]
	if !ok {
		_, _ = fmt.Fprintf(complaints, "iom: there is no command %q; run `iom help`\n", args[0])
		return 2
	}
	err := command(ctx, args[1:])
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	_, _ = fmt.Fprintf(complaints, "iom %s: %s\n", args[0], oneLine(err))
	var other status
	if errors.As(err, &other) {
		return other.code
	}
	return 2
}

// status is an error with an exit status of its own.
type status struct {
	code int
	error
}

// oneLine folds an error into the one line that the person gets.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// flags is a set of flags whose mistakes come back as errors, in one line.
func flags(name string) *flag.FlagSet {
	set := flag.NewFlagSet("iom "+name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	return set
}

// parse reads the arguments; --help prints the flags.
func parse(set *flag.FlagSet, args []string) error {
	err := set.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		set.SetOutput(os.Stdout)
		_, _ = fmt.Printf("%s takes\n", set.Name())
		set.PrintDefaults()
		return err
	case err != nil:
		return fmt.Errorf("%w; `%s --help` lists the flags", err, set.Name())
	case set.NArg() > 0:
		return fmt.Errorf("%q is not understood; `%s --help` lists the flags", set.Arg(0), set.Name())
	}
	return nil
}

package main

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/migrate"
)

var execution = regexp.MustCompile(`(Planning|Execution) Time: ([0-9.]+) ms`)

// explain writes what Postgres does for each statement of a request: as the
// application's role, under its settings, with the plan for any values that the
// application's connections keep. Plans come for those above so many milliseconds.
func explain(ctx context.Context, out io.Writer, url string, trips []trip, above float64) (err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	config.RuntimeParams["plan_cache_mode"], config.RuntimeParams["jit"] = "force_generic_plan", "off"
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	n := 0
	for _, t := range trips {
		for _, s := range t.statements {
			n++
			if err := s.explain(ctx, out, conn, fmt.Sprintf("s%d", n), above); err != nil {
				return fmt.Errorf("%s: %w", s.sql, err)
			}
		}
	}
	return nil
}

func (s statement) explain(ctx context.Context, out io.Writer, conn *pgx.Conn, name string, above float64) error {
	// The log is written by the application, and sessions are another role's.
	if strings.HasPrefix(s.sql, "INSERT") || strings.Contains(s.sql, " FROM session ") {
		return nil
	}
	call, err := s.call(name)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(strings.TrimSpace(s.sql), "SELECT") || strings.HasPrefix(s.sql, "SELECT set_config") {
		if len(s.args) == 0 {
			_, err = conn.Exec(ctx, s.sql)
		} else if _, err = conn.Exec(ctx, "PREPARE "+name+" AS "+s.sql); err == nil {
			_, err = conn.Exec(ctx, call)
		}
		return err
	}
	if _, err := conn.Exec(ctx, "PREPARE "+name+" AS "+s.sql); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, call); err != nil { // planned, and read into memory
		return err
	}
	rows, err := conn.Query(ctx, "EXPLAIN (ANALYZE, SUMMARY) "+call)
	if err != nil {
		return err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	plan := strings.Join(lines, "\n")
	var took float64
	for _, found := range execution.FindAllStringSubmatch(plan, -1) {
		if _, err := fmt.Sscan(found[2], &took); err != nil {
			return err
		}
	}
	_, _ = fmt.Fprintf(out, "%9.3f ms  %s\n", took, strings.Join(strings.Fields(s.sql), " ")) // standard output has gone: nothing to do
	if took > above {
		_, _ = fmt.Fprintln(out, plan)
	}
	return nil
}

// call is the statement's execution once it is prepared.
func (s statement) call(name string) (string, error) {
	values := make([]string, len(s.args))
	for i, arg := range s.args {
		value, err := text(arg)
		if err != nil {
			return "", err
		}
		values[i] = "'" + strings.ReplaceAll(value, "'", "''") + "'"
	}
	if len(values) == 0 {
		return "EXECUTE " + name, nil
	}
	return "EXECUTE " + name + "(" + strings.Join(values, ", ") + ")", nil
}

// explainAll explains the pages one by one.
func (b *bench) explainAll(ctx context.Context, out io.Writer, database string, all []target) error {
	for _, t := range all {
		_, _ = fmt.Fprintf(out, "\n%s: %s\n", t.name, t.path) // as above
		if err := explain(ctx, out, b.server.URL(database, migrate.App), b.seen.trips[t.name], b.above); err != nil {
			return err
		}
	}
	return nil
}

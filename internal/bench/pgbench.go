package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// connections is how many requests are under way at once.
const connections = 16

var (
	parameters = regexp.MustCompile(`\$[0-9]+`)
	quoted     = regexp.MustCompile(`'[^']*'`)
	mention    = regexp.MustCompile(`:([A-Za-z_])`)
)

// unmentioned takes apart the texts of a statement in which pgbench would see one of
// its variables, as it looks between quotes too: 'HH24:MI'.
func unmentioned(sql string) string {
	return quoted.ReplaceAllStringFunc(sql, func(text string) string {
		if !mention.MatchString(text) {
			return text
		}
		return "(" + mention.ReplaceAllString(text, ":' || '$1") + ")"
	})
}

// script writes the statements of a request as a script for pgbench, with the same
// round trips, and gives the variables that stand for the arguments.
func script(trips []trip) (sql string, variables []string, err error) {
	var b strings.Builder
	n := 0
	for _, t := range trips {
		if len(t.statements) > 1 {
			b.WriteString("\\startpipeline\n")
		}
		for _, s := range t.statements {
			n++
			sql, values, err := s.named("s" + strconv.Itoa(n) + "a")
			if err != nil {
				return "", nil, err
			}
			b.WriteString(sql + ";\n")
			variables = append(variables, values...)
		}
		if len(t.statements) > 1 {
			b.WriteString("\\endpipeline\n")
		}
	}
	return b.String(), variables, nil
}

// named puts pgbench's variables in the place of the parameters. pgbench takes no
// empty value, and makes a parameter of each mention: a value that is empty, or
// mentioned twice, stands in the statement itself.
func (s statement) named(prefix string) (sql string, variables []string, err error) {
	stands, mentions := make([]string, len(s.args)), map[string]int{}
	for _, p := range parameters.FindAllString(s.sql, -1) {
		mentions[p]++
	}
	for i, arg := range s.args {
		value, err := text(arg)
		if err != nil {
			return "", nil, err
		}
		if value == "" || mentions["$"+strconv.Itoa(i+1)] > 1 {
			stands[i] = "'" + strings.ReplaceAll(value, "'", "''") + "'"
			continue
		}
		name := prefix + strconv.Itoa(i+1)
		stands[i] = ":" + name
		variables = append(variables, name+"="+value)
	}
	sql = parameters.ReplaceAllStringFunc(unmentioned(s.sql), func(p string) string {
		n, err := strconv.Atoi(p[1:])
		if err != nil || n < 1 || n > len(stands) {
			return p
		}
		return stands[n-1]
	})
	return sql, variables, nil
}

// planning is how long pgbench is left alone for each statement before it is
// looked at: each of its connections plans each statement once, which the policies
// make costly, while the application's connections have done so long since.
const planning = 150 * time.Millisecond

var progress = regexp.MustCompile(`(?m)^progress: [0-9.]+ s, ([0-9.]+) tps`)

// pgbench runs the statements of a request for some time over 16 connections and
// gives transactions a second, once all is planned. Statements are prepared, and
// planned as the application's are.
func pgbench(ctx context.Context, bin, dir, url string, trips []trip, length time.Duration) (float64, error) {
	content, variables, err := script(trips)
	if err != nil {
		return 0, err
	}
	file := filepath.Join(dir, "script.sql")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		return 0, err
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return 0, err
	}
	counted := max(1, int(length.Seconds()))
	warming := 1 + int((planning * time.Duration(strings.Count(content, ";\n"))).Seconds())
	at := config.ConnConfig
	args := []string{"-n", "-M", "prepared", "-P", "1", "-c", strconv.Itoa(connections), "-j", "2", "-T", strconv.Itoa(warming + counted), "-f", file,
		"-h", at.Host, "-p", strconv.Itoa(int(at.Port)), "-U", at.User}
	for _, v := range variables {
		args = append(args, "-D", v)
	}
	command := exec.CommandContext(ctx, bin, append(args, at.Database)...)
	command.Env = append(os.Environ(), "PGOPTIONS=-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC")
	output, err := command.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("pgbench: %w: %s", err, output)
	}
	return rate(string(output), counted)
}

// rate is the mean of the last so many seconds that pgbench tells of.
func rate(output string, seconds int) (float64, error) {
	lines := progress.FindAllStringSubmatch(output, -1)
	if len(lines) < seconds {
		return 0, errors.New("bench: pgbench says nothing that is understood: " + output)
	}
	var sum float64
	for _, line := range lines[len(lines)-seconds:] {
		one, err := strconv.ParseFloat(line[1], 64)
		if err != nil {
			return 0, err
		}
		sum += one
	}
	return sum / float64(seconds), nil
}

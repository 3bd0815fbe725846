package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Oldest is the oldest major version of PostgreSQL that the product runs on.
const Oldest = 15

// ErrNotInstalled means that this machine has no PostgreSQL that is new enough.
var ErrNotInstalled = errors.New("no PostgreSQL 15 or newer is installed on this machine: " +
	"run `apt-get install postgresql`, or set DATABASE_URL to a server that you have")

// An installation is a folder of PostgreSQL's programs.
type installation struct {
	bin   string
	major int
}

func (i installation) tool(name string) string {
	return filepath.Join(i.bin, name)
}

// choose picks the programs for a cluster: those of its own major version if there is one, else the newest installed.
func choose(data string) (installation, error) {
	return chooseFrom(installations(), data)
}

func chooseFrom(installed []installation, data string) (installation, error) {
	var newest installation
	for _, candidate := range installed {
		if candidate.major >= Oldest && candidate.major > newest.major {
			newest = candidate
		}
	}
	if newest.major == 0 {
		return installation{}, ErrNotInstalled
	}
	made, err := clusterVersion(data)
	if err != nil || made == 0 {
		return newest, err
	}
	for _, candidate := range installed {
		if candidate.major == made && made >= Oldest {
			return candidate, nil
		}
	}
	return installation{}, fmt.Errorf("the data in %s was made by PostgreSQL %d, but this machine has PostgreSQL %d: "+
		"install version %d (`apt-get install postgresql-%d`), or move the folder away and restore a backup into a new one",
		data, made, newest.major, made, made)
}

// clusterVersion is the major version that made the cluster, 0 when there is no cluster.
func clusterVersion(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("the data folder cannot be read: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s is not a PostgreSQL data folder: its PG_VERSION reads %q", data, text)
	}
	return major, nil
}

// installations finds PostgreSQL where Debian and the PostgreSQL project's packages put it, then along the PATH.
func installations() []installation {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	others, _ := filepath.Glob("/usr/pgsql-*/bin")
	folders = append(folders, others...)
	folders = append(folders, filepath.SplitList(os.Getenv("PATH"))...)
	var found []installation
	seen := map[string]bool{}
	for _, folder := range folders {
		bin, complete := completeBin(folder)
		if !complete || seen[bin] {
			continue
		}
		seen[bin] = true
		if major := version(filepath.Join(bin, "postgres")); major > 0 {
			found = append(found, installation{bin: bin, major: major})
		}
	}
	return found
}

// completeBin follows links to the folder that holds both the server and the program that makes clusters.
func completeBin(folder string) (string, bool) {
	server, err := filepath.EvalSymlinks(filepath.Join(folder, "postgres"))
	if err != nil || !filepath.IsAbs(server) {
		return "", false
	}
	bin := filepath.Dir(server)
	_, err = os.Stat(filepath.Join(bin, "initdb"))
	return bin, err == nil
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// debianBin is a folder whose name already tells the version, which saves running the program.
var debianBin = regexp.MustCompile(`^/usr/lib/postgresql/(\d+)/bin/postgres$`)

func version(server string) int {
	match := debianBin.FindStringSubmatch(server)
	if match == nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		output, err := exec.CommandContext(ctx, server, "--version").Output()
		if err != nil {
			return 0
		}
		if match = versionText.FindStringSubmatch(string(output)); match == nil {
			return 0
		}
	}
	major, _ := strconv.Atoi(match[1])
	return major
}

package pgserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// initialise makes the cluster if there is none. It is made beside its place and moved there when complete, so that an
// interrupted attempt is never taken for a cluster.
func initialise(ctx context.Context, installed installation, data string, who account, options Options) error {
	if made, err := clusterVersion(data); err != nil || made > 0 {
		return err
	}
	if _, err := os.Stat(data); err == nil {
		return fmt.Errorf("the folder %s is there but holds no PostgreSQL cluster: move it away", data)
	}
	fresh := data + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("the remains of an interrupted start cannot be removed: %w", err)
	}
	options.Log.Info("making a database cluster", slog.String("folder", data), slog.Int("version", installed.major))
	arguments := []string{"-D", fresh, "-U", Superuser, "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8",
		"--locale=C.UTF-8", "--data-checksums", "--no-instructions"}
	if options.NoFsync {
		arguments = append(arguments, "--no-sync")
	}
	output, err := who.command(ctx, installed.tool("initdb"), arguments...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("the database cluster cannot be made (%w): %s", err, strings.TrimSpace(string(output)))
	}
	if err := os.Rename(fresh, data); err != nil {
		return fmt.Errorf("the database cluster cannot be put in its place: %w", err)
	}
	return syncFolder(filepath.Dir(data))
}

// syncFolder makes a rename within the folder durable.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

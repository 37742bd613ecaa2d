//go:build !linux

package mariadb

import "syscall"

// Elsewhere a killed parent leaves its server behind.
func diesWithParent() *syscall.SysProcAttr { return nil }

//go:build tools

// Package tools names the one program that this module is for: Pulumi's own command, built from its Go module
// where its download site is out of reach.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"

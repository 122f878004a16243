//go:build tools

// Package tools names what is built here: Pulumi's Node.js language host, of the last release that kept it in the SDK's module.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"

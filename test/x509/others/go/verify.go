// SPDX-License-Identifier: Apache-2.0

// Asks Go's crypto/x509 about the chains of cases.json: verify FOLDER. Prints a JSON object of verdicts.
package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

type options struct {
	Time    int64    `json:"time"`
	Purpose string   `json:"purpose"`
	Names   []string `json:"names"`
}

type chain struct {
	Name    string  `json:"name"`
	Options options `json:"options"`
}

func read(file string) (certs []*x509.Certificate, bad bool) {
	text, _ := os.ReadFile(file)
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			bad = true
			continue
		}
		certs = append(certs, c)
	}
}

func pool(certs []*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certs {
		p.AddCert(c)
	}
	return p
}

func verify(place string, o options) bool {
	roots, _ := read(filepath.Join(place, "trusted.pem"))
	between, _ := read(filepath.Join(place, "untrusted.pem"))
	leaf, _ := read(filepath.Join(place, "leaf.pem"))
	if len(leaf) != 1 {
		return false
	}
	now := o.Time
	if now == 0 {
		now = 1767225600
	}
	usage := x509.ExtKeyUsageServerAuth
	if o.Purpose == "client" {
		usage = x509.ExtKeyUsageClientAuth
	}
	_, err := leaf[0].Verify(x509.VerifyOptions{
		Roots: pool(roots), Intermediates: pool(between), CurrentTime: time.Unix(now, 0),
		KeyUsages: []x509.ExtKeyUsage{usage},
	})
	for _, n := range o.Names {
		if err == nil {
			err = leaf[0].VerifyHostname(n[strings.Index(n, ":")+1:])
		}
	}
	return err == nil
}

func main() {
	var chains []chain
	text, err := os.ReadFile(filepath.Join(os.Args[1], "cases.json"))
	if err == nil {
		err = json.Unmarshal(text, &chains)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	verdicts := map[string]bool{}
	for _, c := range chains {
		verdicts[c.Name] = verify(filepath.Join(os.Args[1], "cases", c.Name), c.Options)
	}
	_ = json.NewEncoder(os.Stdout).Encode(verdicts)
}

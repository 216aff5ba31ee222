// SPDX-License-Identifier: Apache-2.0

// Asks Go's crypto/x509 about the chains of cases.json: verify FOLDER. Prints a JSON object of verdicts,
// each true, false, or why there is none.
package main

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

type options struct {
	Time    int64    `json:"time"`
	Purpose string   `json:"purpose"`
	Names   []string `json:"names"`
	Flags   []string `json:"flags"`
	CRLs    bool     `json:"crls"`
}

func (o options) has(flag string) bool {
	return slices.Contains(o.Flags, flag)
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

func readCRLs(file string) (lists []*x509.RevocationList) {
	text, _ := os.ReadFile(file)
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return
		}
		if l, err := x509.ParseRevocationList(block.Bytes); err == nil {
			lists = append(lists, l)
		}
	}
}

// Go has these three for CRLs: it reads one, checks its signature, and lists what is revoked. To look for a
// serial number there is all that is done here; what else a CRL says is left to Go's callers, and where the
// verdict turns on that, it wouldn't be Go's.
func notRevoked(cert, issuer *x509.Certificate, lists []*x509.RevocationList, now time.Time, o options) (bool, string) {
	var found []*x509.RevocationList
	for _, l := range lists {
		if bytes.Equal(l.RawIssuer, cert.RawIssuer) && l.CheckSignatureFrom(issuer) == nil {
			found = append(found, l)
		}
	}
	switch {
	case len(found) == 0:
		return o.has("crl-allow-unknown"), ""
	case len(found) > 1:
		return false, "left to callers: which of several CRLs counts"
	case hasCritical(found[0]):
		return false, "left to callers: a CRL's critical extensions"
	case !found[0].NextUpdate.IsZero() && !now.Before(found[0].NextUpdate) && !o.has("crl-allow-expired"):
		return false, "left to callers: nextUpdate"
	}
	for _, e := range found[0].RevokedCertificateEntries {
		if e.SerialNumber.Cmp(cert.SerialNumber) == 0 {
			return false, ""
		}
	}
	return true, ""
}

func hasCritical(l *x509.RevocationList) bool {
	for _, e := range l.Extensions {
		if e.Critical {
			return true
		}
	}
	for _, r := range l.RevokedCertificateEntries {
		for _, e := range r.Extensions {
			if e.Critical {
				return true
			}
		}
	}
	return false
}

// One chain of those that Verify found is enough.
func anyNotRevoked(chains [][]*x509.Certificate, lists []*x509.RevocationList, now time.Time, o options) any {
	why := ""
	for _, chain := range chains {
		last := len(chain) - 1
		if o.has("crl-leaf-only") {
			last = min(last, 1)
		}
		good, unasked := true, ""
		for i := 0; i < last && good; i++ {
			good, unasked = notRevoked(chain[i], chain[i+1], lists, now, o)
		}
		if good {
			return true
		}
		why = max(why, unasked)
	}
	if why != "" {
		return why
	}
	return false
}

func verify(place string, o options) any {
	roots, _ := read(filepath.Join(place, "trusted.pem"))
	between, _ := read(filepath.Join(place, "untrusted.pem"))
	leaf, _ := read(filepath.Join(place, "leaf.pem"))
	if len(leaf) != 1 {
		return false
	}
	now := time.Unix(o.Time, 0)
	if o.Time == 0 {
		now = time.Unix(1767225600, 0)
	}
	usage := x509.ExtKeyUsageServerAuth
	if o.Purpose == "client" {
		usage = x509.ExtKeyUsageClientAuth
	}
	chains, err := leaf[0].Verify(x509.VerifyOptions{
		Roots: pool(roots), Intermediates: pool(between), CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{usage},
	})
	for _, n := range o.Names {
		if err == nil {
			err = leaf[0].VerifyHostname(n[strings.Index(n, ":")+1:])
		}
	}
	if err != nil || !(o.CRLs || o.has("require-crls")) {
		return err == nil
	}
	return anyNotRevoked(chains, readCRLs(filepath.Join(place, "crls.pem")), now, o)
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
	verdicts := map[string]any{}
	for _, c := range chains {
		verdicts[c.Name] = verify(filepath.Join(os.Args[1], "cases", c.Name), c.Options)
	}
	_ = json.NewEncoder(os.Stdout).Encode(verdicts)
}

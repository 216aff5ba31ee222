module tlsx.test/interop

go 1.26

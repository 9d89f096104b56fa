module formwork.dev/judges/runner

go 1.26.1

# check.sh - sourced by test scripts: one line of a test's result.
# check NAME CONDITION...: prints ok or not ok
check() {
    local name=$1
    shift
    if "$@"; then echo "ok $name"; else echo "not ok $name"; fi
}

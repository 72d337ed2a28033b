# sampled.sh - sourced by test scripts: what a test repeats with other data is done now and then where the program is slow. INCEPTOSCOPE_WHOLE=1:
# all of it, everywhere.
# sampled I N: true always in a normal build; of a program under a sanitizer, or in node, for one I in N, 0 among them.
sampled() {
    [ -n "${INCEPTOSCOPE_WHOLE:-}" ] && return
    case ${INCEPTOSCOPE:-} in
        */asan/* | */tsan/* | */web/*) [ $(($1 % $2)) -eq 0 ] ;;
    esac
}
# takes NODE SANITIZER: always true in a normal build. In node, where each start of the program takes half a second, true for one call in NODE,
# the first among them; under a sanitizer for one in SANITIZER.
takes() {
    local n
    [ -n "${INCEPTOSCOPE_WHOLE:-}" ] && return
    case ${INCEPTOSCOPE:-} in
        */web/*) n=$1 ;;
        */asan/* | */tsan/*) n=$2 ;;
        *) return 0 ;;
    esac
    calls_seen=$((${calls_seen:--1} + 1))
    [ $((calls_seen % n)) -eq 0 ]
}

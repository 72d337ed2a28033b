# sampled.sh - sourced by test scripts: what a test repeats with other data is done now and then where the program is slow. INCEPTOSCOPE_WHOLE=1:
# all of it, everywhere.
# sampled I N: true always in a normal build; of a program under a sanitizer, or in node, for one I in N, 0 among them.
sampled() {
    [ -n "${INCEPTOSCOPE_WHOLE:-}" ] && return
    case ${INCEPTOSCOPE:-} in
        */asan/* | */tsan/* | */web/*) [ $(($1 % $2)) -eq 0 ] ;;
    esac
}
# node_takes N: in node, where each start of the program takes half a second, true for one call in N, the first among them; else always.
node_takes() {
    [ -n "${INCEPTOSCOPE_WHOLE:-}" ] && return
    case ${INCEPTOSCOPE:-} in
        */web/*) node_calls=$((${node_calls:--1} + 1)); [ $((node_calls % $1)) -eq 0 ] ;;
    esac
}

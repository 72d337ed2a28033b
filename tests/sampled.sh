# sampled.sh - sourced by test scripts: what a test repeats with other data needs a sanitizer's look only now and then.
# sampled I N: true always in a normal build; of a program under a sanitizer for one I in N, 0 among them.
sampled() {
    case ${INCEPTOSCOPE:-} in
        */asan/* | */tsan/*) [ $(($1 % $2)) -eq 0 ] ;;
    esac
}

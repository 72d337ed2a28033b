#!/usr/bin/env bash
# A short one of the long walk (make walk): memory, handles and threads stay what they are.
case ${INCEPTOSCOPE:?} in */asan/* | */tsan/* | */web/*) echo "ok the walk # SKIP (a sanitizer keeps memory)"; exit 0 ;; esac
WARM=${WARM:-3} ROW=1 LAPS=${LAPS:-5} HOURS=1 TIMES=no "$(dirname "$0")/walk" "$INCEPTOSCOPE"

#!/usr/bin/env bash
# A short one of the long walk (make walk): memory, handles and threads stay what they are.
case ${INCEPTOSCOPE:?} in */asan/* | */tsan/* | */web/*) echo "ok the walk # SKIP (a sanitizer keeps memory)"; exit 0 ;; esac
WARM=${WARM:-4} ROW=1 LAPS=${LAPS:-7} HOURS=1 TIMES=no "$(dirname "$0")/walk" "$INCEPTOSCOPE"

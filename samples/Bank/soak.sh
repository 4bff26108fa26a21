#!/usr/bin/env bash
# Runs the demonstration many times and counts what held. Usage: soak.sh [runs] [seconds each]
set -uo pipefail
cd "$(dirname "$0")/../.."
runs=${1:-100} seconds=${2:-10}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet build samples/Bank -c Release --nologo -v quiet || exit 1
good=0
failovers=() rates=()
for ((run = 1; run <= runs; run++)); do
  if dotnet run -c Release --no-build --project samples/Bank -- --no-ui --seconds "$seconds" >"$log" 2>&1; then
    good=$((good + 1))
    failovers+=("$(sed -n 's/^failover ms: //p' "$log")")
    rates+=("$(sed -n 's/^writes\/s: //p' "$log")")
    echo "run $run: $(tail -n 6 "$log" | paste -sd ' ')"
  else
    echo "run $run: FAILED"
    sed 's/^/    /' "$log"
  fi
done

middle() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
most() { printf '%s\n' "$@" | sort -n | tail -n 1; }
if [ "$good" -gt 0 ]; then
  echo "failover ms: median $(middle "${failovers[@]}"), longest $(most "${failovers[@]}"); writes/s: median $(middle "${rates[@]}")"
fi
echo "$good of $runs runs lost nothing, did nothing twice and ended with equal replicas"
[ "$good" = "$runs" ]

# Sourced by every case, which then sets what it expects, defines setup and fault, and ends with `run`:
#   KIND     claimed (a mode of the product) | unclaimed (none of its modes: must not be named wrongly) | control (nothing
#            is wrong: must stay quiet) | double (two at once)
#   EXPECT   regex of the finding ids that are right on top; of a double: both, with & between
#   ALSO     regex of finding ids that are honest though not the failure itself: a symptom, no wrong cause
#   WHERE    regex that the target or title of the finding on top must match
#   TARGETS  arguments for `check`, e.g. '--target http://127.0.0.1:8080/'; empty: none
#   NEEDS    programs it stands on, on a line of its own (packages.sh knows the package of each)
#   ONLY_WHEN=broken   a failure that cannot come later
# setup makes a healthy world, fault breaks it. Environment: see README.md beside this file.
# Everything runs in fresh mount, net, pid, ipc and uts namespaces and ends with the case.
set -u
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
FIX=$HERE/fix
: "${PRODUCT:=$HERE/../..}" "${WHEN:=broken}" "${FIELD_FOR:=20s}" "${FIELD_SETTLE:=8}" "${FIELD_LIMIT:=200}"
PRODUCT=$(cd "$PRODUCT" && pwd)
NODE=$PRODUCT/node_modules/node/bin/node
CLI=$PRODUCT/${FAULTLINE_DIST:-dist}/source/cli.js
CASE=$(basename "$0" .case)
PY=/usr/bin/python3
KIND=claimed EXPECT=none ALSO='' WHERE='' TARGETS=''
. "$HERE/packages.sh"

# ended REASON: the line of a case that could not be judged.
ended() { printf '{"case":"%s","when":"%s","pass":false,"verdict":"not judged","error":"%s"}\n' "$CASE" "$WHEN" "$1"; }

if [ -z "${FIELD_INSIDE:-}" ]; then
  packages python3 ip nft iptables $(sed -n "s/^NEEDS='\(.*\)'.*/\1/p" "$0") || { ended 'a package could not be installed'; exit 9; }
  W=$(mktemp -d "${FIELD_FOLDER:-/var/tmp}/faultline-field.XXXXXX")
  export W FIELD_INSIDE=1 PRODUCT WHEN FIELD_FOR FIELD_SETTLE
  timeout --foreground -k 5 "$FIELD_LIMIT" unshare --mount --net --pid --ipc --uts --fork --kill-child --mount-proc --propagation private bash "$0" "$@"
  rc=$?
  if [ $rc -eq 124 ] || [ $rc -eq 137 ]; then ended "its limit of $FIELD_LIMIT s ended it, code $rc"; fi
  rm -rf "$W"
  exit $rc
fi

# ---- inside the namespaces ----
ip link set lo up
hostname box
mount -t tmpfs none /run
mkdir -p /run/netns /run/lock
export HOME=$W/home XDG_STATE_HOME=$W/state XDG_RUNTIME_DIR=$W/xdg TMPDIR=$W PATH=/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p "$HOME" "$XDG_STATE_HOME" "$XDG_RUNTIME_DIR"
chmod 755 "$W"
unset DOCKER_HOST CONTAINER_HOST
cd "$W" || exit
setup() { :; }
fault() { :; }

# unsound REASON: ends the case: its world is not what it says, so nothing can be judged.
unsound() {
  if [ -n "${FIELD_TEXT:-}" ]; then tail -n 5 "$W"/*.log >&2; fi
  ended "$1"
  engines_down
  exit 9
}
. "$HERE/places.sh"
. "$HERE/servers.sh"
. "$HERE/engines.sh"

faultline() { "$NODE" "$CLI" "$@"; }

# look SECONDS: what the product says of this host, as JSON, and as text where a person wants to read it.
look() {
  local began text=
  began=$(date +%s.%N)
  if [ -n "${FIELD_TEXT:-}" ]; then
    faultline check --for "$1" $TARGETS >out.txt 2>&1 &
    text=$!
  fi
  faultline check --json --for "$1" $TARGETS >out.json 2>out.err
  echo "$? $began $(date +%s.%N)" >look
  if [ -n "$text" ]; then wait "$text"; fi
}

# run: setup, fault and look in the order of WHEN, then the line of the judge.
run() {
  setup || unsound 'its setup failed'
  sleep 2
  local seconds=${FIELD_FOR%s} watch
  if [ "$KIND" = control ]; then
    fault
    look "${seconds}s"
  elif [ "$WHEN" = steady ]; then
    look $((seconds + 10))s &
    watch=$!
    sleep 11
    fault
    wait "$watch"
  else
    fault
    sleep "$FIELD_SETTLE"
    look "${seconds}s"
  fi
  "$NODE" "$HERE/judge.ts" "$CASE" "$KIND" "$WHEN" "$EXPECT" "$ALSO" "$WHERE" out.json look
  if [ -n "${FIELD_TEXT:-}" ]; then cat out.txt; fi
  if [ -n "${FIELD_KEEP:-}" ]; then
    mkdir -p "$FIELD_KEEP"
    cp out.json "$FIELD_KEEP/$CASE.$WHEN.json"
    if [ -e out.txt ]; then cp out.txt "$FIELD_KEEP/$CASE.$WHEN.txt"; fi
  fi
  sed 's/^/  stderr: /' out.err >&2
  engines_down
  exit 0
}

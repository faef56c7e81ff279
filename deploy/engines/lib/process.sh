# shellcheck shell=bash
# Processes that engines-up started: begun detached, remembered by pid and start time, ended by pid. Sourced.

pid_file() { echo "$ENGINES_DIR/$1/pid"; }
log_file() { echo "$ENGINES_DIR/$1/log"; }

# When a process began: a pid alone may belong to somebody else after a restart of the machine.
began_at() {
  if [ -r "/proc/$1/stat" ]; then
    # The name, in parentheses, may hold spaces; the start time is the 20th field after it.
    sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20
  else
    ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' '_'
  fi
}

# Prints the pid of the engine when the process that engines-up started still runs.
running_pid() {
  local pid began
  [ -r "$(pid_file "$1")" ] || return 1
  read -r pid began <"$(pid_file "$1")" || return 1
  kill -0 "$pid" 2>/dev/null && [ "$(began_at "$pid")" = "$began" ] && echo "$pid"
}

# launch ENGINE COMMAND...: starts it in the background; its output goes to its log.
launch() {
  local engine=$1
  shift
  # The former log stays for one more start: it may tell why the engine ended.
  [ ! -e "$(log_file "$engine")" ] || mv "$(log_file "$engine")" "$(log_file "$engine").before"
  (
    cd "$ENGINES_DIR/$engine" || exit 1
    exec nohup "$@" >"$(log_file "$engine")" 2>&1 </dev/null 9>&-
  ) &
  local pid=$!
  echo "$pid $(began_at "$pid")" >"$(pid_file "$engine")"
}

# An engine that gives up says why, and then at length how it shuts down.
show_log_tail() {
  printf -- '--- first errors and the end of %s ---\n' "$(log_file "$1")" >&2
  grep -m 6 -E '(^| )(ERROR|FATAL) |^(Error|Caused by|Exception)' "$(log_file "$1")" >&2 || true
  echo '...' >&2
  tail -n 15 "$(log_file "$1")" >&2 || true
}

# Waits until the engine answers; the tail of its log tells why it does not.
await_answer() {
  local engine=$1 began=$SECONDS
  until answers "$engine"; do
    if ! running_pid "$engine" >/dev/null; then
      show_log_tail "$engine"
      die "$engine ended while starting"
    fi
    if [ $((SECONDS - began)) -ge "$START_WAIT_S" ]; then
      show_log_tail "$engine"
      die "$engine did not answer on port $(port_of "$engine") within $START_WAIT_S s"
    fi
    sleep 0.3
  done
}

# Ends the engine: asks first, insists after STOP_WAIT_S.
end_process() {
  local engine=$1 pid began=$SECONDS
  if ! pid=$(running_pid "$engine"); then
    rm -f "$(pid_file "$engine")"
    return
  fi
  # A stopped process hears the request only when it goes on.
  kill -TERM "$pid" && kill -CONT "$pid"
  while running_pid "$engine" >/dev/null; do
    if [ $((SECONDS - began)) -ge "$STOP_WAIT_S" ]; then
      say "$engine (pid $pid) did not end within $STOP_WAIT_S s: killing it"
      kill -KILL "$pid"
      break
    fi
    sleep 0.2
  done
  rm -f "$(pid_file "$engine")"
  say "$engine ended"
}

#!/usr/bin/env bash
# The image's steps without a container engine: installs as the Dockerfile does, into a folder that is removed
# afterwards, and runs what the containers run first, as the image's user where root may change to it.
# From the root of the repository, with Python 3.11: docker/rehearse.sh, or PYTHON=/usr/bin/python3.11 docker/rehearse.sh
set -euo pipefail

root=$PWD place=$(mktemp -d) scheduler=
trap '[[ -z $scheduler ]] || kill "$scheduler" 2>/dev/null || true; wait; rm -rf "$place"' EXIT
fail() { echo "rehearse.sh: $1" >&2; exit 1; }

docker/install.sh packages "$place/env"
docker/install.sh dealwire "$place/env"

# The second stage: nobody but root may change what runs, nothing in it builds, and the user has folders of its own.
open=$(find "$place/env" ! -type l -perm /022 -print -quit)
[[ -z $open ]] || fail "others than the owner may write $open"
for tool in pip gcc cc make; do [[ ! -e $place/env/bin/$tool ]] || fail "$tool is in the environment"; done
install -m 0755 docker/prepare.sh "$place/dealwire-prepare"
user=()
if ((EUID == 0)); then
  user=(setpriv --reuid=50000 --regid=0 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs)
  install -d -o 50000 -g 0 -m 0775 "$place/airflow" "$place/airflow/logs" "$place/airflow/logins" "$place/data"
else
  install -d -m 0775 "$place/airflow" "$place/airflow/logs" "$place/airflow/logins" "$place/data"
fi
chmod 0755 "$place"

# From here on only the environment, from a folder that holds no source of ours.
cd "$place/airflow"
export PATH="$place/env/bin:$PATH" HOME="$place/airflow" USER=dealwire PYTHONSAFEPATH=1
export DEALWIRE_HOME="$place/data" AIRFLOW_HOME="$place/airflow"
export AIRFLOW__CORE__DAGS_FOLDER="$place/env/dags" AIRFLOW__CORE__LOAD_EXAMPLES=False
export AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE="$place/airflow/logins/logins.json" AIRFLOW_ADMIN_PASSWORD=rehearsal
as_user() { "${user[@]}" "$@"; }
as_user python -c '' || fail 'the user may not run this Python; name one that everybody may: PYTHON=/usr/bin/python3.11'

for run in first second; do
  as_user "$place/dealwire-prepare" >"$place/prepare.log" 2>&1 || { cat "$place/prepare.log"; fail "prepare.sh, $run run"; }
done
[[ $(stat -c %a "$AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE") == 600 ]] || fail 'others may read the logins'
as_user airflow dags reserialize >/dev/null 2>&1
as_user dealwire doctor
as_user dealwire demo >"$place/demo.log" || { cat "$place/demo.log"; fail 'dealwire demo'; }
grep '^The ledger holds' "$place/demo.log"
as_user airflow dags list --output plain --columns dag_id,is_paused
errors=$(as_user airflow dags list-import-errors --output plain)
[[ $errors == *'No data found'* ]] || { echo "$errors"; fail 'a DAG cannot be imported'; }

# The image's health check: it must tell the dead from the living.
read -ra check < <(grep -A1 '^HEALTHCHECK' "$root/docker/Dockerfile" | sed -n 's/.*CMD \[\(.*\)\]/\1/p' | tr -d '",')
if as_user "${check[@]}" >/dev/null 2>&1; then fail 'the health check finds a component that was never started'; fi
"${user[@]}" airflow scheduler --skip-serve-logs >"$place/scheduler.log" 2>&1 &
scheduler=$!
for _ in {1..30}; do
  if as_user "${check[@]}" >/dev/null 2>&1; then healthy=yes; break; fi
done
[[ ${healthy:-} == yes ]] || { tail "$place/scheduler.log"; fail 'the health check finds no scheduler'; }
echo "Every step went well, as user $(as_user id -u) of group $(as_user id -g)."

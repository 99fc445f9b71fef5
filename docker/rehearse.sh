#!/usr/bin/env bash
# The image's steps without a container engine: installs as the Dockerfile does, into a folder that is removed
# afterwards, and runs what the containers run first. From the root of the repository, with Python 3.11: docker/rehearse.sh
set -euo pipefail

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
docker/install.sh packages "$place/env"
docker/install.sh dealwire "$place/env"

# From here on only the environment, from a folder that holds no source of ours.
cd "$place"
export PATH="$place/env/bin:$PATH" DEALWIRE_HOME="$place/data" AIRFLOW_HOME="$place/airflow" PYTHONSAFEPATH=1
export AIRFLOW__CORE__DAGS_FOLDER="$place/env/dags" AIRFLOW__CORE__LOAD_EXAMPLES=False
export AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE="$place/logins.json" AIRFLOW_ADMIN_PASSWORD=rehearsal
prepare=$OLDPWD/docker/prepare.sh

"$prepare" >"$place/prepare.log" 2>&1 || { cat "$place/prepare.log"; exit 1; }
"$prepare" >"$place/prepare.log" 2>&1 || { echo 'prepare.sh does not bear a second run'; cat "$place/prepare.log"; exit 1; }
dealwire doctor
dealwire demo >"$place/demo.log" || { cat "$place/demo.log"; exit 1; }
grep '^The ledger holds' "$place/demo.log"
airflow dags reserialize >/dev/null 2>&1
airflow dags list --output plain --columns dag_id,is_paused
errors=$(airflow dags list-import-errors --output plain)
[[ $errors == *'No data found'* ]] || { echo "$errors"; exit 1; }
echo 'Every step went well.'

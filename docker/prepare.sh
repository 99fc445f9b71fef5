#!/usr/bin/env bash
# What must stand before Airflow's components start: its tables, the pool of the ledger's one writer, the ledger, a login.
# May be run again at any time.
set -euo pipefail

: "${AIRFLOW_ADMIN_PASSWORD:?is the password of the user admin; see .env.example}"
: "${AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE:?names the file of logins}"

airflow db migrate
airflow pools set dealwire_ledger 1 "The one writer of the ledger"
dealwire db migrate
umask 077
python - <<'LOGINS'
import json, os, pathlib
logins = {"admin": os.environ["AIRFLOW_ADMIN_PASSWORD"]}
pathlib.Path(os.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]).write_text(json.dumps(logins), "utf-8")
LOGINS

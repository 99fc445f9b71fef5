-- One row: the holder's name for others to read; waiting between two statements is its work; a dead host is noticed.
SELECT set_config('application_name', '{told}', true) AS told,
       set_config('idle_in_transaction_session_timeout', '0', true) AS idle,
       set_config('tcp_keepalives_idle', '30', true) AS silent_s,
       set_config('tcp_keepalives_interval', '10', true) AS asked_every_s,
       set_config('tcp_keepalives_count', '3', true) AS asked

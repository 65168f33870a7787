#!/bin/sh
# What the tests need of the machine: a browser and three servers. Installs them on Debian as root, else names them.
set -eu

missing=""
need() { # need COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
reach() { # reach PORT
    python3 -c 'import socket,sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)' "$1" 2>/dev/null
}

need chromium chromium
fc-list 2>/dev/null | grep -q . || missing="$missing fonts-noto-core"
reach 5432 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
reach 6379 || need redis-server redis-server
reach 5672 || need rabbitmq-server rabbitmq-server

sudo=""
root=no
if [ "$(id -u)" = 0 ]; then
    root=yes
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    root=yes
    sudo="sudo -n"
fi

if [ -n "$missing" ]; then
    if ! command -v apt-get >/dev/null 2>&1 || [ "$root" = no ]; then
        for package in $missing; do
            echo "The tests need the package $package (its name on Debian). Install it, then run make test again." >&2
        done
        exit 1
    fi
    $sudo apt-get update -qq
    # shellcheck disable=SC2086 - a list of packages
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

# Servers that do not answer are started for the tests, on loopback and with empty data of their own; as root only, and never
# in place of one that runs.
start_postgresql() {
    bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb | tail -1)")
    data=$($sudo mktemp -d /tmp/vernissage-postgresql.XXXXXX)
    $sudo chown postgres "$data"
    as_postgres="$sudo runuser -u postgres --"
    $as_postgres "$bin/initdb" -D "$data" --auth=trust --encoding=UTF8 >/dev/null
    $as_postgres "$bin/pg_ctl" -D "$data" -w -l "$data/log" \
        -o "-c listen_addresses=127.0.0.1 -c unix_socket_directories=$data" start >/dev/null
}
start_redis() { redis-server --bind 127.0.0.1 --port 6379 --save "" --daemonize yes >/dev/null; }
start_rabbitmq() { $sudo env RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 rabbitmq-server -detached >/dev/null 2>&1; }

if [ "$root" = yes ]; then
    reach 5432 || start_postgresql
    reach 6379 || start_redis
    reach 5672 || start_rabbitmq
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        if reach 5432 && reach 6379 && reach 5672; then break; fi
        sleep 1.5
    done
fi

away=""
reach 5432 || away="$away postgresql:5432"
reach 6379 || away="$away redis-server:6379"
reach 5672 || away="$away rabbitmq-server:5672"
for server in $away; do
    echo "The tests talk to a real ${server%%:*} on 127.0.0.1:${server##*:}, and none answers. Start it (Debian: ${server%%:*}), then run make test again." >&2
done
[ -z "$away" ]

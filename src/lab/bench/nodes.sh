# shellcheck shell=sh
#
# What both plain scripts make a lab's containers with and remove them by. To be sourced, with these set:
#   folder  where the lab's files are, as baseline-folder.ts writes them
#   label   what everything that is made carries, NAME=VALUE
#   hold    yes where steps start the hosts' services, which their first boot then leaves alone
# and with FOLDER/settings read.

# shellcheck disable=SC2154 # the settings set the variables that nothing here does

make_network() {
    docker network create --label "$label" --subnet "$network_subnet" --gateway "$network_gateway" "$name" \
        >/dev/null
}

# start NODE IMAGE OPTION...: `docker run`, with the node's files put in before its first start.
start() {
    node=$1 image=$2
    shift 2
    # shellcheck source=/dev/null
    . "$folder/$node/settings"
    [ "$hold" != yes ] || [ -z "${held_services:-}" ] ||
        set -- "$@" --env "MAIL_LAB_HELD_SERVICES=$held_services"
    for port in $publish; do
        set -- "$@" --publish "$port"
    done
    for option in $security_options; do
        set -- "$@" --security-opt "$option"
    done
    # Where the containers hold the addresses themselves, Docker gives them one of the carrier's.
    [ "$addressing" = inside ] || set -- "$@" --ip "$address"
    docker create --name "$name-$node" --hostname "$hostname" --label "$label" --network "$name" \
        --restart unless-stopped --cap-add NET_ADMIN \
        --env "MAIL_LAB_ADDRESSING=$addressing" --env "MAIL_LAB_ADDRESS=$address/$prefix_length" \
        --env "MAIL_LAB_SUBNET=$subnet" --env "MAIL_LAB_GATEWAY=$gateway" \
        "$@" "$image" >/dev/null
    (cd "$folder/$node/files" && find . -type f | tar --create --owner 0 --group 0 --files-from -) |
        docker cp - "$name-$node:/"
    docker start "$name-$node" >/dev/null
}

start_host() {
    case $systemd in
    entry) set -- "$1" --cap-add SYS_ADMIN --security-opt "seccomp=$folder/seccomp.json" ;;
    writable-cgroups) set -- "$1" --security-opt writable-cgroups=true ;;
    esac
    node=$1
    shift
    start "$node" "$host_image" "$@" --cgroupns private \
        --tmpfs /run --tmpfs /run/lock --tmpfs /tmp \
        --env container=docker --env "MAIL_LAB_DNS=$dns_address" --env "MAIL_LAB_SYSTEMD=$systemd"
}

# Everything that carries the label. One call removes up to fifty containers side by side.
remove_labelled() {
    containers=$(docker ps --all --quiet --filter "label=$label")
    # shellcheck disable=SC2086 # a list of ids
    [ -z "$containers" ] || docker rm --force --volumes $containers >/dev/null
    networks=$(docker network ls --quiet --filter "label=$label")
    # shellcheck disable=SC2086
    [ -z "$networks" ] || docker network rm $networks >/dev/null
}

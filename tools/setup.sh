# shellcheck shell=sh
# Shared by ./run and ./test, which source it from the top of the repository.
# prepare LOCK: makes .venv hold exactly what LOCK names, and installs Python first where there is none.
# It asks the package index that pip is configured for. When all is in place it costs a few milliseconds.

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

fitting_python() {
    for candidate in python3 python3.13 python3.12 python3.11; do
        # Debian ships ensurepip apart from Python; a venv without it has no pip.
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        return 1
    fi
}

# An environment without the sbin folders is common, and dpkg refuses to work in one.
apt() {
    as_root env PATH="$PATH:/usr/sbin:/sbin" DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >/dev/null
}

can_be_root() {
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null
}

install_python() {
    command -v apt-get >/dev/null ||
        fail "Python 3.11, 3.12 or 3.13 with its venv module is needed, and there is no apt-get to install it with."
    can_be_root || fail "this needs root, and there is no sudo. Ask an administrator for: apt-get install python3 python3-venv"
    say "Installing Python (python3, python3-venv) ..."
    apt update || fail "apt-get update failed; is there a network?"
    apt install --yes --no-install-recommends python3 python3-venv || fail "apt-get could not install python3-venv."
}

# What is called so may be a stub that only offers to install a snap.
has_chromium() {
    for candidate in chromium google-chrome google-chrome-stable chromium-browser; do
        ! "$candidate" --version >/dev/null 2>&1 || return 0
    done
    .venv/bin/python - <<'END'
import pathlib
import sys

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())
END
}

install_chromium() {
    if grep -qs '^ID=debian' /etc/os-release; then
        apt update && apt install --yes --no-install-recommends chromium
    else
        # Ubuntu's package is a snap, which does not start in a container.
        .venv/bin/python -m playwright install --with-deps chromium >/dev/null
    fi
}

# prepare_browser: what the tests of the desk's pages look through. Without it, those tests say so; all others run.
prepare_browser() {
    ! has_chromium || return 0
    say "Installing Chromium, for the tests of the desk's pages ..."
    if can_be_root && install_chromium && has_chromium; then
        return 0
    fi
    say "warning: there is no Chromium, and it could not be installed (that needs root and a network)."
    say "The tests in tests/desk/browser will fail. Ask an administrator for: apt-get install chromium"
}

# What the environment was made from: another lock, another place or another Python makes it stale.
fingerprint() {
    { cat "$1" pyproject.toml && pwd && .venv/bin/python -V; } 2>/dev/null | sha256sum
}

up_to_date() {
    [ -x .venv/bin/par-intake ] && [ "$(cat ".venv/$1.stamp" 2>/dev/null)" = "$(fingerprint "$1")" ]
}

prepare() {
    ! up_to_date "$1" || return 0
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        python=$(fitting_python) || { install_python && python=$(fitting_python); } ||
            fail "this system's newest Python does not fit: 3.11, 3.12 or 3.13 is needed."
        say "Making .venv with $python ..."
        "$python" -m venv --clear .venv
    fi
    say "Installing $(grep -c == "$1") packages from $1; the first time takes a minute or two ..."
    .venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all: -r "$1" ||
        fail "pip could not install the packages. It uses the index it is configured for (pip config list)."
    .venv/bin/python -m pip --disable-pip-version-check install --quiet --no-index --no-deps --no-build-isolation --editable .
    fingerprint "$1" >".venv/$1.stamp"
}

#!/usr/bin/env bash
# Builds the image of the autograder: runs once, as root, on Ubuntu, with what was uploaded in /autograder/source.
set -euo pipefail
# Both are what Gradescope has; another place is for trying this out.
autograder=${AUTOGRADER:-/autograder}
source=$autograder/source
prefix=${PREFIX:-/usr/local}
version=${SWIFT_VERSION:-6.3.1}

export DEBIAN_FRONTEND=noninteractive
if ! command -v swift >/dev/null 2>&1; then
  apt-get update --quiet
  apt-get install --yes --quiet --no-install-recommends ca-certificates curl binutils gcc git libc6-dev libstdc++-12-dev \
    libcurl4-openssl-dev libedit2 libxml2-dev libz3-dev libncurses-dev zlib1g-dev tzdata unzip make
  . /etc/os-release
  release=ubuntu${VERSION_ID}
  [ "$(uname -m)" = aarch64 ] && suffix=-aarch64 || suffix=
  folder=swift-$version-RELEASE
  curl --fail --location --silent --show-error --output /tmp/swift.tar.gz \
    "https://download.swift.org/swift-$version-release/${release//./}$suffix/$folder/$folder-$release$suffix.tar.gz"
  mkdir -p /opt/swift
  tar --extract --gzip --file /tmp/swift.tar.gz --directory /opt/swift --strip-components 1
  rm /tmp/swift.tar.gz
  for tool in /opt/swift/usr/bin/*; do ln -sf "$tool" /usr/local/bin/; done
fi

mkdir -p "$source/unroll"
tar --extract --gzip --file "$source/unroll.tar.gz" --directory "$source/unroll"
make -C "$source/unroll" install PREFIX="$prefix"
cp -R "$source/unroll/solutions" "$source/solutions"
rm -rf "$source/unroll" "$source/unroll.tar.gz"

# The kit is built now, so that no submission waits for it; and a model solution shows that the autograder works.
exercise=$(tr -d '[:space:]' <"$source/exercise")
for isolation in namespaces limits; do
  "$prefix/bin/unroll" grade "$exercise" "$source/solutions/$exercise" --isolation "$isolation" || code=$?
  # Namespaces are not to be had in most containers; limits must do.
  [ "${code:-0}" = 0 ] || [ "$isolation" = namespaces ] || exit "$code"
  code=0
done
rm -rf "$source/solutions"

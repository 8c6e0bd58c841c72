#!/bin/sh
# Installs feishu-token-mcp VERSION_OF_RELEASE for this user: one file in ~/.local/bin, or in the folder that
# FEISHU_TOKEN_BIN names. Downloads it, compares its SHA-256 with that of the release, and only then puts it in place.
# Needs no root. Linux (glibc) and macOS; on Windows use Scoop or npm.
set -eu

version=VERSION_OF_RELEASE
releases=${FEISHU_TOKEN_RELEASES:-ADDRESS_OF_RELEASES}
folder=${FEISHU_TOKEN_BIN:-${HOME:?HOME is not set}/.local/bin}

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

# Writes what is at the address $1 to the file $2.
download() {
  if command -v curl >/dev/null 2>&1; then
    curl --fail --silent --show-error --location --output "$2" "$1"
  elif command -v wget >/dev/null 2>&1; then
    wget --quiet --output-document="$2" "$1"
  else
    fail "neither curl nor wget is here to download with"
  fi || fail "cannot download $1"
}

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1"
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 "$1"
  else
    fail "neither sha256sum nor shasum is here to check the download with"
  fi | cut -d ' ' -f 1
}

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=x86_64-unknown-linux-gnu loader=/lib64/ld-linux-x86-64.so.2 ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-gnu loader=/lib/ld-linux-aarch64.so.1 ;;
  Darwin-x86_64) target=x86_64-apple-darwin loader= ;;
  Darwin-arm64) target=aarch64-apple-darwin loader= ;;
  *) fail "there is no binary for $(uname -s) on $(uname -m)" ;;
esac
if [ -n "$loader" ] && [ ! -e "$loader" ]; then
  fail "the binary needs glibc, and this Linux has none (no $loader)"
fi

name=feishu-token-mcp-$version-$target
mkdir -p "$folder"
# In the same folder, so that the last step is one rename: a program that runs keeps the file that it has.
work=$(mktemp -d "$folder/.feishu-token-mcp.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

download "$releases/v$version/SHA256SUMS" "$work/SHA256SUMS"
download "$releases/v$version/$name" "$work/program"
expected=$(awk -v name="$name" '$2 == name { print $1 }' "$work/SHA256SUMS")
[ -n "$expected" ] || fail "SHA256SUMS of the release does not name $name"
[ "$(sha256 "$work/program")" = "$expected" ] || fail "$name is not what the release says: its SHA-256 differs"
chmod 755 "$work/program"
mv -f "$work/program" "$folder/feishu-token-mcp"

echo "installed $folder/feishu-token-mcp ($version)"
case ":${PATH:-}:" in
  *":$folder:"*) ;;
  *) echo "$folder is not on PATH: add it there, or call the program by its whole path" ;;
esac

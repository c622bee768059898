#!/bin/sh
# Verifikasi laporan dengan coreutils dan openssl 3 saja / verify a report with coreutils and openssl 3 alone.
#
#   sh verify.sh ROOT.pem [TSA_ROOT.pem] [BUNDLE]
#
# ROOT.pem: sertifikat akar penanda tangan, diterima lewat jalan lain, tidak pernah dari berkas laporan ini.
# ROOT.pem: root certificate of the signer, received by another way, never taken from this report.
# TSA_ROOT.pem: sertifikat akar stempel waktu / root certificate of the time stamp authority; default ROOT.pem.
# Keluar / exits: 0 sah / genuine, 1 tidak sah / not genuine, 2 tidak dapat diperiksa / cannot be checked.
set -u
LC_ALL=C
export LC_ALL

[ $# -ge 1 ] || { echo "sh verify.sh ROOT.pem [TSA_ROOT.pem] [BUNDLE]" >&2; exit 2; }
root=$(readlink -f -- "$1") || exit 2
tsa_root=$(readlink -f -- "${2:-$1}") || exit 2
cd -- "${3:-$(dirname -- "$0")}" || exit 2
here=$(pwd -P)
for file in "$root" "$tsa_root"; do
    [ -r "$file" ] || { echo "tidak terbaca / cannot be read: $file" >&2; exit 2; }
    case $file in
    "$here"/*) echo "akar dari dalam laporan tidak dipakai / a root out of the report is not used: $file" >&2; exit 2 ;;
    esac
done
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

p7s=signature/SHA256SUMS.p7s
tsr=signature/SHA256SUMS.p7s.tsr
status=0
good() { echo "[OK]    $1"; }
bad() { echo "[GAGAL] $1"; sed 's/^/        /' "$work/said" 2>/dev/null | head -n 5; status=1; }
note() { echo "[?]     $1"; }

# 1. Isi setiap berkas / the content of every file
if sha256sum --check --strict --quiet SHA256SUMS >"$work/said" 2>&1; then
    good "isi semua berkas sesuai SHA256SUMS / every file is as listed"
else
    bad "ada berkas yang berubah atau hilang / a file was changed or is missing"
fi

# 2. Tidak ada berkas lain / no other files
find . ! -type d ! -path './signature/*' ! -path './validation/*' ! -path './log/*' ! -path ./SHA256SUMS |
    cut -c3- | sort >"$work/found"
find . ! -type d ! -type f | cut -c3- >"$work/strange"
cut -c67- SHA256SUMS | diff "$work/found" - >"$work/said"
if [ -s "$work/said" ] || [ -s "$work/strange" ]; then
    bad "ada berkas yang tidak terdaftar / files that are not listed"
else
    good "tidak ada berkas tambahan / no file was added"
fi

# 3. Stempel waktu / time stamp
at=
for crl in validation/*.crl; do
    [ -e "$crl" ] && openssl crl -inform DER -in "$crl" >>"$work/crls.pem" 2>/dev/null
done
touch "$work/crls.pem"
cat "$tsa_root" "$work/crls.pem" >"$work/tsa.pem"
covered() { # Setiap sertifikat menyebut CRL, dan CRL ada / each certificate names a CRL, and there are some.
    [ -s "$work/crls.pem" ] && [ -r "$1" ] || return 1
    openssl crl2pkcs7 -nocrl -certfile "$1" | openssl pkcs7 -print_certs -text -noout >"$work/text"
    [ "$(grep -c 'Subject:' "$work/text")" = "$(grep -c 'CRL Distribution Points' "$work/text")" ]
}
if [ -e $tsr ]; then
    check=
    covered validation/tsa.pem && check=-crl_check_all
    openssl ts -reply -in $tsr -text >"$work/stamp" 2>/dev/null
    when=$(sed -n 's/^Time stamp: //p' "$work/stamp")
    at=$(date -u -d "$when" +%s 2>/dev/null) || at=
    # shellcheck disable=SC2086 # an option or nothing
    if [ -n "$when" ] && openssl ts -verify -data $p7s -in $tsr -CAfile "$work/tsa.pem" \
        -untrusted validation/tsa.pem ${check:+$check -attime $at} >"$work/said" 2>&1; then
        good "stempel waktu / time stamp: $when"
        [ -n "$check" ] || note "pencabutan sertifikat stempel waktu tidak diperiksa / revocation of the authority not checked"
        if [ -n "$check" ] && ! openssl ts -verify -data $p7s -in $tsr -CAfile "$tsa_root" \
            -untrusted validation/tsa.pem >"$work/said" 2>&1; then
            bad "sertifikat stempel waktu sudah kedaluwarsa / the authority's certificate has expired"
        fi
    else
        at=
        bad "stempel waktu tidak sah / the time stamp is not good"
    fi
elif grep -q '"tsa":"[^"]' report.json; then
    bad "stempel waktu yang disebut laporan hilang / the time stamp that the report names is missing"
else
    note "tanpa stempel waktu: kapan ditandatangani hanya pengakuan penanda tangan / no time stamp: when is the signer's own claim"
fi

# 4. Tanda tangan / signature
cat "$root" "$work/crls.pem" >"$work/root.pem"
check=
covered validation/signer.pem && check=-crl_check_all
# shellcheck disable=SC2086 # options or nothing
if openssl cms -verify -cades -binary -purpose any -inform DER -in $p7s -content SHA256SUMS -CAfile "$work/root.pem" \
    -signer "$work/signer.pem" -out /dev/null $check ${at:+-attime $at} >"$work/said" 2>&1; then
    good "tanda tangan / signature: $(openssl x509 -in "$work/signer.pem" -noout -subject -nameopt RFC2253)"
    [ -n "$check" ] || note "pencabutan sertifikat tidak diperiksa / revocation not checked"
    openssl x509 -in "$work/signer.pem" -noout -text >"$work/text"
    grep -qE 'E-mail Protection|1\.3\.6\.1\.5\.5\.7\.3\.36' "$work/text" ||
        note "sertifikat tidak menyebut penandatanganan dokumen / the certificate does not name document signing"
    grep -qE 'CA:TRUE|TLS Web Server Authentication|Time Stamping' "$work/text" && {
        : >"$work/said"
        bad "sertifikat bukan untuk menandatangani dokumen / the certificate is not for signing documents"
    }
    grep -qE 'Signature Algorithm: .*(sha1|md5)|Public-Key: \((512|768|1024) bit\)' "$work/text" && {
        : >"$work/said"
        bad "algoritma terlalu lemah / the algorithm is too weak"
    }
else
    bad "tanda tangan tidak sah / the signature is not good"
fi

if [ $status -eq 0 ]; then
    echo "SAH / GENUINE"
else
    echo "TIDAK SAH / NOT GENUINE"
fi
echo "Tidak diperiksa di sini / not checked here: vonis dihitung ulang, log transparansi / verdicts recomputed, transparency log (auditor verify)."
exit $status

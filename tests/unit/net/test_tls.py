"""TLS contexts and names."""

import ssl

import pytest

from auditor.net.suites import iana_name
from auditor.net.tls import alert_in, contexts


def test_contexts_offer_old_versions_and_trust_no_one_without_a_warning() -> None:
    for context in (contexts().http, contexts().visitor):  # a warning would be an error here
        assert context.minimum_version == ssl.TLSVersion.MINIMUM_SUPPORTED
        assert context.verify_mode is ssl.CERT_NONE
        assert context.security_level == 0
        assert context.get_ca_certs() == []


def test_every_suite_that_can_be_negotiated_has_its_iana_name() -> None:
    names = [iana_name(str(suite["name"])) for suite in contexts().visitor.get_ciphers()]
    assert [name for name in names if not name.startswith("TLS_")] == []


@pytest.mark.parametrize(
    ("openssl", "iana"),  # RFC 5246, 5289, 7905, 4279, 8446
    [
        ("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        ("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("DHE-RSA-AES256-SHA256", "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"),
        ("PSK-AES128-CBC-SHA", "TLS_PSK_WITH_AES_128_CBC_SHA"),
        ("TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"),
        ("NEVER-HEARD-OF", "NEVER-HEARD-OF"),
    ],
)
def test_suites_are_called_by_their_registered_names(openssl: str, iana: str) -> None:
    assert iana_name(openssl) == iana


@pytest.mark.parametrize(
    ("text", "alert"),
    [
        ("[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:1006)", "handshake_failure"),
        ("[SSL: TLSV1_UNRECOGNIZED_NAME] tlsv1 unrecognized name (_ssl.c:1006)", "unrecognized_name"),
        ("[SSL] tlsv1 alert no application protocol (_ssl.c:1006)", "no_application_protocol"),
        (
            "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required (_ssl.c:2580)",
            "certificate_required",
        ),
        ("[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] ssl/tls alert handshake failure (_ssl.c:1032)", "handshake_failure"),
        ("[SSL: TLSV1_UNSUPPORTED_EXTENSION] tlsv1 unsupported extension (_ssl.c:1006)", "unsupported_extension"),
        (
            "[SSL: TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE] tlsv1 bad certificate status response (_ssl.c:1006)",
            "bad_certificate_status_response",
        ),
        ("[SSL: SSLV3_ROLLBACK_ATTACK] sslv3 rollback attack (_ssl.c:1006)", ""),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)", ""),
        ("[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:1006)", ""),
    ],
)
def test_alerts_are_called_by_their_names(text: str, alert: str) -> None:
    assert alert_in(ssl.SSLError(1, text)) == alert

"""Java's own TLS (JSSE) as a server, run from source; it says which suites it enables.

with java_server.running(tmp_path, files, "TLSv1.2,TLSv1.3") as (port, suites): ...
"""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.wire import programs
from tests.wire.pki import Files

_SOURCE = """
import java.io.FileInputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import javax.net.ssl.*;

public class Serve {
    public static void main(String[] given) throws Exception {
        char[] word = "x".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new FileInputStream(given[1]), word);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, word);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        InetAddress local = InetAddress.getByName("127.0.0.1");
        SSLServerSocket door = (SSLServerSocket) context.getServerSocketFactory()
            .createServerSocket(Integer.parseInt(given[0]), 100, local);
        door.setEnabledProtocols(given[2].split(","));
        System.out.println(String.join(" ", door.getEnabledCipherSuites()));
        while (true) {
            SSLSocket guest = (SSLSocket) door.accept();
            new Thread(() -> {
                try (guest) { guest.startHandshake(); guest.getInputStream().read(); } catch (Exception gone) { }
            }).start();
        }
    }
}
"""


@contextmanager
def running(folder: Path, files: Files, protocols: str) -> Iterator[tuple[int, frozenset[str]]]:
    """Serve until the block ends; yields the port, and the suites that it enables."""
    source, store = folder / "Serve.java", folder / "store.p12"
    source.write_text(_SOURCE)
    # What Java 17 can read of OpenSSL 3's formats.
    pbe = ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1", "-passout", "pass:x"]
    command = [
        "openssl",
        "pkcs12",
        "-export",
        "-in",
        str(files.chain),
        "-inkey",
        str(files.key),
        "-out",
        str(store),
        *pbe,
    ]
    subprocess.run(command, check=True, capture_output=True)

    def java(ports: programs.Ports) -> Sequence[str | Path]:
        return ("java", source, str(ports[0]), store, protocols)

    log = folder / "java.log"
    with programs.running(java, log, patience=60) as (port,):
        deadline = time.monotonic() + 5
        while not log.read_text().strip() and time.monotonic() < deadline:
            time.sleep(0.05)
        yield port, frozenset(log.read_text().split())

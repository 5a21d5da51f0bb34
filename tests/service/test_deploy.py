"""The examples of a unit, a proxy and settings, as far as a machine without systemd can try them."""

from __future__ import annotations

import configparser
import contextlib
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.service.server import CASE, ROOT, environment, free_port, serving

DEPLOY = ROOT / "deploy"
NAME = "samordning.example"


@contextlib.contextmanager
def proxied(backend: int, folder: Path, certificate: tuple[Path, Path] | None = None) -> Iterator[int]:
    """nginx with our example in front of a server; with a certificate and its key it speaks TLS. Gives its port."""
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not here")
    port = free_port()
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{backend};")
    if certificate:
        text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
        text = text.replace("/etc/ssl/samordning.crt", str(certificate[0]))
        text = text.replace("/etc/ssl/samordning.key", str(certificate[1]))
        assert str(certificate[0]) in text
        assert str(certificate[1]) in text
    else:
        text = re.sub(r"\n\s*ssl_\w+ [^;]*;", "", text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};"))
    text = text.replace("/var/log/nginx/", f"{folder}/")
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"pid {folder}/nginx.pid;\ndaemon off;\nevents {{}}\nhttp {{\n{paths}{text}}}\n", encoding="utf-8"
    )
    process = subprocess.Popen([nginx, "-c", str(config), "-e", f"{folder}/error.log", "-p", str(folder)])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def test_the_unit_runs_commands_there_are() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "samordning.service")
    service = unit["Service"]
    assert service["ExecStart"].endswith("bin/samordning serve")
    assert service["ExecStartPre"].endswith("bin/samordning config check")
    assert service["NoNewPrivileges"] == "yes"
    for command in (service["ExecStart"], service["ExecStartPre"]):
        done = subprocess.run(
            [sys.executable, "-m", "samordning", *command.split()[1:], "--help"], capture_output=True, check=False
        )
        assert done.returncode == 0


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here")
    text = (DEPLOY / "samordning.service").read_text(encoding="utf-8")
    text = re.sub(r"=/\S+/samordning ", f"={sys.executable} -m samordning ", text)
    copy = tmp_path / "samordning.service"
    text = text.replace("User=samordning", "User=root").replace("Group=samordning", "Group=root")
    for written, right in ((text, True), (text.replace("PrivateTmp=yes", "PrivateTmpp=yes"), False)):
        copy.write_text(written, encoding="utf-8")
        done = subprocess.run([analyze, "verify", str(copy)], capture_output=True, text=True, check=False)
        # What else the machine's own units complain of is not ours.
        assert ("samordning.service" not in done.stderr) == right, done.stderr


def test_the_unit_may_do_little() -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here")
    # Exposure in tenths, 100 for a unit without any protection; systemd calls up to 20 "ok".
    command = [
        analyze,
        "security",
        "--offline=true",
        "--threshold=20",
        "--no-pager",
        str(DEPLOY / "samordning.service"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unrecognized option" in done.stderr:
        pytest.skip("systemd-analyze is too old to judge a file")
    assert done.returncode == 0, done.stdout[-400:] + done.stderr


def test_the_settings_are_right(dataset: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "samordning", "config", "check", "--config", str(DEPLOY / "samordning.toml")],
        env=environment(dataset, {}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not here")
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "cert.pem", folder / "key.pem"
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    command += ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-out", str(made), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return made, key


def test_the_proxy_passes_on_and_keeps_nothing(dataset: Path, tmp_path: Path) -> None:
    settings = {"HTTP__HOSTS": f'["{NAME}"]', "HTTP__PROXIES": '["127.0.0.1"]', "HTTP__BASE_URL": f"https://{NAME}"}
    with serving(dataset, tmp_path, **settings) as server, proxied(server.port, tmp_path) as port:
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Host": NAME})
        assert client.get("/v1/services?level=state").status_code == 200
        answer = client.post("/v1/answers", json={**CASE, "municipality": "4601"})
        assert answer.json()["cooperation"]["status"] == "applies"
        assert client.post("/v1/answers", content=b" " * 2_000_000).status_code == 413
        moved = client.get("/id/service/bup")
        assert moved.headers["location"] == f"https://{NAME}/doc/id/service/bup"
        client.close()
    log = (tmp_path / "samordning.log").read_text(encoding="utf-8")
    assert log.count("POST 200") == 1
    assert "/v1/" not in log
    assert "127.0.0.1" not in log
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"4601" in path.read_bytes()]
    assert json.loads(server.log.splitlines()[-1])


def test_the_proxy_speaks_tls_in_front_of_two_processes(
    dataset: Path, tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    """As the examples say it, but for ports, paths and the number of processes."""
    example = tomllib.loads((DEPLOY / "samordning.toml").read_text(encoding="utf-8"))
    assert example["http"]["base_url"] == f"https://{NAME}"
    settings = {
        "HTTP__PROCESSES": 2,
        "HTTP__BASE_URL": example["http"]["base_url"],
        "HTTP__PROXIES": json.dumps(example["http"]["proxies"]),
        "WORKERS__SIZE": 1,
    }
    trust = ssl.create_default_context(cafile=str(certificate[0]))
    with (
        serving(dataset, tmp_path, **settings) as server,
        proxied(server.port, tmp_path, certificate) as port,
        httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=trust, headers={"Host": NAME}) as client,
    ):
        named = {"sni_hostname": NAME}
        front = client.get("/nb/", extensions=named)
        assert front.status_code == 200
        assert front.extensions["network_stream"].get_extra_info("ssl_object").version() in ("TLSv1.2", "TLSv1.3")
        assert front.headers["strict-transport-security"] == "max-age=31536000"
        assert client.get("/", extensions=named).headers["location"] == "/nb/"
        assert client.post("/v1/answers", json=CASE, extensions=named).json()["cooperation"]["status"] == "applies"
        ran = client.post("/nn/query", data={"query": "ASK { ?s ?p ?o }"}, extensions=named)
        assert "<strong>Ja</strong>" in ran.text
        moved = client.get("/id/service/bup", extensions=named)
        assert moved.headers["location"] == f"https://{NAME}/doc/id/service/bup"
        assert _hashes(client) == _hashes(client)
        assert len(_web_processes(server.process.pid)) == 2
        with httpx.Client() as stranger, pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            stranger.get(f"https://127.0.0.1:{port}/nb/", headers={"Host": NAME}, extensions=named)
        plain = httpx.get(f"http://127.0.0.1:{port}/nb/", headers={"Host": NAME})
        assert plain.status_code == 400
        for version, taken in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True)):
            assert _speaks(port, certificate[0], version) == taken
    assert "/nn/query" not in (tmp_path / "samordning.log").read_text(encoding="utf-8")


def _hashes(client: httpx.Client) -> set[str]:
    """What many requests, shared by the processes, say the checksums are."""
    answers = [
        client.get("/dataset/SHA256SUMS", headers={"Connection": "close"}, extensions={"sni_hostname": NAME})
        for _ in range(12)
    ]
    assert {answer.status_code for answer in answers} == {200}
    found = {answer.text for answer in answers}
    assert len(found) == 1
    return found


def _web_processes(parent: int) -> list[int]:
    """The processes that serve: children of the first one, the helper that watches shared things left out."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    return [pid for pid, command in commands.items() if b"spawn_main" in command]


def _speaks(port: int, certificate: Path, version: ssl.TLSVersion) -> bool:
    context = ssl.create_default_context(cafile=str(certificate))
    context.set_ciphers("ALL:@SECLEVEL=0")  # so that it is the server who refuses
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 5) as connection,
            context.wrap_socket(connection, server_hostname=NAME),
        ):
            return True
    except ssl.SSLError as error:
        assert "ALERT_PROTOCOL_VERSION" in str(error).upper().replace(" ", "_"), error
        return False

"""What ships for running it elsewhere: read, checked by the tools of its kind, and nginx for real.

No engine for containers runs in the tests, so an image is read here and not built.
"""

from __future__ import annotations

import getpass
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.browser.serving import served
from tests.browser.tools import missing
from tests.support.live import Live, tale_file
from tests.support.places import HOME, STORY

ROOT = Path(__file__).parents[2]
SCENE_KEY, PERSON_KEY = STORY.scenes[0].key, STORY.people[0].key
DEPLOY = ROOT / "deploy"
CODE = (ROOT / "explorer" / "settings.py").read_text(encoding="utf-8")
SETTINGS = {f"EXPLORER_{name}" for name in re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', CODE)}


def settings_in(text: str) -> set[str]:
    """Give the settings that a text names."""
    return set(re.findall(r"EXPLORER_[A-Z_]+", text))


def tool(name: str) -> str:
    """Give a program that a machine may lack."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin") or missing(name)


@pytest.mark.parametrize(
    "name", ["Containerfile", "compose.yaml", *sorted(f"deploy/{p.name}" for p in DEPLOY.iterdir())]
)
def test_every_setting_that_is_named_exists(name: str) -> None:
    assert settings_in((ROOT / name).read_text(encoding="utf-8")) <= SETTINGS


# --- the image ---------------------------------------------------------------------------------

Step = tuple[str, str]


def steps() -> list[Step]:
    """Give the instructions of the Containerfile, each a word and what follows it."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def of_kind(word: str) -> list[str]:
    return [rest for kind, rest in steps() if kind == word]


def test_the_containerfile_has_only_instructions_that_there_are() -> None:
    known = "FROM RUN WORKDIR COPY ENV USER VOLUME EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD"

    assert {word for word, _ in steps()} <= set(known.split())
    assert steps()[0][0] == "FROM"


def test_all_that_the_image_copies_is_there_and_let_through() -> None:
    sources = [
        source
        for rest in of_kind("COPY")
        if not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    allowed = [line[1:] for line in ignored if line.startswith("!")]

    assert sources
    assert [one for one in sources if not (ROOT / one).exists()] == []
    assert sorted(allowed) == sorted(sources)


def test_the_image_has_all_that_a_wheel_is_built_of() -> None:
    built = (ROOT / "pyproject.toml").read_text() + (ROOT / "hatch_build.py").read_text()
    wanted = {"explorer", "templates", "static", "scenes.json", "LICENSE", "hatch_build.py"}
    copied = " ".join(of_kind("COPY"))

    assert all(name in built for name in wanted - {"hatch_build.py"})
    assert [name for name in wanted if name not in copied] == []


def test_the_image_is_installed_from_hashes_alone() -> None:
    installs = [rest for rest in of_kind("RUN") if "pip install" in rest]

    assert ["--require-hashes" in rest or "--no-deps" in rest for rest in installs] == [True, True]
    lock = (ROOT / "requirements-postgres.lock").read_text()
    assert "psycopg" in lock
    assert lock.count("==") <= lock.count("--hash=sha256:")


def test_the_image_is_run_by_nobody_in_particular() -> None:
    (user,) = of_kind("USER")
    after = steps()[steps().index(("USER", user)) :]

    assert int(user.partition(":")[0]) > 0
    assert not [rest for word, rest in after if word in {"RUN", "COPY", "USER"}][1:]


def test_what_the_image_keeps_is_in_its_volume() -> None:
    (volume,) = of_kind("VOLUME")

    assert f"EXPLORER_DATABASE_URL=sqlite:///{volume}/explorer.db" in of_kind("ENV")[0]
    assert f"install -d -o 10001 -g 10001 {volume}" in of_kind("RUN")


def test_the_image_finds_out_whether_it_is_well(tmp_path: Path) -> None:
    check = json.loads(of_kind("HEALTHCHECK")[0].partition("CMD ")[2])
    with served(tmp_path, [tale_file(tmp_path)]) as base:
        port = base.rpartition(":")[2]
        well = _checked(check, EXPLORER_PORT=port, EXPLORER_URL_PREFIX="")
    ill = _checked(check, EXPLORER_PORT=port)

    assert (well, ill) == (0, 1)


def _checked(check: list[str], **settings: str) -> int:
    assert check[0] == "python"
    command = [sys.executable, *check[1:]]
    return subprocess.run(command, env=settings, check=False, capture_output=True).returncode


# --- compose -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    composed: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    found: dict[str, Any] = composed["services"]
    return found


def test_every_service_is_hardened_and_comes_back(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["restart"] in ("unless-stopped", "on-failure"), name
        assert name == "db" or service["cap_drop"] == ["ALL"], name


def test_the_tables_are_made_before_the_web_and_the_web_before_the_door(
    services: dict[str, Any],
) -> None:
    webs = [name for name in services if name.startswith("web")]
    waits = {name: one.get("depends_on", {}) for name, one in services.items()}

    assert len(webs) == 2
    assert services["upgrade"]["command"] == ["upgrade"]
    assert waits["upgrade"] == {"db": {"condition": "service_healthy"}}
    for web in webs:
        assert waits[web] == {"upgrade": {"condition": "service_completed_successfully"}}
    assert waits["proxy"] == {web: {"condition": "service_healthy"} for web in webs}


def test_only_the_proxy_is_open_to_the_world(services: dict[str, Any]) -> None:
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]


def test_who_asks_for_its_health_is_a_host_that_is_trusted(services: dict[str, Any]) -> None:
    trusted = services["web-1"]["environment"]["EXPLORER_TRUSTED_HOSTS"].split(",")
    caddy = (DEPLOY / "Caddyfile").read_text()
    upstreams = re.findall(r"(web-\d):8000", caddy)

    assert trusted[1:] == ["127.0.0.1", *upstreams]
    assert [name for name in services if fnmatch(name, "web-*")] == upstreams


def test_a_server_that_trusts_these_hosts_tells_them_its_health(tmp_path: Path) -> None:
    hosts = "plots.example.org,127.0.0.1,web-1,web-2"
    with served(tmp_path, [tale_file(tmp_path)], EXPLORER_TRUSTED_HOSTS=hosts) as base:
        reader = Live(base)
        for host in ("web-1:8000", "127.0.0.1:8000", "plots.example.org"):
            assert reader.get("/readyz", Host=host).status == 200
            assert reader.get("/healthz", Host=host).status == 200
        assert reader.get("/", Host="evil.example").status == 400


def test_all_that_has_to_be_filled_in_is_in_the_example(services: dict[str, Any]) -> None:
    text = (ROOT / "compose.yaml").read_text()
    wanted = set(re.findall(r"\$\{(\w+):\?see deploy/compose\.env\}", text))
    given = set(re.findall(r"^(\w+)=", (DEPLOY / "compose.env").read_text(), re.MULTILINE))

    assert wanted == given
    assert (DEPLOY / "Caddyfile").exists()


# --- systemd -----------------------------------------------------------------------------------


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Give the unit, as if Plot Explorer were installed where these tests have it."""
    analyze = Path(sys.executable).parent / "explorer"
    text = (DEPLOY / "explorer.service").read_text()
    path = tmp_path / "explorer.service"
    path.write_text(text.replace("/opt/explorer/bin/explorer", str(analyze)))
    return path


def test_systemd_understands_the_unit(unit: Path) -> None:
    said = subprocess.run(
        [tool("systemd-analyze"), "verify", "--recursive-errors=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, "explorer.service" in said.stderr) == (0, False), said.stderr


def test_systemd_finds_little_that_the_unit_could_harm(unit: Path) -> None:
    command = [tool("systemd-analyze"), "security", "--offline=yes", "--threshold=20", str(unit)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stdout[-200:] + said.stderr


def test_no_worker_outlives_the_service() -> None:
    unit = (DEPLOY / "explorer.service").read_text().splitlines()

    assert "KillMode=control-group" in unit
    assert int(next(line for line in unit if line.startswith("TimeoutStopSec="))[15:]) > 20


def test_the_example_of_settings_shows_all_of_them() -> None:
    assert settings_in((DEPLOY / "explorer.env").read_text()) == SETTINGS


# --- nginx, for real ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Door:
    """An nginx with our site, in front of an application."""

    base: str
    plain: str
    trust: ssl.SSLContext
    folder: Path

    def reader(self, **headers: str) -> Live:
        return Live(self.base, self.trust, headers)

    def logged(self) -> str:
        return "".join(path.read_text() for path in self.folder.glob("*.log"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a certificate that this machine made for itself."""
    folder = tmp_path_factory.mktemp("certificate")
    command = [tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-keyout", str(folder / "key"), "-out", str(folder / "pem"), "-subj", "/CN=plots"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def site(door: Path, certificate: Path, app: str, ports: tuple[int, int], prefix: str) -> str:
    """Give our site, with only those things changed that its first lines and the page say."""
    changes = {
        "server 127.0.0.1:8000;": f"server {app};",
        "listen 80;": f"listen 127.0.0.1:{ports[0]};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{ports[1]} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "/etc/ssl/certs/plots.example.org.pem": str(certificate / "pem"),
        "/etc/ssl/private/plots.example.org.key": str(certificate / "key"),
        "/var/log/nginx/explorer.log": str(door / "explorer.log"),
        "location /": f"location {prefix}/",
    }
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(folder: Path, certificate: Path, app: str, prefix: str = "") -> Iterator[Door]:
    """Run nginx with our site in front of the address of an application."""
    ports = free_port(), free_port()
    kept = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    (folder / "site").write_text(site(folder, certificate, app, ports, prefix))
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; user {getpass.getuser()}; worker_processes 1;\n"
        f"error_log {folder}/main.log crit;\nevents {{ worker_connections 500; }}\nhttp {{\n"
        + "".join(f"{name}_temp_path {folder}/{name};\n" for name in kept)
        + f"include {folder}/site;\n}}\n"
    )
    command = [tool("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    command += ["-e", str(folder / "start.log")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            _until_open(ports[1])
            trust = ssl.create_default_context(cafile=str(certificate / "pem"))
            plain = f"http://localhost:{ports[0]}"
            yield Door(f"https://localhost:{ports[1]}{prefix}", plain, trust, folder)
        finally:
            server.terminate()


def _until_open(port: int) -> None:
    for _ in range(100):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx does not open its port")


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[Door]:
    """Give nginx in front of the tiny tale."""
    folder, app = tmp_path_factory.mktemp("door"), tmp_path_factory.mktemp("behind")
    settings = {"EXPLORER_PROXY_HOPS": "1", "EXPLORER_TRUSTED_HOSTS": "localhost,127.0.0.1"}
    with (
        served(app, [tale_file(app)], **settings) as base,
        nginx(folder, certificate, base.removeprefix("http://")) as door,
    ):
        yield door


def test_behind_nginx_a_bookmark_travels_by_https_only(door: Door) -> None:
    answer = door.reader().post(f"{HOME}/threshold", {"threshold": "2"})

    assert answer.status == 303
    assert "; Secure;" in answer.headers["Set-Cookie"]
    assert f"Path={HOME}" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"]


def test_behind_nginx_a_page_knows_its_address(door: Door) -> None:
    page = door.reader().get(HOME)

    assert f'content="{door.base}{HOME}' in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_behind_nginx_only_our_own_form_moves_a_bookmark(door: Door) -> None:
    ours, path = door.base, f"{HOME}/next"
    old_browser = {"Content-Type": "application/x-www-form-urlencoded"}
    statuses = [
        door.reader().ask("POST", path, old_browser | origin, "").status
        for origin in (
            {"Origin": ours},
            {"Origin": ours.replace("https", "http")},
            {"Origin": "https://evil.example"},
            {},
        )
    ]

    assert statuses == [303, 403, 403, 403]


def test_what_a_stranger_says_of_proxies_is_not_passed_on(door: Door) -> None:
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-For": "203.0.113.77",
    }
    page = door.reader(**forged).get(HOME)

    assert page.status == 200
    assert "evil.example" not in page.text
    assert page.headers["Strict-Transport-Security"]


def test_plain_http_leads_to_https(door: Door) -> None:
    answer = Live(door.plain).get(f"{HOME}/read")

    assert answer.status == 301
    assert answer.headers["Location"] == f"https://plots.example.org{HOME}/read"


def test_behind_nginx_pages_travel_compressed_and_say_on_what_that_hangs(door: Door) -> None:
    for path in (HOME, "/static/explorer.css"):
        answer = door.reader().get(path, **{"Accept-Encoding": "gzip"})

        assert answer.headers["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in ", ".join(answer.headers.get_all("Vary", []))


def test_a_body_that_is_too_large_stays_outside(door: Door) -> None:
    assert door.reader().post(f"{HOME}/next", {"from": "x" * 70_000}).status == 413


def test_a_flood_is_refused_what_is_too_much_and_nobody_is_locked_out(door: Door) -> None:
    where = door.base.removeprefix("https://")

    def statuses(number: int, address: str = "127.0.0.1") -> list[int]:
        return _statuses(where, door.trust, address, number)

    # Four at once, so that it is a flood on slow machines as well, from where nobody asked before.
    with ThreadPoolExecutor(4) as pool:
        some = pool.map(statuses, [200] * 4, ["127.0.0.3"] * 4)
        flood = [status for one in some for status in one]
    others = statuses(5, "127.0.0.2")

    assert set(flood) == {200, 429}
    assert flood.count(200) >= 150
    assert others == [200] * 5
    time.sleep(1.5)
    assert statuses(10, "127.0.0.3") == [200] * 10


def _statuses(where: str, trust: ssl.SSLContext, address: str, number: int) -> list[int]:
    """Ask for a page again and again from one of this machine's addresses."""
    connection = http.client.HTTPSConnection(
        where, context=trust, timeout=60, source_address=(address, 0)
    )
    statuses = []
    try:
        for _ in range(number):
            connection.request("GET", f"{HOME}/read")
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
    finally:
        connection.close()
    return statuses


def test_below_a_prefix_everything_stays_below_it(tmp_path: Path, certificate: Path) -> None:
    settings = {"EXPLORER_PROXY_HOPS": "1", "EXPLORER_URL_PREFIX": "/plots"}
    app = tmp_path / "app"
    app.mkdir()
    with (
        served(app, [tale_file(app)], **settings) as base,
        nginx(tmp_path, certificate, base.removeprefix("http://"), "/plots") as door,
    ):
        reader = door.reader()
        moved = reader.post(f"{HOME}/threshold", {"threshold": "1"})
        page = reader.get(HOME)
        style = re.findall(r'href="/plots(/static/[^"]+)"', page.text)
        styled = reader.get(style[0])

    assert moved.headers["Location"].startswith(f"/plots{HOME}")
    assert f"Path=/plots{HOME};" in moved.headers["Set-Cookie"]
    assert not re.findall(r'(?:href|action|src)="/(?!plots)', page.text)
    assert styled.status == 200
    assert "max-age=31536000" in styled.headers["Cache-Control"]


def test_nginx_writes_down_nobody_even_when_things_go_wrong(
    tmp_path: Path, certificate: Path
) -> None:
    with nginx(tmp_path, certificate, f"127.0.0.1:{free_port()}") as door:
        reader = door.reader(**{"User-Agent": "Xylograph"})
        path = f"{HOME}/scenes/{SCENE_KEY}?who={PERSON_KEY}"
        statuses = [reader.get(path).status for _ in range(170)]

    assert {502, 429} & set(statuses)
    logged = door.logged()
    assert [word for word in (SCENE_KEY, HOME, "Xylograph", "client:") if word in logged] == []


# --- what a proxy takes in, and what it passes on ------------------------------------------------


BEGUN = (
    b"POST / HTTP/1.1\r\nHost: localhost\r\nX_Forwarded_Host: evil.example\r\n"
    b"Sec_Fetch_Site: same-origin\r\nContent-Length: 6000\r\n\r\n"
) + b"a" * 5000


@dataclass(frozen=True, slots=True)
class Passed:
    """What an application got of a form: while it was on its way, and when all of it was there."""

    early: bytes
    whole: bytes


def passed(application: socket.socket, client: socket.socket) -> Passed:
    """Send a form in two parts through a proxy."""
    client.sendall(BEGUN)
    application.settimeout(1)
    try:
        early = application.accept()[0].recv(65536)
    except TimeoutError:
        early = b""
    client.sendall(b"a" * 1000)
    application.settimeout(30)
    line, _ = application.accept()
    with line:
        return Passed(early, line.recv(65536))


def assert_taken_in(got: Passed) -> None:
    """Assert that a form came whole, and nothing under a name that means that of another."""
    assert got.early == b""
    assert got.whole.startswith(b"POST / HTTP/1.1\r\n")
    assert b"evil.example" not in got.whole
    assert not re.search(rb"^\w*_\w*:", got.whole, re.MULTILINE)


def test_nginx_takes_forms_in_and_passes_no_forged_names_on(
    tmp_path: Path, certificate: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as application:
        address = f"127.0.0.1:{application.getsockname()[1]}"
        with nginx(tmp_path, certificate, address) as door:
            port = int(door.base.rpartition(":")[2])
            with (
                socket.create_connection(("127.0.0.1", port)) as plain,
                door.trust.wrap_socket(plain, server_hostname="localhost") as client,
            ):
                got = passed(application, client)

    assert_taken_in(got)


def test_caddy_takes_forms_in_and_passes_no_forged_names_on(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as application:
        address = f"127.0.0.1:{application.getsockname()[1]}"
        with caddy(tmp_path, port, address), socket.create_connection(("127.0.0.1", port)) as line:
            got = passed(application, line)

    assert_taken_in(got)


@contextmanager
def caddy(folder: Path, port: int, app: str) -> Iterator[None]:
    """Run Caddy with our site, without https and with one application behind it."""
    program = tool("caddy")
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    changes = {
        "{\n\t# What goes": "{\n\tadmin off\n\tauto_https off\n\t# What goes",
        "{$SITE} {": f":{port} {{",
        "web-1:8000 web-2:8000": app,
        # Nobody is asked for its health: what is behind it here is no application.
        "\t\thealth_uri /readyz\n\t\thealth_interval 5s\n\t\thealth_timeout 5s\n": "",
    }
    version = subprocess.run([program, "version"], capture_output=True, text=True, check=True)
    if re.match(r"v?2\.[0-6]\.", version.stdout):
        # The older word for the same.
        changes["request_buffers 64KB"] = "buffer_requests"
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "Caddyfile").write_text(text)
    command = [program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    environ = {"HOME": str(folder), "PATH": os.environ["PATH"]}
    with subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL) as server:
        try:
            _until_open(port)
            yield
        finally:
            server.terminate()

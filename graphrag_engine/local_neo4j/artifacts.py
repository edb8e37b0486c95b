"""The server's jars, as the user's own Maven fetches them. Neo4j Community is GPL; nothing of it ships with us."""

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from graphrag_engine.errors import ServerError

VERSION = "5.26.30"
_BROWSER = "5.24.0"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
_JAVA = 17
_PATIENCE = 1800
"""Seconds that Maven may take; over a quick network it needs half a minute."""

_POM = f"""<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>graphrag-engine</groupId><artifactId>local-neo4j</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{VERSION}</version>
      <exclusions>
        <exclusion><groupId>org.apache.hadoop</groupId><artifactId>*</artifactId></exclusion>
        <exclusion><groupId>blue.strategic.parquet</groupId><artifactId>*</artifactId></exclusion>
      </exclusions>
    </dependency>
    <dependency>
      <groupId>org.neo4j.client</groupId><artifactId>neo4j-browser</artifactId><version>{_BROWSER}</version>
    </dependency>
  </dependencies>
</project>
"""


def shared() -> Path:
    """Where the jars are kept for all indexes of this user."""
    return Path.home() / ".cache" / "graphrag-engine"


def missing() -> str:
    """What this machine lacks to run a server, as part of a sentence; empty where it lacks nothing."""
    java = _java_version()
    if java < _JAVA:
        return f"Java {_JAVA} or newer is needed, {f'this is Java {java}' if java else 'and there is no java here'}"
    if shutil.which("mvn") is None:
        return "Maven is needed to fetch the server, and there is no mvn here"
    return ""


def fetch(folder: Path) -> Path:
    """The folder of jars below *folder*; fetched where they are not there yet. Raises ServerError."""
    jars = folder / f"neo4j-{VERSION}"
    if jars.exists():
        return jars
    if lack := missing():
        raise ServerError(
            f"{lack[0].upper()}{lack[1:]}. Debian, Ubuntu: apt install openjdk-17-jre-headless maven; "
            "or use Docker, or the address of a server that runs: publish --store neo4j://..."
        )
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="new-", dir=folder, ignore_cleanup_errors=True) as name:
        side = Path(name)
        (side / "pom.xml").write_text(_POM, "utf-8")
        _maven(side)
        (side / "jars").replace(jars)
    return jars


def _maven(folder: Path) -> None:
    command = ["mvn", "-B", "-q", _PLUGIN, "-DincludeScope=runtime", "-DoutputDirectory=jars"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, without a shell
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise ServerError(f"Maven did not fetch the server in {_PATIENCE // 60} minutes; try again.") from None
    if done.returncode or not (folder / "jars").exists():
        said = re.search(r"\[ERROR\] (.+)", done.stdout) or re.search(r"(.+)", done.stderr)
        raise ServerError(f"Maven could not fetch the server: {said[1][:300] if said else 'it did not say why'}.")


def _java_version() -> int:
    """The major version of the `java` on the path; 0 where there is none."""
    if shutil.which("java") is None:
        return 0
    done = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)  # noqa: S607 - the user's own
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found[1]) if found else 0

"""Makes the pictures of docs/neo4j.md: a real Chromium looks at real graphs in the Neo4j Browser of a real server.

Not part of the tests. Needs Java 17, Maven, chromium and fonts for Korean (Debian: chromium fonts-noto-cjk), and
`pip install playwright pillow`. It indexes examples/harbour and a few lines of Korean, publishes both to a server of
its own, drops the files of `neo4j assets` onto Browser as a person would, and says of each picture what is drawn.
"""

import base64
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from graphrag_engine import Engine, browser
from graphrag_engine.local_neo4j.server import LocalServer

HERE = Path(__file__).parent
PICTURES = HERE / "screenshots"
SHOWN = ("overview", "communities", "evidence-of-an-entity", "claims")
SETTLES = 6_000
"""Milliseconds until the layout of a graph lies still."""
PANEL = 945
"""Where the panel at the right begins."""

KOREAN = "한빛조선은 1902년 부산에서 세워졌다. 김한빛이 세운 이 회사는 청해호를 만들었다.\n"
CORRECTIONS = """
add:
  entities:
    - {name: 한빛조선, type: organisation, description: 1902년 부산에서 세워진 조선소.}
    - {name: 김한빛, type: person, description: 한빛조선을 세운 사람.}
    - {name: 청해호, type: work, description: 한빛조선이 만든 배.}
    - {name: 부산, type: place, description: 한빛조선이 있는 항구.}
  relationships:
    - {source: 김한빛, type: 세웠다, target: 한빛조선, weight: 3}
    - {source: 한빛조선, type: 만들었다, target: 청해호, weight: 2}
    - {source: 한빛조선, type: 있다, target: 부산, weight: 2}
"""

DROP = """([target, name, content]) => {
  const bytes = Uint8Array.from(atob(content), each => each.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  for (const type of ["dragenter", "dragover", "drop"])
    document.querySelector(target).dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true}));
}"""


@contextmanager
def published() -> Iterator[LocalServer]:
    """A server with two workspaces."""
    with TemporaryDirectory() as name:
        root = Path(name)
        (root / "korean").mkdir()
        (root / "korean.txt").write_text(KOREAN, "utf-8")
        (root / "korean" / "overrides.yaml").write_text(CORRECTIONS, "utf-8")
        server = LocalServer(root, HERE.parent / ".neo4j-jars")
        running = server.start()
        os.environ["NEO4J_PASSWORD"] = server.password()
        sources = {"default": HERE.parent / "examples" / "harbour", "korean": root / "korean.txt"}
        try:
            for workspace, source in sources.items():
                engine = Engine.open(root / workspace)
                engine.index(source)
                engine.publish(running.uri, workspace=workspace)
            yield server
        finally:
            server.stop()


def drop(page: Page, path: Path) -> None:
    """Drop a file onto the editor, as a person would."""
    content = base64.b64encode(path.read_bytes()).decode()
    page.evaluate(DROP, ["[data-testid=activeEditor]", path.name, content])


def connect(page: Page, address: str, password: str) -> None:
    """Open Browser and log in."""
    page.goto(address)
    page.wait_for_selector("[data-testid=username]")
    page.fill("[data-testid=username]", "neo4j")
    page.fill("[data-testid=password]", password)
    page.click("[data-testid=connect]")
    page.wait_for_selector("text=You are connected")


def run(page: Page, query: str) -> Locator:
    """Type a query, run it, and wait until its graph lies still; the frame with it."""
    page.click("[data-testid=activeEditor] .monaco-editor")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(query)
    page.keyboard.press("Escape")
    page.click("[data-testid=editor-Run]")
    frame = page.locator("[data-testid=frame]").first
    frame.locator("svg g.node").first.wait_for()
    return frame


def tell(name: str, frame: Locator) -> None:
    """What is drawn: nodes, blank captions, colours."""
    nodes = frame.locator("svg g.node").all()
    captions = ["".join(each.locator("text").all_text_contents()).strip() for each in nodes]
    colours = Counter(each.locator("circle.b-outline").get_attribute("fill") for each in nodes)
    blank = sum(not caption for caption in captions)
    sys.stdout.write(f"{name}: {len(nodes)} nodes, {blank} blank captions, {len(colours)} colours {dict(colours)}\n")


def hidden(frame: Locator) -> bool:
    """Whether a node lies below the panel at the right."""
    boxes = [each.bounding_box() for each in frame.locator("svg g.node circle.b-outline").all()]
    return max(box["x"] + box["width"] for box in boxes) > PANEL


def picture(page: Page, name: str, query: str) -> None:
    """Run a query and keep what is drawn."""
    frame = run(page, query)
    frame.locator("[title*=ullscreen]").click()
    page.wait_for_timeout(SETTLES)
    page.locator("[aria-label='zoom-to-fit']").first.click()
    page.wait_for_timeout(1000)
    while hidden(frame):
        page.locator("[aria-label='zoom-out']").first.click()
        page.wait_for_timeout(1000)
    tell(name, frame)
    small = Image.open(BytesIO(page.screenshot())).quantize(128)
    small.save(PICTURES / f"{name}.png", optimize=True)
    frame.locator("[title*=ullscreen]").click()


def main() -> None:
    """All pictures, over the last ones."""
    PICTURES.mkdir(exist_ok=True)
    texts = {name.split("-", 1)[1]: text for name, text in browser.queries().items()}
    with published() as server, TemporaryDirectory() as folder, sync_playwright() as play:
        browser.write(Path(folder))
        running = server.running()
        chromium = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1200, "height": 760})
        connect(page, running.browser, server.password())
        drop(page, Path(folder) / "style.grass")
        page.wait_for_timeout(1000)
        drop(page, Path(folder) / browser.FAVOURITES)
        page.wait_for_timeout(1000)
        kept = page.evaluate("localStorage['neo4j.documents']")
        sys.stdout.write(f"{kept.count('AS workspace')} favourites\n")
        for name in SHOWN:
            picture(page, name, texts[name])
        picture(page, "korean", texts["overview"].replace("'default'", "'korean'"))
        chromium.close()


if __name__ == "__main__":
    main()

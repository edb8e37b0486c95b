import pytest
import yaml

from graphrag_engine.errors import SettingsError
from graphrag_engine.settings import FILE, Settings, load, template


def test_without_a_file_everything_has_its_default(tmp_path):
    assert load(tmp_path, {}) == Settings()


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path):
    (tmp_path / "settings.yaml").write_text("chunk: {size: 300}\nreport: {facts: 2}\n")

    settings = load(tmp_path, {"GRAPHRAG_ENGINE_CHUNK__SIZE": "200", "GRAPHRAG_ENGINE_OTHER": "x", "PATH": "/bin"})

    assert (settings.chunk.size, settings.report.facts, settings.report.sentences) == (200, 2, 5)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("chunk: {size: many}", "chunk.size"),
        ("chunk: {size: 1}", "chunk.size"),
        ("chunk: {sizes: 300}", "chunk.sizes"),
        ("chunks: {}", "chunks"),
        ("chunk: 3", "chunk"),
        ("- chunk", "sections"),
        ("chunk: [", "not YAML"),
        ("chunk: {size: 300}\nreport: {}\nchunk: {size: 400}", "line 3: .*'chunk' stands there twice"),
        ("chunk: {size: 300, size: 400}", "'size' stands there twice"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(tmp_path, text, named):
    (tmp_path / "settings.yaml").write_text(text)

    with pytest.raises(SettingsError, match=named) as caught:
        load(tmp_path, {})

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [("CHUNK__SIZE", "x"), ("CHUNK__SIZE", "["), ("CHUNC__SIZE", "1")])
def test_a_wrong_environment_variable_is_one_sentence(tmp_path, name, value):
    with pytest.raises(SettingsError):
        load(tmp_path, {f"GRAPHRAG_ENGINE_{name}": value})


def test_a_file_that_is_not_text_is_one_sentence(tmp_path):
    (tmp_path / "settings.yaml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match=r"settings\.yaml"):
        load(tmp_path, {})


def test_the_template_changes_nothing_and_shows_every_setting(tmp_path):
    (tmp_path / FILE).write_text(template())

    assert load(tmp_path, {}) == Settings()
    for name, section in Settings():
        assert all(f"{name}:" in template() and f"{field}:" in template() for field in section.__class__.model_fields)


def test_the_template_without_its_marks_states_the_defaults():
    keys = {key for _, section in Settings() for key in section.__class__.model_fields}
    lines = [line.replace("# ", "", 1) for line in template().splitlines()[1:]]
    bare = [line for line in lines if line.endswith(":") or line.strip().partition(":")[0] in keys]

    assert yaml.safe_load("\n".join(bare)) == Settings().model_dump()


def test_every_setting_is_documented():
    for _, section in Settings():
        assert all(field.description for field in section.__class__.model_fields.values())

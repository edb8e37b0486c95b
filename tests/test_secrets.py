import pytest

from graphrag_engine import dotenv
from graphrag_engine.errors import SettingsError
from graphrag_engine.settings import ChatSettings, load, secrets, vocabularies

KEY = "sk-test-0123456789"
OWN = ChatSettings(base_url="http://localhost:8000/v1")
AZURE = ChatSettings(base_url="https://x.openai.azure.com", azure=True)


def test_keys_come_from_the_environment(tmp_path):
    found = secrets(tmp_path, {"OPENAI_API_KEY": KEY, "AZURE_OPENAI_API_KEY": "azure"})

    assert (found.key(ChatSettings()), found.key(AZURE)) == (KEY, "azure")


def test_keys_come_from_a_file_beside_the_settings_and_the_environment_goes_before(tmp_path):
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={KEY}\nAZURE_OPENAI_API_KEY=file\n")

    found = secrets(tmp_path, {"AZURE_OPENAI_API_KEY": "environment", "OPENAI_API_KEY": ""})

    assert (found.key(ChatSettings()), found.key(AZURE)) == (KEY, "environment")


def test_a_key_that_is_missing_is_asked_for_unless_the_server_is_ones_own(tmp_path):
    found = secrets(tmp_path, {})

    assert found.key(OWN) is None
    with pytest.raises(SettingsError, match=r"No key: set OPENAI_API_KEY .*'\.env'"):
        found.key(ChatSettings())
    with pytest.raises(SettingsError, match="AZURE_OPENAI_API_KEY"):
        found.key(AZURE)


def test_keys_are_never_shown(tmp_path):
    (tmp_path / ".env").write_text(f"AZURE_OPENAI_API_KEY={KEY}")
    found = secrets(tmp_path, {"OPENAI_API_KEY": KEY})

    assert KEY not in f"{found} {found!r}"
    assert KEY not in repr(load(tmp_path, {"OPENAI_API_KEY": KEY}))


def test_the_settings_file_holds_no_key(tmp_path):
    (tmp_path / "settings.yaml").write_text(f"chat: {{api_key: {KEY}}}")

    with pytest.raises(SettingsError, match="no such setting") as caught:
        load(tmp_path, {})

    assert KEY not in str(caught.value)


def test_the_address_in_the_environment_goes_before_the_settings_file(tmp_path):
    (tmp_path / "settings.yaml").write_text("chat: {base_url: http://file/v1}\nembeddings: {azure: true}\n")
    known = {"OPENAI_BASE_URL": "http://shared/v1", "AZURE_OPENAI_ENDPOINT": "http://azure", "OPENAI_API_VERSION": "v9"}

    found = load(tmp_path, known)

    assert (found.chat.base_url, found.embeddings.base_url) == ("http://shared/v1", "http://azure")
    assert found.embeddings.api_version == "v9"


def test_the_name_of_the_setting_goes_before_the_shared_name(tmp_path):
    (tmp_path / ".env").write_text("GRAPHRAG_ENGINE_EMBEDDINGS__BASE_URL=http://own/v1\n")

    found = load(tmp_path, {"OPENAI_BASE_URL": "http://shared/v1"})

    assert (found.chat.base_url, found.embeddings.base_url) == ("http://shared/v1", "http://own/v1")


def test_an_empty_address_is_none(tmp_path):
    assert load(tmp_path, {"OPENAI_BASE_URL": ""}).chat.base_url is None


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=value", "value"),
        ("export NAME = value  # why", "value"),
        ("NAME='a # b'", "a # b"),
        ('NAME="a b" # why', "a b"),
        ("NAME=a#b", "a#b"),
        ("NAME=", ""),
        ("NAME= # nothing", ""),
        ("\ufeffNAME=value\r", "value"),
    ],
)
def test_a_line_of_the_file_names_a_value(tmp_path, line, value):
    (tmp_path / ".env").write_text(line, "utf-8")

    assert dotenv.read(tmp_path / ".env") == {"NAME": value}


@pytest.mark.parametrize("line", ["", "# NAME=value", "value", "two words=value", "NAME='open", "=value"])
def test_other_lines_of_the_file_are_of_no_concern(tmp_path, line):
    (tmp_path / ".env").write_text(line)

    assert dotenv.read(tmp_path / ".env") == {}


def test_a_file_of_long_lines_is_read_in_no_time(tmp_path):
    (tmp_path / ".env").write_text("NAME=" + "a " * 50_000 + "'\nNAME" + " " * 50_000 + "\nNAME=" + "a#" * 50_000)

    assert len(dotenv.read(tmp_path / ".env")) == 1


def test_a_file_that_is_not_text_is_one_sentence_without_its_content(tmp_path):
    (tmp_path / ".env").write_bytes(KEY.encode() + b"\xff")

    with pytest.raises(SettingsError, match=r"\.env.*not UTF-8") as caught:
        secrets(tmp_path, {})

    assert KEY not in str(caught.value)


def test_vocabularies_are_where_tiktoken_keeps_them(tmp_path):
    assert vocabularies({}) is None
    assert vocabularies({"TIKTOKEN_CACHE_DIR": str(tmp_path)}) == tmp_path

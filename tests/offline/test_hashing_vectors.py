import os
import subprocess
import sys

import numpy as np
import pytest

from graphrag_engine.offline.hashing_vectors import embed


def nearness(one: str, other: str) -> float:
    left, right = embed([one, other], 1024)
    return float(left @ right)


def test_texts_are_near_each_other_as_far_as_they_share_words():
    text = "The pilots of Wendmouth refused to board the colliers of Cornelius Stroud."

    assert nearness(text, "Stroud's colliers were refused by the pilots.") > 0.4
    assert nearness(text, "Herring was smoked in the yard behind the church.") < 0.15


def test_forms_of_a_word_and_misspellings_are_near():
    assert nearness("harbours", "harbour") > 0.99
    assert nearness("Wendmouth", "Wendmuoth") > 0.1 > nearness("Wendmouth", "Birkdale")
    assert nearness("lighthouse keeper", "lighthousekeeper") > 0.15


def test_function_words_hardly_count():
    assert nearness("the of and with by whale", "the of and with by tree") < 0.2


def test_repeating_a_word_counts_less_and_less():
    assert nearness("whale ship", "whale whale whale whale ship") > 0.85


@pytest.mark.parametrize("script", ["부산항은 크다", "東京の港", "Гавань Риги", "Ελληνικό λιμάνι"])
def test_every_script_has_vectors(script: str):
    assert nearness(script, script) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", " \n", "!!! ...", "\ud800"])
def test_a_text_without_words_is_a_vector_without_length(text: str):
    (vector,) = embed([text], 128)

    assert vector.shape == (128,)
    assert float(np.linalg.norm(vector)) == pytest.approx(0)


def test_vectors_have_length_one_and_the_dimensions_asked_for():
    vectors = embed((f"ship number {at} of the line" for at in range(5000)), 96)

    assert vectors.shape == (5000, 96)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors():
    assert embed([], 64).shape == (0, 64)


def test_vectors_do_not_depend_on_the_hash_seed():
    code = "from graphrag_engine.offline.hashing_vectors import embed; print(embed(['The tide'], 64).tobytes().hex())"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }

    assert len(printed) == 1

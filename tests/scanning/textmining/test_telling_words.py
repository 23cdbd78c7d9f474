"""The words that tell a topic's documents from the others."""

import numpy as np
import pytest
from scipy import sparse

from scanning.textmining.topics import telling

EVERYWHERE, HALF, RARE = 0, 1, 2


def counts_of_two_classes():
    matrix = np.zeros((20, 3))
    matrix[:, EVERYWHERE] = 5
    matrix[:5, HALF] = 1
    matrix[0, RARE] = 9
    return sparse.csr_matrix(matrix), np.repeat([0, 1], 10)


def test_a_word_of_half_the_class_outranks_one_of_all_classes_and_one_of_a_single_document():
    scores = telling(*counts_of_two_classes(), 2)
    assert scores[0].argmax() == HALF
    assert scores[0, HALF] == pytest.approx(0.5 * np.log(0.5 / (0.5 / 21)))
    assert scores[0, RARE] == pytest.approx(0.1 * np.log(0.1 / (0.5 / 21)))
    assert scores[1, HALF] == 0  # a word that a class has not tells nothing of it


def test_documents_without_words_belong_to_no_class_and_count_for_none():
    matrix, classes = counts_of_two_classes()
    longer = sparse.vstack([matrix, sparse.csr_matrix((4, 3))]).tocsr()
    assert np.array_equal(telling(longer, np.r_[classes, [-1] * 4], 2), telling(matrix, classes, 2))


def test_one_class_alone_is_told_by_its_most_frequent_words_and_an_empty_one_by_none():
    matrix, _ = counts_of_two_classes()
    scores = telling(matrix, np.zeros(20, "i8"), 2)
    assert list(np.argsort(-scores[0])) == [EVERYWHERE, HALF, RARE]
    assert not scores[1].any()

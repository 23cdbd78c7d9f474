"""Small slices of real corpora: the list must hold what anyone in the field would name."""

import os

import pytest

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif("DELPHI_DATA_DIR" not in os.environ, reason="DELPHI_DATA_DIR is not set"),
]


def test_computational_linguistics():
    from bench.mining_data import acl
    from scanning.textmining import count_records, mine_counts

    mined = mine_counts(list(count_records(acl(1500))))
    top = {term.key: term for term in mined.terms[:80]}
    expected = {
        "neuralmachinetranslation",
        "namedentityrecognition",
        "wordsensedisambiguation",
        "recurrentneuralnetwork",
    }
    assert expected <= set(top)
    assert top["neuralmachinetranslation"].acronym == "NMT"
    assert top["neuralmachinetranslation"].yearly[2016] > 0


def test_large_language_model_is_not_locked_out():
    from bench.mining_data import acl
    from scanning.textmining import TermSettings, mine_terms

    late = [record for record in acl() if record.year == 2022][:1500]
    names = {
        term.key for term in mine_terms(late, TermSettings(limit=3000, min_documents=3, support=1, similar=0))
    }
    assert {"largelanguagemodel", "pretrainedlanguagemodel", "languagemodel"} <= names


def test_patents_without_titles():
    from bench.mining_data import uspto
    from scanning.textmining import mine_terms

    terms = {term.key: term for term in mine_terms(uspto(2500))[:150]}
    assert {"lightemittingdiode", "thinfilmtransistor", "printedcircuitboard"} <= set(terms)
    assert terms["lightemittingdiode"].score_parts["title"] == 1.0


def test_chinese_authors_keywords():
    from bench.mining_data import csl, fold
    from scanning.textmining import count_records
    from scanning.textmining.keywords import document_keywords

    records, wanted = csl(200)
    found = document_keywords(list(count_records(records)), "zh", 10)
    numbers = range(1, len(records), 2)
    hits = sum(len({fold(keyword.key) for keyword in found[n]} & wanted[n]) for n in numbers)
    # jieba's TF-IDF reaches 0.21 on this half.
    assert hits / sum(len(wanted[n]) for n in numbers) > 0.33


def test_technologies_lead_a_chinese_list_of_all_disciplines():
    from bench.mining_data import csl
    from scanning.textmining import count_records, mine_counts

    top = [term.key for term in mine_counts(list(count_records(csl()[0]))).terms[:40]]
    assert {"数字高程模型", "蚁群算法", "扩展卡尔曼滤波", "傅里叶变换", "相变材料", "支持向量机"} <= set(
        top[:15]
    )
    assert {
        "控股股东",
        "中国哲学",
        "种子萌发",
        "创业机会",
        "无腔器件",
        "地方政府",
        "价值取向",
        "学术研讨会",
    }.isdisjoint(top)

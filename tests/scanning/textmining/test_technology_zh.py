"""Chinese candidates: technologies before society, nature and medicine; long forms that an acronym can stand for."""

import pytest

from scanning.textmining import Record, TermSettings, TermWeights, mine_terms
from scanning.textmining.candidates_zh import ChineseReader
from scanning.textmining.segment_zh import Segmenter

from .corpus import english
from .corpus_mixed_zh import OTHERS, TECHNOLOGIES, UNLISTED_OTHERS, UNLISTED_TECHNOLOGIES, mixed


def ranked(**weights):
    settings = TermSettings(weights=TermWeights(**weights), support=0, similar=0)
    return mine_terms(mixed(), settings)


def test_technologies_lead_a_list_of_many_disciplines():
    def places(terms):
        order = [term.key for term in terms if term.key in TECHNOLOGIES | OTHERS]
        return sum(key in TECHNOLOGIES for key in order[: len(TECHNOLOGIES)])

    assert places(ranked()) >= len(TECHNOLOGIES) - 1
    assert places(ranked(technology=0)) < len(TECHNOLOGIES) - 1


def test_names_with_unknown_endings_are_told_apart_by_their_documents():
    part = {term.key: term.score_parts["technology"] for term in ranked()}
    assert min(part[key] for key in UNLISTED_TECHNOLOGIES) > 1 > max(part[key] for key in UNLISTED_OTHERS)


def test_a_corpus_of_one_discipline_keeps_its_order():
    """Where all documents speak alike, their leaning must not sort them by accident."""
    from scanning.textmining import count_records
    from scanning.textmining.technology import leanings

    engineering = mixed()[:22]
    spread = leanings(list(count_records(mixed())), "zh").std()
    assert leanings(list(count_records(engineering)), "zh").std() < spread / 1.5


def test_english_scores_have_no_such_part():
    assert all("technology" not in term.score_parts for term in mine_terms(english()))


def pairs(text):
    return {(short, form.replace(" ", "")) for short, _, _, form in ChineseReader(Segmenter()).acronyms(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("研究了有机发光二极管(OLED)的效率。", {("oled", "有机发光二极管")}),
        ("一个是无腔器件(OLED)，另一个有微腔。", set()),
        ("采用扩展卡尔曼滤波(EKF)估计状态。", {("ekf", "扩展卡尔曼滤波")}),
        # Words that the letters contradict are cut off in front: the verb is not part of the name.
        ("抑制肺动脉平滑肌细胞(PASMC)增殖。", {("pasmc", "肺动脉平滑肌细胞")}),
        # Words that the table does not know are no evidence against.
        ("测定了过氧化物酶(POD)活性。", {("pod", "过氧化物酶")}),
        # An English name that explains the letters settles it.
        ("无腔器件(organic light emitting diode, OLED)的效率。", {("oled", "无腔器件")}),
    ],
)
def test_an_acronym_needs_a_long_form_that_its_letters_allow(text, expected):
    assert pairs(text) == expected


def test_an_act_after_the_name_of_a_method_closes_no_term():
    records = [
        Record(str(n), f"{what}的HPLC法测定", f"用HPLC法测定{what}的含量。")
        for n, what in enumerate("甲乙丙")
    ]
    assert "hplc法测定" not in {term.key for term in mine_terms(records)}


def test_the_prefix_of_a_polymer_stays_with_its_name():
    records = [Record(str(n), "聚丙烯酰胺凝胶电泳", "采用聚丙烯酰胺凝胶电泳分离蛋白。") for n in range(3)]
    keys = {term.key for term in mine_terms(records)}
    assert "聚丙烯酰胺凝胶电泳" in keys
    assert "丙烯酰胺凝胶电泳" not in keys


def test_kinds_of_things_and_findings_do_not_fill_the_list_of_a_small_corpus():
    text = "提出一种分析方法和新技术，系统的计算结果与设计方案表明遗传算法的基本特征，压力为5 MPa。"
    records = [Record(str(n), "遗传算法的系统", text) for n in range(3)]
    found = {term.name for term in mine_terms(records)}
    assert "遗传算法" in found
    assert found.isdisjoint({"系统", "新技术", "分析方法", "计算结果", "设计方案", "基本特征", "MPa"})
    kept = mine_terms(records, TermSettings(dictionary=("系统",)))
    assert "系统" in {term.name for term in kept}

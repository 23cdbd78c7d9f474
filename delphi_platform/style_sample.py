"""Content of the style page: what a real study would show, in both languages. No figure here is a result."""

EN = {
    "lang": "en",
    "study": "Intelligent manufacturing 2045",
    "lead": "Thirty-eight experts judge forty-two technologies in three rounds. Round 2 closes on Friday.",
    "fields": ["Sensing and metrology", "Robotics", "Materials", "Energy"],
    "groups": ["Academia", "Industry", "Government", "Civil society"],
    "question": "How important is this technology for the country's industry by 2045?",
    "low": "Not important",
    "high": "Critical",
    "agree": "A national test bed for quantum sensors should be funded before 2030.",
    "agree_low": "Strongly disagree",
    "agree_high": "Strongly agree",
    "familiarity": "How well do you know this technology?",
    "levels": ["I work on it", "I follow it closely", "I have read about it", "I do not know it"],
    "year": "When will it first be in regular industrial use?",
    "reasons": [
        (
            "Pilot lines in two shipyards already run without a human in the loop. The step to series is "
            "organisational.",
            "Industry",
            4,
        ),
        (
            "Calibration drifts within weeks outside the laboratory. I see no path to certification "
            "before 2040.",
            "Academia",
            7,
        ),
    ],
    "technologies": [
        (
            "Quantum gravimeters for underground mapping",
            "Sensing and metrology",
            "7.0",
            "6–8",
            "81",
            34,
            "consensus_in",
        ),
        ("Self-healing structural concrete", "Materials", "3.0", "2–4", "74", 31, "consensus_out"),
        (
            "Autonomous multi-robot assembly without fixtures",
            "Robotics",
            "5.5",
            "3–8",
            "42",
            36,
            "stable_disagreement",
        ),
        ("Solid-state batteries for heavy machinery", "Energy", "6.0", "4–7", "58", 35, "open"),
        (
            "Neuromorphic vision for sorting lines",
            "Sensing and metrology",
            "–",
            "–",
            "–",
            4,
            "too_few_answers",
        ),
    ],
    "dialog_text": (
        "38 invitations go out now. The protocol is locked: questions and criteria can be changed "
        "only by an amendment with a reason."
    ),
    "empty": (
        "No candidates yet",
        "Import a corpus, start a scan, and the technologies that it proposes wait here for review.",
    ),
    "notice": "Your answer was kept on this device. It will be sent when the connection is back.",
    "passage": (
        "A Delphi study asks a group the same questions several times. Between the rounds everyone "
        "sees, without names, how the group answered and why, and may revise. What remains is "
        "consensus where there is one, and well-argued disagreement where there is not."
    ),
}

ZH = {
    "lang": "zh-hans",
    "study": "智能制造2045技术预见",
    "lead": "38位专家分三轮评判42项技术。第二轮将于本周五截止。",
    "fields": ["传感与计量", "机器人", "材料", "能源"],
    "groups": ["学术界", "产业界", "政府部门", "社会组织"],
    "question": "到2045年，这项技术对我国制造业有多重要？",
    "low": "不重要",
    "high": "至关重要",
    "agree": "应在2030年前资助建设国家级量子传感器试验平台。",
    "agree_low": "完全不同意",
    "agree_high": "完全同意",
    "familiarity": "您对这项技术的熟悉程度如何？",
    "levels": ["正在从事相关研究", "密切关注", "有所了解", "不熟悉"],
    "year": "这项技术何时会首次进入常规工业应用？",
    "reasons": [
        (
            "两家船厂的中试线已实现无人值守运行。走向批量生产的障碍主要在组织层面，而不在技术层面。",
            "产业界",
            4,
        ),
        ("离开实验室后，校准几周内就会漂移。我认为2040年之前难以通过认证。", "学术界", 7),
    ],
    "technologies": [
        ("用于地下测绘的量子重力仪", "传感与计量", "7.0", "6–8", "81", 34, "consensus_in"),
        ("自修复结构混凝土", "材料", "3.0", "2–4", "74", 31, "consensus_out"),
        ("无夹具的多机器人自主装配", "机器人", "5.5", "3–8", "42", 36, "stable_disagreement"),
        ("面向重型机械的固态电池", "能源", "6.0", "4–7", "58", 35, "open"),
        ("用于分拣线的神经形态视觉", "传感与计量", "–", "–", "–", 4, "too_few_answers"),
    ],
    "dialog_text": "现在将发出38份邀请。方案随即锁定：此后只有附上理由的修订才能更改问题和判定标准。",
    "empty": ("还没有候选技术", "导入语料并启动扫描后，系统提出的技术会在这里等待评审。"),
    "notice": "您的回答已保存在本设备上，网络恢复后会自动提交。",
    "passage": (
        "德尔菲法就同样的问题多次征询一组专家。两轮之间，每位专家都能匿名看到群体的回答及其理由，"
        "并可修改自己的判断。最终留下的，有共识之处是共识，无共识之处是理由充分的分歧。"
    ),
}
TECHNOLOGY_KEYS = ("title", "field", "median", "quartiles", "agreement", "n", "verdict")


def sample(language: str) -> dict:
    """The sample of one language, with rows as mappings for the template."""
    text = ZH if language.startswith("zh") else EN
    return text | {
        "technologies": [dict(zip(TECHNOLOGY_KEYS, row, strict=True)) for row in text["technologies"]],
        "reasons": [dict(zip(("text", "group", "value"), row, strict=True)) for row in text["reasons"]],
    }

"""Small corpora written for these tests."""

from __future__ import annotations

from scanning.textmining import Record

SENTENCES = (
    "We study solid state battery (SSB) packs and their dendrite growth",
    "Solid state batteries need a stable electrolyte; the SSB is compared with lithium ion cells",
    "A quantum key distribution (QKD) link over fiber was built, and QKD rates rose",
    "Quantum-key distribution secures the link between two satellites",
    "Perovskite solar cells were coated by slot-die coating, and perovskite solar cells aged slowly",
    "Slot die coating of perovskite solar cells on large-scale foils",
    "A large language model answers questions about battery chemistry",
    "Large language models and retrieval augmented generation (RAG) in the laboratory",
)

ZH = (
    "固态电池（solid state battery，SSB）的界面阻抗较大，固态电池需要稳定的电解质。",
    "研究了固态电池界面的锂枝晶生长，采用原位显微成像技术。",
    "量子密钥分发网络的安全性得到验证，量子密钥分发速率提高。",
    "基于量子密钥分\n发的卫星通信系统设计。",
    "钙钛矿太阳能电池的狭缝涂布工艺，钙钛矿太阳能电池稳定性较好。",
    "大面积钙钛矿太阳能电池制备。",
)


def english(repeat: int = 3) -> list[Record]:
    """The sentences, repeated over consecutive years with distinct ids."""
    return [
        Record(
            f"en{n}-{i}",
            text.split(",")[0],
            text + ".",
            year=2018 + n,
            source=f"journal {i % 3}",
            countries=("DE",),
        )
        for n in range(repeat)
        for i, text in enumerate(SENTENCES)
    ]


def chinese(repeat: int = 3) -> list[Record]:
    return [
        Record(f"zh{n}-{i}", text.split("，")[0], text, date=f"{2019 + n}-05-01")
        for n in range(repeat)
        for i, text in enumerate(ZH)
    ]

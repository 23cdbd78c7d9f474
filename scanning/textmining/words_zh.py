"""Chinese word classes for term extraction, as data: words that split, words that may not open or close a term."""

from __future__ import annotations

# Words that never belong to a term: they split the sentence.
SPLIT = frozenset(
    """
的 了 和 与 及 或 而 但 且 则 在 于 从 由 向 对 对于 关于 把 被 将 使 让 令 以 以及 及其 并 并且 同时 因此 所以 因为 由于 为 为了
是 有 没有 无 不 不仅 而且 也 都 就 才 又 再 还 更 最 很 较 比较 已 已经 曾 正在 可 可以 能 能够 会 应 应该 应当 须 必须 需 需要
这 这些 这种 那 那些 该 此 其 其中 各 各种 每 某 某些 本 本文 我们 他们 它 它们 其他 其它 之 之间 之一 所 者 等 等等 如 例如 比如 即 
首先 其次 然后 最后 最终 此外 另外 总之 综上 综上所述 目前 当前 近年来 近年 如今 现在 今后 未来 过去 一直 通过 根据 按照 依据 基于 采用 利用
运用 使用 应用于 用于 借助 结合 针对 围绕 提出 给出 得出 得到 获得 取得 发现 表明 显示 说明 指出 认为 证明 证实 验证 探讨 讨论 研究表明
分析了 介绍 阐述 论述 描述 总结 归纳 综述 旨在 目的 方法 结果 结论 结果表明 实验表明 实验结果 实验结果表明 研究结果 试验结果
提高 降低 增加 减少 改善 改进 增强 减小 增大 升高 下降 上升 达到 实现 完成 进行 开展 建立 构建 设计了 设计出 形成 产生 导致 引起 造成 
存在 具有 具备 包括 包含 含有 属于 成为 作为 视为 称为 出现 发生 发现 有效 显著 明显 较好 较高 较低 良好 重要 主要 不同 相同 相关 一定
一种 一个 一些 一系列 两种 两个 三种 三个 多种 多个 几种 若干 第一 第二 第三 上述 以上 以下 如下 之后 之前 以来 以后 以前 期间 当 时 时候 后 前
中 上 下 内 外 里 间 左右 至 到 起 来 去 做 作 用 给 比 均 亦 却 虽然 尽管 但是 然而 如果 只有 只要 无论 不但 不能 不会 不同于 以便 从而 进而
因而 故 至今 随着 作者 笔者 文章 论文 文中 本研究 本课题 课题组 差异 统计学意义 P 例 只 分别 随机 选取 选择 收集 观察 比较 检测 测定 结束
意义 进一步 充分 日益 逐渐 逐步 不断 尤其 特别 特别是 主要是 即可 以期 为此 对此 据此 由此 与此同时 有助于 有利于 有关 十分 非常 极其 相当 
能力强 有着 许多 大量 大多 部分 全部 所有 任何 整个 个 次 年 月 日 倍 元 余 组 第 约 近 达 占 为主 为例 基础上 过程中 条件下 情况下 作用下
""".split()
)

# Words that may stand inside or open a term but never close or stand alone as one.
SOFT = frozenset(
    """
研究 分析 问题 方面 情况 特点 特征 作用 影响 关系 过程 内容 方式 途径 措施 对策 建议 原因 因素 水平 程度 效果 效率 能力 质量 数量 条件 要求 
需求 目标 意见 思路 观点 角度 现状 趋势 前景 进展 发展 变化 变动 增长 应用 使用 利用 实践 探索 思考 启示 价值 意义 优势 不足 困难 难点 重点
关键 核心 基础 基本 主体 整体 总体 综合 全面 具体 实际 现实 理论 传统 现代 新型 新 大 小 高 低 强 弱 多 少 快 慢 好 差 长 短 深 浅 
国内 国外 国内外 我国 中国 世界 全球 地区 城市 领域 行业 单位 部门 人员 工作 活动 时间 时期 阶段 年代 世纪 范围 对象 类型 种类 形式 
结构 功能 性能 参数 指标 数据 信息 资料 样本 样品 变量 数值 值 率 量 度 差 比 
可能 必要 合理 科学 有关 直接 间接 单一 相互 共同 独立 自身 个体 群体 患者 病人 学生 教师 人们 企业 公司 农民
""".split()
)

# Words of doing research: they neither open nor close a term.
ACTING = frozenset(
    """
研究 分析 探讨 探析 探究 探索 浅析 浅谈 应用 使用 利用 采用 运用 并用 选用 进展 研究进展 影响 思考 启示 综述 述评 简介 评述 比较 对比 观察 加强 提升 促进
推进 推动 改变 考察 试论 试析 论述 实现 开发 制备 测定 确定 计算 讨论 解决 选择 带有 提供 满足 保证 保障 适应 符合 反映 体现 发挥 承担 参与 引入 引进
完善 健全 强化 优化 培养 开展 实施 解释 揭示 处理 描述 表示 表征 总结 认识 理解 了解 掌握 关注 重视 结合 出发 入手 联合 配合 拟 欲 宜
""".split()
)

# Closing words that across the sciences tend to close the name of a technique, device, substance or field.
STRONG_HEADS = frozenset(
    """
技术 算法 模型 系统 网络 方法 机制 函数 方程 控制 控制器 优化 学习 识别 检测 监测 预测 评价 仿真 模拟 设计 工程 材料 合金 催化剂 电池
传感器 机器人 发动机 激光 雷达 芯片 半导体 纳米 复合材料 薄膜 涂层 光谱 成像 显微镜 疗法 疫苗 基因 蛋白 细胞 受体 抑制剂 手术 治疗 诊断
图谱 知识图谱 数据库 平台 设备 装置 设施 工艺 加工 制造 焊接 铸造 生产力 理论 定理 变换 滤波 编码 调制 通信 天线 电路 变换器 变压器 电机 
反应器 反应 合成 综合征 病毒 菌 酶 酸 聚合物 管理 制度 政策 经济 产业 供应链 教育 教学 
""".split()
)

# jieba part-of-speech tags that may take part in a term, open it, close it.
INNER_TAGS = frozenset("n nr ns nt nz ng vn an v a ad b j l i eng x m q g vg ag nrt nrfg k h s f d z".split())
OPEN_TAGS = frozenset("n nr ns nt nz ng vn an v a b j l i eng x g vg ag nrt nrfg h z".split())
CLOSE_TAGS = frozenset("n nr nt nz ng vn an v j l i eng x g vg nrt nrfg k q".split())

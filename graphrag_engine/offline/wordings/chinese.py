"""What is generated, in Chinese."""

from collections.abc import Mapping

ANSWERS: Mapping[str, str] = {
    "person": "人物",
    "organisation": "组织",
    "place": "地点",
    "work": "作品或船舶",
    "event": "事件",
    "date": "日期",
    "money": "金额",
    "quantity": "数量",
    "concept": "概念",
    "name": "其他名称",
    "mentioned with": "一同提及",
    "Evidence from your documents, best first; no language model wrote this.": (
        "以下是从您的文档中找到的依据，最相关的在前；并非语言模型所写。"
    ),
    "Understood: {}.": "识别出的名称：{}。",
    "; ": "；",
    ", ": "、",
    "Mode: {}, {}.": "模式：{}（{}）。",
    "Not known here: {}.": "文档中没有的名称：{}。",
    "The sources speak of {}, but none of these words: {}.": "文档中提到：{}；但没有出现这些词：{}。",
    "--json gives every quote in full.": "使用 --json 可查看每条引文的全文。",
    "  through {}": "  关联：{}",
    " to ": "至",
    " and ": "、",
    " or ": "或",
    "{} may be {} or {}": "{}：可能是 {} 或 {}",
    "{} as another name of {}": "{}：{} 的别名",
    "{} as a part of the name of {}": "{}：{} 名称的一部分",
    "Passages": "相关段落",
    "Facts": "事实",
    "Claims": "说法",
    "Paths": "路径",
    "Possible ({}), unchecked": "可能的答案（{}），未经核实",
    "Reports": "报告",
    "Sources (characters)": "来源（字符位置）",
    "Not supported by what is cited": "引文不能支持的内容",
    "and {} more documents": "另有 {} 份文档",
    "denied": "已被否认",
    "unconfirmed": "未经证实",
    "Nothing found: the sources{} do not say.": "没有找到：文档{}中没有提到。",
    " that the filter allows": "（筛选范围内）",
    "No path of at most four ties, each stated by a passage, leads on from {}. Try mode local.": (
        "从 {} 出发，找不到四步以内、每一步都有段落为据的路径。请尝试 local 模式。"
    ),
    "No name of the question is known, and no passage holds half of its words. Try other words.": (
        "问题中没有已知的名称，也没有段落包含问题中一半的词。请换一种说法。"
    ),
    "Nothing found: no document matches the filter {}.": "没有找到：没有文档符合筛选条件 {}。",
    "since one name is known": "已知名称 1 个",
    "since {} names are known": "已知名称 {} 个",
    " and ties join them": "，彼此有关系相连",
    " and a chain of ties leads on": "，有关系链可以延伸",
    " and no chain of ties leads on": "，没有关系链可以延伸",
    "since no name is known and the question asks for the whole": "没有已知名称，问的是整体",
    "; no passage holds half of its words": "，没有段落包含问题中一半的词",
    "since no name is known, but a passage holds half of the question's words": (
        "没有已知名称，但有段落包含问题中一半的词"
    ),
    "since no name is known and no passage holds half of the question's words": (
        "没有已知名称，也没有段落包含问题中一半的词"
    ),
    "as asked for": "按指定",
}
"""The words around an answer, and the types of what is in it."""

REPORTS: Mapping[str, str] = {
    "*Extractive report: its sentences and facts are taken from the sources as they stand; no model wrote it.*": (
        "*摘录式报告：句子和事实均照录自文档，并非模型所写。*"
    ),
    "{} ({}) with {}, from {} of {}": "{}（{}），{}，{}，{}",
    ", ": "、",
    "{}.": "{}。",
    "; years {} to {}.": "；{} 年至 {} 年。",
    "; year {}.": "；{} 年。",
    "What the sources say": "文档内容",
    "Facts": "事实",
    "From {!r}.": "出处：{!r}。",
    "{} of 10: {}, stated in {}.": "评分 {}（满分 10 分）：{}，{}。",
    "{} entity": "对象 {} 个",
    "{} relationship": "关系 {} 条",
    "{} passage": "段落 {} 个",
    "{} document": "文档 {} 份",
    "{} person": "人物 {}",
    "{} organisation": "组织 {}",
    "{} place": "地点 {}",
    "{} work": "作品和船舶 {}",
    "{} event": "事件 {}",
    "{} date": "日期 {}",
    "{} sum of money": "金额 {}",
    "{} quantity": "数量 {}",
    "{} concept": "概念 {}",
    "{} other name": "其他名称 {}",
    "denied": "已被否认",
    "unconfirmed": "未经证实",
    "disputed": "说法不一",
    "reported, not certain": "据称，尚不确定",
    ",": ",",
    ".": ".",
}
"""Reports made without a model; `,` and `.` stand in numbers."""

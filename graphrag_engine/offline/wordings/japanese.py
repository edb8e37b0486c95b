"""What is generated, in Japanese."""

from collections.abc import Mapping

ANSWERS: Mapping[str, str] = {
    "person": "人物",
    "organisation": "組織",
    "place": "場所",
    "work": "作品・船舶",
    "event": "出来事",
    "date": "日付",
    "money": "金額",
    "quantity": "数量",
    "concept": "概念",
    "name": "その他の名前",
    "mentioned with": "一緒に登場",
    "Evidence from your documents, best first; no language model wrote this.": (
        "文書から見つかった根拠です。関連の高い順に示します。言語モデルが書いたものではありません。"
    ),
    "Understood: {}.": "認識した名前：{}。",
    "; ": "；",
    ", ": "、",
    "Mode: {}, {}.": "モード：{}（{}）。",
    "Not known here: {}.": "文書にない名前：{}。",
    "The sources speak of {}, but none of these words: {}.": "文書に出てくる名前：{}。出てこない語：{}。",
    "--json gives every quote in full.": "--json を付けると、すべての引用を全文で表示します。",
    "  through {}": "  関連：{}",
    " to ": "から",
    " and ": "、",
    " or ": "または",
    "{} may be {} or {}": "{}：{} または {}",
    "{} as another name of {}": "{}：{} の別名",
    "{} as a part of the name of {}": "{}：{} の名前の一部",
    "Passages": "根拠となる箇所",
    "Facts": "事実",
    "Claims": "主張",
    "Paths": "経路",
    "Possible ({}), unchecked": "考えられる答え（{}）、未確認",
    "Reports": "レポート",
    "Sources (characters)": "出典（文字位置）",
    "Not supported by what is cited": "引用で裏付けられない文",
    "and {} more documents": "ほかの文書：{} 件",
    "denied": "否定されている",
    "unconfirmed": "未確認",
    "Nothing found: the sources{} do not say.": "見つかりませんでした。文書{}には書かれていません。",
    " that the filter allows": "（フィルターで選んだもの）",
    "No path of at most four ties, each stated by a passage, leads on from {}. Try mode local.": (
        "{} から先へ、文書に書かれた四つ以内の関係でたどれる経路がありません。local モードをお試しください。"
    ),
    "No name of the question is known, and no passage holds half of its words. Try other words.": (
        "質問の中に既知の名前がなく、質問の語を半分以上含む箇所もありません。別の言葉でお試しください。"
    ),
    "Nothing found: no document matches the filter {}.": "見つかりませんでした。フィルター {} に合う文書がありません。",
    "since one name is known": "既知の名前：1 件",
    "since {} names are known": "既知の名前：{} 件",
    " and ties join them": "、関係でつながる",
    " and a chain of ties leads on": "、関係の連鎖が先へ続く",
    " and no chain of ties leads on": "、先へ続く関係の連鎖なし",
    "since no name is known and the question asks for the whole": "既知の名前なし、全体についての質問",
    "; no passage holds half of its words": "、質問の語を半分以上含む箇所なし",
    "since no name is known, but a passage holds half of the question's words": (
        "既知の名前なし、質問の語を半分以上含む箇所あり"
    ),
    "since no name is known and no passage holds half of the question's words": (
        "既知の名前なし、質問の語を半分以上含む箇所なし"
    ),
    "as asked for": "指定のとおり",
}
"""The words around an answer, and the types of what is in it."""

REPORTS: Mapping[str, str] = {
    "*Extractive report: its sentences and facts are taken from the sources as they stand; no model wrote it.*": (
        "*抜粋レポート：文と事実は文書から原文のまま取ったもので、モデルが書いたものではありません。*"
    ),
    "{} ({}) with {}, from {} of {}": "{}（{}）、{}、{}、{}",
    ", ": "、",
    "{}.": "{}。",
    "; years {} to {}.": "。{}年から{}年まで。",
    "; year {}.": "。{}年。",
    "What the sources say": "文書の内容",
    "Facts": "事実",
    "From {!r}.": "出典：{!r}。",
    "{} of 10: {}, stated in {}.": "10点満点中{}点（{}、{}）。",
    "{} entity": "対象：{} 件",
    "{} relationship": "関係：{} 件",
    "{} passage": "箇所：{} 件",
    "{} document": "文書：{} 件",
    "{} person": "人物：{}",
    "{} organisation": "組織：{}",
    "{} place": "場所：{}",
    "{} work": "作品・船舶：{}",
    "{} event": "出来事：{}",
    "{} date": "日付：{}",
    "{} sum of money": "金額：{}",
    "{} quantity": "数量：{}",
    "{} concept": "概念：{}",
    "{} other name": "その他の名前：{}",
    "denied": "否定されている",
    "unconfirmed": "未確認",
    "disputed": "記述が食い違う",
    "reported, not certain": "伝聞であり、確かではない",
    ",": ",",
    ".": ".",
}
"""Reports made without a model; `,` and `.` stand in numbers."""

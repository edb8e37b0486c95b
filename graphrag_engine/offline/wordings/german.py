"""What is generated, in German."""

from collections.abc import Mapping

ANSWERS: Mapping[str, str] = {
    "person": "Person",
    "organisation": "Organisation",
    "place": "Ort",
    "work": "Werk oder Schiff",
    "event": "Ereignis",
    "date": "Datum",
    "money": "Geldbetrag",
    "quantity": "Menge",
    "concept": "Begriff",
    "name": "Name",
    "mentioned with": "zusammen genannt",
    "Evidence from your documents, best first; no language model wrote this.": (
        "Belege aus Ihren Dokumenten, die besten zuerst; kein Sprachmodell hat dies geschrieben."
    ),
    "Understood: {}.": "Erkannt: {}.",
    "; ": "; ",
    ", ": ", ",
    "Mode: {}, {}.": "Modus: {} ({}).",
    "Not known here: {}.": "Hier nicht bekannt: {}.",
    "The sources speak of {}, but none of these words: {}.": (
        "Die Quellen nennen {}, enthalten aber keines dieser Wörter: {}."
    ),
    "--json gives every quote in full.": "Mit --json erscheint jedes Zitat in voller Länge.",
    "  through {}": "  über {}",
    " to ": " bis ",
    " and ": ", ",
    " or ": " oder ",
    "{} may be {} or {}": "{} kann {} oder {} sein",
    "{} as another name of {}": "{} als anderer Name für {}",
    "{} as a part of the name of {}": "{} als Teil des Namens {}",
    "Passages": "Textstellen",
    "Facts": "Fakten",
    "Claims": "Aussagen",
    "Paths": "Pfade",
    "Possible ({}), unchecked": "Mögliche Antworten ({}), ungeprüft",
    "Reports": "Berichte",
    "Sources (characters)": "Quellen (Zeichen)",
    "Not supported by what is cited": "Durch die Zitate nicht belegt",
    "and {} more documents": "weitere Dokumente: {}",
    "denied": "bestritten",
    "unconfirmed": "unbestätigt",
    "Nothing found: the sources{} do not say.": "Nichts gefunden: Die Quellen{} sagen dazu nichts.",
    " that the filter allows": ", die der Filter zulässt,",
    "No path of at most four ties, each stated by a passage, leads on from {}. Try mode local.": (
        "Von {} führt kein Pfad aus höchstens vier belegten Beziehungen weiter. Versuchen Sie es mit dem Modus local."
    ),
    "No name of the question is known, and no passage holds half of its words. Try other words.": (
        "Kein Name der Frage ist bekannt, und keine Textstelle enthält die Hälfte ihrer Wörter. "
        "Versuchen Sie es mit anderen Wörtern."
    ),
    "Nothing found: no document matches the filter {}.": "Nichts gefunden: Kein Dokument passt zum Filter {}.",
    "since one name is known": "bekannte Namen: 1",
    "since {} names are known": "bekannte Namen: {}",
    " and ties join them": ", durch Beziehungen verbunden",
    " and a chain of ties leads on": ", eine Kette von Beziehungen führt weiter",
    " and no chain of ties leads on": ", keine Kette von Beziehungen führt weiter",
    "since no name is known and the question asks for the whole": "kein Name bekannt, Frage nach dem Ganzen",
    "; no passage holds half of its words": ", keine Textstelle enthält die Hälfte der Wörter",
    "since no name is known, but a passage holds half of the question's words": (
        "kein Name bekannt, aber eine Textstelle enthält die Hälfte der Wörter"
    ),
    "since no name is known and no passage holds half of the question's words": (
        "kein Name bekannt, keine Textstelle enthält die Hälfte der Wörter"
    ),
    "as asked for": "wie gewünscht",
}
"""The words around an answer, and the types of what is in it."""

REPORTS: Mapping[str, str] = {
    "*Extractive report: its sentences and facts are taken from the sources as they stand; no model wrote it.*": (
        "*Bericht aus Auszügen: Sätze und Fakten sind unverändert den Quellen entnommen; kein Modell hat "
        "ihn geschrieben.*"
    ),
    "{} ({}) with {}, from {} of {}": "{} ({}); {}; {}; {}",
    ", ": ", ",
    "{}.": "{}.",
    "; years {} to {}.": "; Jahre: {} bis {}.",
    "; year {}.": "; Jahr: {}.",
    "What the sources say": "Was die Quellen sagen",
    "Facts": "Fakten",
    "From {!r}.": "Aus {!r}.",
    "{} of 10: {}, stated in {}.": "{} von 10 ({}, {}).",
    "{} entity": "Entitäten: {}",
    "{} relationship": "Beziehungen: {}",
    "{} passage": "Textstellen: {}",
    "{} document": "Dokumente: {}",
    "{} person": "Personen: {}",
    "{} organisation": "Organisationen: {}",
    "{} place": "Orte: {}",
    "{} work": "Werke und Schiffe: {}",
    "{} event": "Ereignisse: {}",
    "{} date": "Datumsangaben: {}",
    "{} sum of money": "Geldbeträge: {}",
    "{} quantity": "Mengen: {}",
    "{} concept": "Begriffe: {}",
    "{} other name": "andere Namen: {}",
    "denied": "bestritten",
    "unconfirmed": "unbestätigt",
    "disputed": "umstritten",
    "reported, not certain": "berichtet, nicht gesichert",
    ",": ".",
    ".": ",",
}
"""Reports made without a model; `,` and `.` stand in numbers."""

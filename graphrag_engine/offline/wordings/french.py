"""What is generated, in French."""

from collections.abc import Mapping

ANSWERS: Mapping[str, str] = {
    "person": "personne",
    "organisation": "organisation",
    "place": "lieu",
    "work": "œuvre ou navire",
    "event": "événement",
    "date": "date",
    "money": "somme d’argent",
    "quantity": "quantité",
    "concept": "concept",
    "name": "nom",
    "mentioned with": "cités ensemble",
    "Evidence from your documents, best first; no language model wrote this.": (
        "Extraits de vos documents, les plus pertinents d’abord\u202f; aucun modèle de langage n’a écrit ce texte."
    ),
    "Understood: {}.": "Reconnu\u00a0: {}.",
    "; ": "\u202f; ",
    ", ": ", ",
    "Mode: {}, {}.": "Mode\u00a0: {} ({}).",
    "Not known here: {}.": "Inconnu ici\u00a0: {}.",
    "The sources speak of {}, but none of these words: {}.": (
        "Les sources mentionnent {}, mais aucun de ces mots\u00a0: {}."
    ),
    "--json gives every quote in full.": "--json donne chaque citation en entier.",
    "  through {}": "  via {}",
    " to ": " – ",
    " and ": ", ",
    " or ": " ou ",
    "{} may be {} or {}": "{} peut désigner {} ou {}",
    "{} as another name of {}": "{}, autre nom pour {}",
    "{} as a part of the name of {}": "{}, partie du nom {}",
    "Passages": "Passages",
    "Facts": "Faits",
    "Claims": "Affirmations",
    "Paths": "Chemins",
    "Possible ({}), unchecked": "Réponses possibles ({}), non vérifiées",
    "Reports": "Rapports",
    "Sources (characters)": "Sources (caractères)",
    "Not supported by what is cited": "Non étayé par les citations",
    "and {} more documents": "autres documents\u00a0: {}",
    "denied": "démenti",
    "unconfirmed": "non confirmé",
    "Nothing found: the sources{} do not say.": "Rien trouvé\u00a0: les sources{} n’en disent rien.",
    " that the filter allows": " retenues par le filtre",
    "No path of at most four ties, each stated by a passage, leads on from {}. Try mode local.": (
        "Aucun chemin d’au plus quatre relations attestées ne mène plus loin depuis {}. Essayez le mode local."
    ),
    "No name of the question is known, and no passage holds half of its words. Try other words.": (
        "Aucun nom de la question n’est connu, et aucun passage ne contient la moitié de ses mots. "
        "Essayez d’autres mots."
    ),
    "Nothing found: no document matches the filter {}.": (
        "Rien trouvé\u00a0: aucun document ne correspond au filtre {}."
    ),
    "since one name is known": "noms connus\u00a0: 1",
    "since {} names are known": "noms connus\u00a0: {}",
    " and ties join them": ", reliés entre eux",
    " and a chain of ties leads on": ", une chaîne de relations mène plus loin",
    " and no chain of ties leads on": ", aucune chaîne de relations ne mène plus loin",
    "since no name is known and the question asks for the whole": "aucun nom connu, question sur l’ensemble",
    "; no passage holds half of its words": ", aucun passage ne contient la moitié des mots",
    "since no name is known, but a passage holds half of the question's words": (
        "aucun nom connu, mais un passage contient la moitié des mots de la question"
    ),
    "since no name is known and no passage holds half of the question's words": (
        "aucun nom connu, aucun passage ne contient la moitié des mots de la question"
    ),
    "as asked for": "comme demandé",
}
"""The words around an answer, and the types of what is in it."""

REPORTS: Mapping[str, str] = {
    "*Extractive report: its sentences and facts are taken from the sources as they stand; no model wrote it.*": (
        "*Rapport d’extraits\u00a0: phrases et faits sont repris tels quels des sources\u202f; aucun modèle "
        "ne l’a écrit.*"
    ),
    "{} ({}) with {}, from {} of {}": "{} ({})\u202f; {}\u202f; {}\u202f; {}",
    ", ": ", ",
    "{}.": "{}.",
    "; years {} to {}.": "\u202f; années\u00a0: {} à {}.",
    "; year {}.": "\u202f; année\u00a0: {}.",
    "What the sources say": "Ce que disent les sources",
    "Facts": "Faits",
    "From {!r}.": "Source\u00a0: {!r}.",
    "{} of 10: {}, stated in {}.": "{} sur 10 ({}, {}).",
    "{} entity": "Entités\u00a0: {}",
    "{} relationship": "relations\u00a0: {}",
    "{} passage": "passages\u00a0: {}",
    "{} document": "documents\u00a0: {}",
    "{} person": "personnes\u00a0: {}",
    "{} organisation": "organisations\u00a0: {}",
    "{} place": "lieux\u00a0: {}",
    "{} work": "œuvres et navires\u00a0: {}",
    "{} event": "événements\u00a0: {}",
    "{} date": "dates\u00a0: {}",
    "{} sum of money": "sommes d’argent\u00a0: {}",
    "{} quantity": "quantités\u00a0: {}",
    "{} concept": "concepts\u00a0: {}",
    "{} other name": "autres noms\u00a0: {}",
    "denied": "démenti",
    "unconfirmed": "non confirmé",
    "disputed": "les sources divergent",
    "reported, not certain": "selon certains, sans certitude",
    ",": "\u202f",
    ".": ",",
}
"""Reports made without a model; `,` and `.` stand in numbers."""

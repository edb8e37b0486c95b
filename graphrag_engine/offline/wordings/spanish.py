"""What is generated, in Spanish."""

from collections.abc import Mapping

ANSWERS: Mapping[str, str] = {
    "person": "persona",
    "organisation": "organización",
    "place": "lugar",
    "work": "obra o barco",
    "event": "acontecimiento",
    "date": "fecha",
    "money": "importe",
    "quantity": "cantidad",
    "concept": "concepto",
    "name": "nombre",
    "mentioned with": "mencionados juntos",
    "Evidence from your documents, best first; no language model wrote this.": (
        "Pruebas tomadas de sus documentos, primero las mejores; ningún modelo de lenguaje ha escrito este texto."
    ),
    "Understood: {}.": "Reconocido: {}.",
    "; ": "; ",
    ", ": ", ",
    "Mode: {}, {}.": "Modo: {} ({}).",
    "Not known here: {}.": "No se conoce aquí: {}.",
    "The sources speak of {}, but none of these words: {}.": (
        "Las fuentes mencionan {}, pero ninguna de estas palabras: {}."
    ),
    "--json gives every quote in full.": "--json muestra cada cita completa.",
    "  through {}": "  a través de {}",
    " to ": " – ",
    " and ": ", ",
    " or ": " o bien ",
    "{} may be {} or {}": "{} puede ser {} o bien {}",
    "{} as another name of {}": "{} como otro nombre de {}",
    "{} as a part of the name of {}": "{} como parte del nombre de {}",
    "Passages": "Pasajes",
    "Facts": "Hechos",
    "Claims": "Afirmaciones",
    "Paths": "Caminos",
    "Possible ({}), unchecked": "Respuestas posibles ({}), sin comprobar",
    "Reports": "Informes",
    "Sources (characters)": "Fuentes (caracteres)",
    "Not supported by what is cited": "Sin respaldo en lo citado",
    "and {} more documents": "otros documentos: {}",
    "denied": "desmentido",
    "unconfirmed": "sin confirmar",
    "Nothing found: the sources{} do not say.": "No se ha encontrado nada: las fuentes{} no lo dicen.",
    " that the filter allows": " que admite el filtro",
    "No path of at most four ties, each stated by a passage, leads on from {}. Try mode local.": (
        "Ningún camino de cuatro relaciones documentadas como máximo continúa desde {}. Pruebe el modo local."
    ),
    "No name of the question is known, and no passage holds half of its words. Try other words.": (
        "No se conoce ningún nombre de la pregunta y ningún pasaje contiene la mitad de sus palabras. "
        "Pruebe con otras palabras."
    ),
    "Nothing found: no document matches the filter {}.": (
        "No se ha encontrado nada: ningún documento cumple el filtro {}."
    ),
    "since one name is known": "nombres conocidos: 1",
    "since {} names are known": "nombres conocidos: {}",
    " and ties join them": ", unidos por relaciones",
    " and a chain of ties leads on": ", una cadena de relaciones lleva más lejos",
    " and no chain of ties leads on": ", ninguna cadena de relaciones lleva más lejos",
    "since no name is known and the question asks for the whole": "ningún nombre conocido, pregunta por el conjunto",
    "; no passage holds half of its words": ", ningún pasaje contiene la mitad de las palabras",
    "since no name is known, but a passage holds half of the question's words": (
        "ningún nombre conocido, pero un pasaje contiene la mitad de las palabras de la pregunta"
    ),
    "since no name is known and no passage holds half of the question's words": (
        "ningún nombre conocido, ningún pasaje contiene la mitad de las palabras de la pregunta"
    ),
    "as asked for": "según lo pedido",
}
"""The words around an answer, and the types of what is in it."""

REPORTS: Mapping[str, str] = {
    "*Extractive report: its sentences and facts are taken from the sources as they stand; no model wrote it.*": (
        "*Informe de extractos: sus frases y hechos se han tomado tal cual de las fuentes; no lo ha escrito "
        "ningún modelo.*"
    ),
    "{} ({}) with {}, from {} of {}": "{} ({}); {}; {}; {}",
    ", ": ", ",
    "{}.": "{}.",
    "; years {} to {}.": "; años: de {} a {}.",
    "; year {}.": "; año: {}.",
    "What the sources say": "Lo que dicen las fuentes",
    "Facts": "Hechos",
    "From {!r}.": "Fuente: {!r}.",
    "{} of 10: {}, stated in {}.": "{} de 10 ({}, {}).",
    "{} entity": "Entidades: {}",
    "{} relationship": "relaciones: {}",
    "{} passage": "pasajes: {}",
    "{} document": "documentos: {}",
    "{} person": "personas: {}",
    "{} organisation": "organizaciones: {}",
    "{} place": "lugares: {}",
    "{} work": "obras y barcos: {}",
    "{} event": "acontecimientos: {}",
    "{} date": "fechas: {}",
    "{} sum of money": "importes: {}",
    "{} quantity": "cantidades: {}",
    "{} concept": "conceptos: {}",
    "{} other name": "otros nombres: {}",
    "denied": "desmentido",
    "unconfirmed": "sin confirmar",
    "disputed": "las fuentes discrepan",
    "reported, not certain": "según se dice, sin certeza",
    ",": "\u202f",
    ".": ",",
}
"""Reports made without a model; `,` and `.` stand in numbers."""

"""What is generated, in Greek."""

from collections.abc import Mapping

ANSWERS: Mapping[str, str] = {
    "person": "πρόσωπο",
    "organisation": "οργανισμός",
    "place": "τοποθεσία",
    "work": "έργο ή πλοίο",
    "event": "γεγονός",
    "date": "ημερομηνία",
    "money": "χρηματικό ποσό",
    "quantity": "ποσότητα",
    "concept": "έννοια",
    "name": "όνομα",
    "mentioned with": "αναφέρονται μαζί",
    "Evidence from your documents, best first; no language model wrote this.": (
        "Τεκμήρια από τα έγγραφά σας, πρώτα τα πιο σχετικά· το κείμενο αυτό δεν το έγραψε γλωσσικό μοντέλο."
    ),
    "Understood: {}.": "Αναγνωρίστηκαν: {}.",
    "; ": "· ",
    ", ": ", ",
    "Mode: {}, {}.": "Λειτουργία: {} ({}).",
    "Not known here: {}.": "Άγνωστα εδώ: {}.",
    "The sources speak of {}, but none of these words: {}.": (
        "Οι πηγές αναφέρουν: {}· δεν περιέχουν όμως καμία από αυτές τις λέξεις: {}."
    ),
    "--json gives every quote in full.": "Με --json εμφανίζεται ολόκληρο κάθε παράθεμα.",
    "  through {}": "  μέσω: {}",
    " to ": " – ",
    " and ": ", ",
    " or ": " ή ",
    "{} may be {} or {}": "{}: {} ή {}",
    "{} as another name of {}": "{} (αλλιώς: {})",
    "{} as a part of the name of {}": "{} (μέρος του ονόματος: {})",
    "Passages": "Αποσπάσματα",
    "Facts": "Στοιχεία",
    "Claims": "Ισχυρισμοί",
    "Paths": "Διαδρομές",
    "Possible ({}), unchecked": "Πιθανές απαντήσεις ({}), χωρίς έλεγχο",
    "Reports": "Εκθέσεις",
    "Sources (characters)": "Πηγές (χαρακτήρες)",
    "Not supported by what is cited": "Δεν τεκμηριώνεται από τα παραθέματα",
    "and {} more documents": "άλλα έγγραφα: {}",
    "denied": "διαψεύδεται",
    "unconfirmed": "δεν έχει επιβεβαιωθεί",
    "Nothing found: the sources{} do not say.": "Δεν βρέθηκε τίποτα: οι πηγές{} δεν το αναφέρουν.",
    " that the filter allows": " που επιτρέπει το φίλτρο",
    "No path of at most four ties, each stated by a passage, leads on from {}. Try mode local.": (
        "Δεν υπάρχει διαδρομή έως τεσσάρων σχέσεων, τεκμηριωμένων όλων από αποσπάσματα. Αφετηρία: {}. "
        "Δοκιμάστε τη λειτουργία local."
    ),
    "No name of the question is known, and no passage holds half of its words. Try other words.": (
        "Κανένα όνομα της ερώτησης δεν είναι γνωστό και κανένα απόσπασμα δεν περιέχει τις μισές λέξεις της. "
        "Δοκιμάστε άλλες λέξεις."
    ),
    "Nothing found: no document matches the filter {}.": (
        "Δεν βρέθηκε τίποτα: κανένα έγγραφο δεν ταιριάζει με το φίλτρο {}."
    ),
    "since one name is known": "γνωστά ονόματα: 1",
    "since {} names are known": "γνωστά ονόματα: {}",
    " and ties join them": ", συνδέονται με σχέσεις",
    " and a chain of ties leads on": ", μια αλυσίδα σχέσεων οδηγεί πιο πέρα",
    " and no chain of ties leads on": ", καμία αλυσίδα σχέσεων δεν οδηγεί πιο πέρα",
    "since no name is known and the question asks for the whole": "κανένα γνωστό όνομα, ερώτηση για το σύνολο",
    "; no passage holds half of its words": ", κανένα απόσπασμα δεν περιέχει τις μισές λέξεις",
    "since no name is known, but a passage holds half of the question's words": (
        "κανένα γνωστό όνομα, αλλά ένα απόσπασμα περιέχει τις μισές λέξεις της ερώτησης"
    ),
    "since no name is known and no passage holds half of the question's words": (
        "κανένα γνωστό όνομα, κανένα απόσπασμα δεν περιέχει τις μισές λέξεις της ερώτησης"
    ),
    "as asked for": "όπως ζητήθηκε",
}
"""The words around an answer, and the types of what is in it."""

REPORTS: Mapping[str, str] = {
    "*Extractive report: its sentences and facts are taken from the sources as they stand; no model wrote it.*": (
        "*Έκθεση από αποσπάσματα: οι προτάσεις και τα στοιχεία προέρχονται αυτούσια από τις πηγές· δεν την "
        "έγραψε μοντέλο.*"
    ),
    "{} ({}) with {}, from {} of {}": "{} ({})· {}· {}· {}",
    ", ": ", ",
    "{}.": "{}.",
    "; years {} to {}.": "· έτη: {}–{}.",
    "; year {}.": "· έτος: {}.",
    "What the sources say": "Τι λένε οι πηγές",
    "Facts": "Στοιχεία",
    "From {!r}.": "Πηγή: {!r}.",
    "{} of 10: {}, stated in {}.": "{} στα 10 ({}, {}).",
    "{} entity": "Οντότητες: {}",
    "{} relationship": "σχέσεις: {}",
    "{} passage": "αποσπάσματα: {}",
    "{} document": "έγγραφα: {}",
    "{} person": "πρόσωπα: {}",
    "{} organisation": "οργανισμοί: {}",
    "{} place": "τοποθεσίες: {}",
    "{} work": "έργα και πλοία: {}",
    "{} event": "γεγονότα: {}",
    "{} date": "ημερομηνίες: {}",
    "{} sum of money": "χρηματικά ποσά: {}",
    "{} quantity": "ποσότητες: {}",
    "{} concept": "έννοιες: {}",
    "{} other name": "άλλα ονόματα: {}",
    "denied": "διαψεύδεται",
    "unconfirmed": "δεν έχει επιβεβαιωθεί",
    "disputed": "οι πηγές διαφωνούν",
    "reported, not certain": "λέγεται, χωρίς βεβαιότητα",
    ",": ".",
    ".": ",",
}
"""Reports made without a model; `,` and `.` stand in numbers."""

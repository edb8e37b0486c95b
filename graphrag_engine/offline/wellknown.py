"""People, bodies and works that anybody knows by one name: they need no cue."""

from graphrag_engine.offline.cues import phrases, words

_PEOPLE = words(
    "Aristotle Archimedes Augustine Aquinas Bach Beethoven Bismarck Botticelli Brahms Brezhnev Buddha Byron "
    "Caesar  Caligula Calvin Caravaggio Casanova Catullus Cervantes Chopin Churchill Cicero Cleopatra Confucius "
    "Copernicus  Dante Darwin Debussy Descartes Dickens Disraeli Dostoevsky Dracula Einstein Engels Euclid "
    "Euripides Faraday Freud  Galileo Gandhi Garibaldi Goebbels Goethe Gorbachev Hadrian Handel Hannibal Haydn "
    "Hegel Heidegger Hemingway  Herodotus Himmler Hippocrates Hitler Homer Horace Jesus Kafka Kant Kepler Keynes "
    "Khrushchev Kierkegaard Leibniz  Lenin Lincoln Liszt Livy Machiavelli Mandela Mao Marx Michelangelo Mozart "
    "Mussolini Napoleon Nehru Nero Newton  Nietzsche Ovid Pericles Picasso Plato Pliny Plutarch Ptolemy Puccini "
    "Pushkin Pythagoras Raphael Rembrandt Robespierre  Roosevelt Rossini Rousseau Saladin Schiller Schubert "
    "Seneca Shakespeare Socrates Sophocles Spinoza Stalin Strabo  Stravinsky Tacitus Tchaikovsky Thucydides "
    "Tiberius Tito Titian Tolstoy Trajan Trotsky Verdi Vespasian Virgil  Vivaldi Voltaire Wagner Wittgenstein "
    "Xenophon Zeus God Jehovah Allah Vishnu Shiva Apollo Athena Odin"
)
_BODIES = phrases(
    "Knesset|Bundestag|Bundesrat|Reichstag|Sejm|Storting|Riksdag|Folketing|Duma|State Duma|Rada|Majlis|Politburo"
    "|Comintern|Kuomintang|Gestapo|Wehrmacht|Luftwaffe|Kriegsmarine|Bundeswehr|Interpol|Europol|Mossad|Stasi"
    "|Hamas|Hezbollah|Taliban|Fatah|Holy See|Oxfam|Greenpeace|Google|Microsoft|Sony|Toyota|Honda|Nissan"
    "|Volkswagen|Fiat|Renault|Netflix|Facebook|Samsung|Nokia|Siemens|Philips|Bayer|Boeing|Airbus|Lufthansa"
    "|Aeroflot|Qantas|Reuters|Bloomberg|Nintendo|Sega|Adidas|Nike|Ikea|Heineken|Nestlé|Unilever|Vodafone|Motorola"
    "|Lockheed|Nickelodeon|Al Jazeera|Hyundai|Mitsubishi|Hitachi|Toshiba|Panasonic|Canon|Kodak|Verizon|Walmart"
    "|Starbucks|Pepsi|Deutsche Bahn|Red Cross|Sinn Féin|Vietcong|Viet Cong|Khmer Rouge|Al-Qaeda|Ku Klux Klan"
    "|Red Army"
)
_WORKS = phrases(
    "Bible|Quran|Qur'an|Koran|Torah|Talmud|Vulgate|Ramayana|Mahabharata|Iliad|Odyssey|Aeneid|Beowulf|Rigveda"
    "|Upanishads|Star Wars|Star Trek|Wikipedia|Hamlet|Macbeth|Othello|Encyclopædia Britannica|Mona Lisa"
    "|Magna Carta|Domesday Book|Der Spiegel|Le Monde|Pravda|Billboard"
)
_CONCEPTS = phrases(
    "Internet|World Wide Web|Web|Islam|Sharia|Hinduism|Gothic|Baroque|Romanesque|Rococo|Neoclassical|Art Deco"
    "|Art Nouveau|Communism|Nazi|Fascist|Marxist|Latin|Esperanto|Homo sapiens|Capitalism"
)
_REALMS = phrases("Third Reich|Weimar Republic|Ancien Régime|Capitol|Mars|Moon|Pentagon|Kremlin")
WELL_KNOWN: dict[str, str] = {
    name: kind
    for kind, names in (
        ("person", _PEOPLE),
        ("organisation", _BODIES),
        ("work", _WORKS),
        ("concept", _CONCEPTS),
        ("place", _REALMS),
    )
    for name in names
}
"""Name -> its type, where it is seldom anything else."""

"""English verb forms that tie two names, and the words around them that a predicate drops."""

from graphrag_engine.offline.cues import words

AUXILIARIES = words(
    "is was are were be been being am has have had having will would shall should can could may might must do does "
    "did isn't wasn't aren't weren't hasn't haven't hadn't won't wouldn't can't cannot couldn't doesn't don't "
    "didn't"
)
COPULAS = words("is was are were be been became remains remained isn't wasn't aren't weren't")
ADVERBS = words(
    "also then now still already just only even again later soon once first often always finally never ever"
)
"""Words without -ly inside a verb group."""
NEGATIONS = words(
    "not never no nor neither cannot isn't wasn't aren't weren't hasn't haven't hadn't won't wouldn't can't "
    "couldn't doesn't don't didn't nobody none without denied denies refused refuses failed"
)
SUPPORTING = words(
    "did does do will would can could may might must shall should not never cannot didn't doesn't don't won't wouldn't "
    "can't couldn't also"
)
"""Words of a verb group after which the verb comes in its base form."""
IRREGULAR = words(
    "became become began begun bore born borne bought brought built broke broken caught chose chosen came cut drew "
    "drawn drove driven ate fell fallen fed felt fought found fled flew flown forgot gave given went gone grew "
    "grown held hid hidden hit kept knew known laid led left lent let lay lies lost made meant met paid put ran "
    "rang read rode ridden rose risen said saw seen sold sent set shot shown sang sung sank sunk sat slept spoke "
    "spoken spent split stood stole stolen struck swore swam taken took taught told thought threw thrown understood "
    "woke wore worn won wrote written withdrew overthrew overthrown oversaw undertook undertaken rebuilt foresaw "
    "forgave sought wed wrecked dealt bred clad cast spread shed burnt learnt leapt bound wound ground hung dug "
    "stuck slid sprang swept wept bent lit broadcast beat beaten bit bitten blew blown froze frozen shook shaken "
    "tore torn got arose rewrote rewritten strove underwent upheld withheld withstood"
)
_STEMS = words(
    "act add adopt air allow announce appear appoint ask assist attack attend begin belong border bring build buy "
    "call captain carry cause chair claim command comprise connect consist contain control cover create cross defeat "
    "define deliver deny depict describe design develop direct discover drain drive edit employ end enter establish "
    "express face feature fight flow follow form found fund give govern grow head help hire hold host house include "
    "inspire insure introduce invent involve issue join keep know lack launch lead lease leave lend lie link live "
    "lose maintain manage manufacture mark marry mean meet mention move name need offer open operate oppose organise "
    "organize own pay perform play portray possess prefer present produce promote propose provide publish purchase "
    "receive record refer reflect refuse regulate reject release remain remember replace report represent require "
    "reside result return reveal rule run sail say see seek sell send serve share show sign sit speak specialise "
    "specialize sponsor spread stand star start state stay stop study succeed suggest supply support surround take "
    "teach tell threaten trace trade train translate travel treat use visit want warn wear win work write accept "
    "accuse achieve acquire agree aim apply argue arrive assert assume attract become believe bear buys caution "
    "celebrate change collect combine compete complete concern conclude condemn confirm consider construct continue "
    "contribute convert cooperate cost cultivate date deal decide declare defend demand depend derive die differ "
    "discuss dispute divide dominate donate drop educate elect emphasise emphasize encourage examine exist expand "
    "explain explore extend fall favour finance fish focus forbid gain generate guard guide handle import export "
    "increase indicate influence inform inherit inhabit insist inspect interview investigate invest judge last learn "
    "license like list locate love mine mix note obey observe occupy occur order originate overlook oversee paint "
    "participate pass permit persuade plan point praise prepare preserve prevent print process prohibit protect prove "
    "pursue raise reach read recall recommend recruit reduce reform rely rename repair request rescue resign restore "
    "retain retire salvage save separate settle shelter signal stretch strike submit sue suffer turn make rise rank "
    "average broadcast draw find resemble seem incorporate try compose discover sing set experience stage spend "
    "commit encounter get come attempt escape feed disappear reprise rewrite surrender survive suspect switch sustain "
    "tow transfer transport undergo unite urge vote wait withdraw witness"
)
_PLURALS = words(
    "acts airs attacks captains causes chairs claims commands controls covers crosses designs ends faces features "
    "fights flows forms funds heads hosts houses issues leads leases lies links lives marks names needs offers "
    "orders plans plays points presents processes records reports results returns rules runs shares shows signs "
    "stars starts states stops studies supplies takes trades trains visits votes works guards guides imports "
    "exports increases influences interviews judges lists loves mines notes paints permits prints raises reforms "
    "requests shelters signals strikes transports transfers waits witnesses borders drives deals demands favours "
    "fishes matches surrounds stays uses wins"
)
"""Forms in -s that are nouns as often: verbs only where a name or a pronoun stands just before them."""
NOT_PAST = words(
    "red bed hundred united need seed speed feed breed weed deed indeed sacred naked wicked kindred shed sled bred "
    "fed led wed ted exceed proceed succeed embed hatred blessed limited greed"
)
"""Words in -ed that are no verbs."""


def _third(stem: str) -> str:
    if stem.endswith("y") and stem[-2] not in "aeiou":
        return stem[:-1] + "ies"
    return stem + ("es" if stem.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


PRESENT = frozenset(map(_third, _STEMS)) | words("has does goes lies")
DOUBTFUL = _PLURALS
BASE = words(
    "include operate provide publish produce consist contain comprise represent require remain belong become "
    "describe exist participate compete perform depict emphasise emphasize oppose serve"
)
"""Base forms seldom used as nouns."""

DROPPED = words(
    "monday tuesday wednesday thursday friday saturday sunday a an the also then now still already just only even "
    "very most more again later soon once first his her its their this that these those some many several other "
    "another own both all each such been being be has have had having would will who which whom whose together "
    "himself herself itself themselves eventually currently formerly primarily mainly well so too there here often "
    "always usually sometimes briefly"
)
"""Words that a predicate goes without."""

REPORTED = words(
    "alleged allegedly reportedly rumoured rumored supposed supposedly planned plans proposed proposes expected "
    "intends intended hoped hopes may might could would possibly perhaps probably apparently suspected suspects "
    "accused disputed suggested suggests according likely presumably purportedly if whether wanted wants hinted "
    "seems appears seemed appeared unless should claimed claims believed unlikely maybe doubtful rumour rumours "
    "thought hearsay will"
)
"""Words that make what is said a report, a plan or a guess."""
HEARSAY = words(
    "alleged allegedly reportedly rumoured rumored supposedly apparently purportedly according rumour rumours hearsay"
)
"""Words that make even a denial hearsay."""
REPORTING = words(
    "said says claimed claims believed believes announced argued argues insisted insists maintained maintains "
    "asserted asserts swore told wrote writes thinks thought supposes reported reports testified stated states "
    "noted alleged remembered recalls recalled complained feared hoped declared suspected admitted denied heard "
    "agreed suggested it"
)
"""Verbs before `that` which make a report of what follows."""


def is_verb(word: str) -> bool:
    """Whether this lower-case word is a finite verb or participle that can tie two names."""
    return (
        word in AUXILIARIES
        or word in IRREGULAR
        or word in PRESENT
        or word in BASE
        or (word.endswith("ed") and len(word) > 3 and word not in NOT_PAST and "-" not in word)
    )

"""Common nouns that say what a name is (`the novelist X`), and the one that a describing phrase is about."""

import re

from graphrag_engine.offline.cues import words

_NOUNS = {
    "person": words(
        "actor actress sibling cousin activist administrator admiral advocate agent ambassador analyst announcer "
        "anthropologist architect archaeologist artist assassin assistant astronaut astronomer athlete attorney aunt "
        "author aviator baker bandleader banker baritone baron baroness bassist batsman biographer biologist bishop "
        "boatswain bodyguard botanist bowler boxer boy broadcaster brother builder businessman businesswoman captain "
        "cardinal carpenter cartoonist catcher cellist chairman chairwoman chairperson champion chancellor chaplain "
        "chef chemist chief child choreographer cinematographer clarinetist clergyman clerk coach coachman colonel "
        "columnist comedian commander commentator commissioner composer conductor congressman consul cook cornerback "
        "correspondent councillor countess courtier cousin cricketer critic curator cyclist dancer daughter dean "
        "defender dentist designer detective dictator diplomat director diver doctor dramatist driver drummer duchess "
        "duke earl economist editor educator emperor empress engineer engraver entrepreneur essayist executive "
        "explorer farmer father fielder fighter filmmaker financier fireman fisherman footballer forward founder "
        "frontman friar general geographer geologist girl goalkeeper golfer governor grandfather grandmother grandson "
        "guard guitarist gymnast halfback harbourmaster heir heiress hero historian host hunter husband illustrator "
        "industrialist infielder inspector inventor investor jockey journalist judge jurist keeper king knight "
        "labourer landowner lawyer leader lecturer librarian lieutenant lightkeeper linebacker linguist lyricist "
        "magician magistrate magnate man manager manufacturer mathematician mayor mechanic merchant midfielder "
        "midshipman minister missionary model monarch monk mother mountaineer musician naturalist nephew niece "
        "nobleman novelist nun nurse officer orphan outfielder owner painter parson partner pastor patron peer "
        "philanthropist philosopher photographer physician physicist pianist pilot pioneer pirate pitcher planter "
        "player playwright poet policeman politician pope preacher premier presenter president priest prince princess "
        "principal printer producer professor programmer prophet prosecutor psychologist publisher pupil quarterback "
        "queen rabbi racer rapper rebel receiver rector representative researcher revolutionary ruler runner sailor "
        "saint saxophonist scholar scientist screenwriter sculptor secretary senator sergeant serviceman servant "
        "shipbuilder shipmaster shipowner shipwright singer singer-songwriter sister skater skier skipper sociologist "
        "soldier solicitor son songwriter soprano spokesman spokeswoman sportscaster sportsman sportsperson sprinter "
        "statesman statistician striker student suffragette sultan superintendent surgeon surveyor survivor swimmer "
        "teacher tenor theologian theorist trader trainer translator treasurer trumpeter tutor tycoon uncle veteran "
        "vicar vice-president violinist virologist vocalist warden warrior widow widower wife winger witness woman "
        "wrestler writer zoologist youtuber winemaker superhero character protagonist villain god goddess organizer "
        "organiser campaigner handballer rower fencer weightlifter judoka canoeist biathlete curler bobsledder "
        "decathlete hurdler grandmaster walker marathoner triathlete lightweight heavyweight cleric ecclesiastic "
        "theologist dean canon deacon abbot abbess margrave margravine landgrave viscount viscountess archduke "
        "archduchess marquess marchioness noblewoman socialite courtesan screenwriter showrunner lyricist "
        "percussionist keyboardist trombonist flautist organist harpist bandmaster impresario choirmaster "
        "televangelist evangelist blogger vlogger podcaster streamer gamer hacker developer strategist consultant "
        "lobbyist broker trader banker accountant auditor chancellor provost headmaster headmistress principal "
        "schoolteacher instructor tutor astrologer geneticist neuroscientist ecologist epidemiologist pathologist "
        "immunologist oncologist pediatrician psychiatrist pharmacist veterinarian granddaughter stepfather stepmother "
        "co-founder specialist graduate infanta infante regent performer jumper creator spouse claimant "
        "star superstar practitioner descendant ancestor emir native patriarch member shoemaker sportswriter alumnus "
        "alumna abolitionist nationalist finalist aristocrat governess housekeeper voivode medalist medallist criminal "
        "consort recipient contributor lobbyist barrister philologist"
    ),
    "organisation": words(
        "academy administration agency airline alliance army association authority band bank board brand brewery "
        "broadcaster brotherhood bureau business cabinet carrier chain chamber charity church club coalition "
        "college commission committee community company confederation congress conglomerate consortium cooperative "
        "corporation council court delegation department distributor division enterprise faction faculty federation "
        "firm force foundation franchise fraternity government group guild hospital institute institution insurer "
        "label laboratory league legislature manufacturer ministry movement museum navy network newsroom nonprofit "
        "office orchestra order organisation organization parliament party partnership police provider publisher "
        "quartet quintet railway regiment registry retailer school sect senate seminary shipyard society squad "
        "startup station studio subsidiary supplier syndicate synod team trio troupe trust union unit university "
        "duo ensemble choir bookmaker tribunal secretariat supermarket bookshop yard chandlery cannery dynasty clan "
        "family tribe house supergroup imprint diocese archdiocese chorus"
    ),
    "place": words(
        "airport archipelago area arena avenue barangay bay beach boathouse borough breakwater bridge building "
        "canal capital castle cathedral cave cemetery channel city coast colony commune community continent country "
        "county creek crossing dam desert destination district division dock empire enclave estate estuary farm "
        "forest fort garden glacier hamlet harbour harbor headland highway hill hotel house inn island islands "
        "junction kingdom lake landmark lighthouse locality mansion market mill mine monastery monument mount "
        "mountain municipality nation neighborhood neighbourhood oblast palace parish park peak peninsula pier "
        "place attraction plain planet plateau plaza port prefecture principality prison property province quay region "
        "reserve reservoir resort restaurant river road room route ruin sea settlement shipyard site square stadium "
        "state station strait street stream suburb temple territory theatre theater tower town township tributary "
        "tunnel valley venue village volcano warehouse waterfall wharf wilderness woodland zoo galaxy moon skyscraper "
        "asteroid crater shelf formation preserve massif plain hillfort "
        "subdivision ward constituency uyezd voivodeship canton raion fountain statue church mosque synagogue "
        "railway pub tavern sandbank shoal reef wreck isle abbey convent priory chapel manor shrine ranch plantation "
        "villa airfield nightclub ballpark hall tributary townland comune arrondissement rainforest atoll fjord"
    ),
    "event": words(
        "accident anniversary attack award battle blockade bombing campaign celebration census ceremony "
        "championship collapse collision competition concert conference conflict congress contest convention cup "
        "disaster earthquake edition election epidemic event exhibition expedition explosion fair famine festival "
        "fight final fire flood gale game games genocide holiday hurricane incident inquest inquiry insurrection "
        "invasion jubilee lawsuit massacre match meeting mutiny olympiad operation pageant pandemic parade playoffs "
        "plebiscite protest race raid rebellion referendum regatta revolt revolution riot robbery season siege "
        "sinking storm strike summit tour tournament tragedy trial uprising war wedding wreck shipwreck treaty "
        "mission round medal prize award outbreak"
    ),
    "work": words(
        "series class act advertisement agreement album anthem anthology article autobiography ballad ballet bill "
        "biography blog book bulletin cartoon chronicle comedy comic composition constitution cover daily "
        "declaration dictionary documentary drama dramedy encyclopedia ep episode essay fairytale fable film format "
        "game hymn journal law letter magazine manga manifesto manuscript melodrama memoir miniseries minutes movie "
        "piece mini-series ship schooner steamer steamship barque barquentine brig brigantine ketch sloop trawler "
        "tug tugboat lifeboat "
        "ferry vessel boat dredger cutter lugger yacht frigate destroyer submarine cruiser battleship collier "
        "freighter packet launch dinghy smack tanker liner aircraft airplane aeroplane airship locomotive car "
        "automobile truck motorcycle engine rifle cannon gun missile rocket satellite spacecraft software "
        "operating-system browser programming-language computer console smartphone phone brand "
        "mural musical newspaper novel novella opera operetta painting pamphlet paper periodical photograph picture "
        "play podcast poem poster program programme publication record remake report script sculpture sequel serial "
        "show single sitcom sketch song soundtrack soap statute story symphony tabloid telenovela text thriller "
        "treatise trilogy tune video webcomic website weekly work encyclopaedia charter treaty logbook ledger "
        "diary adaptation installment parody compilation spoof retelling biplane tank warship lager suv sedan "
        "hatchback duet discography biopic guide reissue remix"
    ),
    "concept": words(
        "horse dog cat species genus family subspecies breed plant tree flower bird fish moth beetle fungus protein "
        "gene enzyme drug disease virus language dialect drink beer wine dish cheese food currency mineral element "
        "compound chemical instrument ethnic-group people "
        "vaccine policy tax plan programme project scheme "
        "concept theory doctrine philosophy ideology principle idea method technique process theorem hypothesis law "
        "discipline field science study branch religion faith art genre style sport martial-art game practice "
        "system term word phrase expression therapy treatment approach model movement measure unit algorithm "
        "protocol flag disorder tribe tribes title rank peerage climate degree variant cultivar"
    ),
}

TYPE_OF_NOUN: dict[str, str] = {
    noun: kind for kind in ("concept", "event", "work", "organisation", "place", "person") for noun in _NOUNS[kind]
}
"""Lower-case noun -> type of the name beside it; the later type in the list wins where a noun has two."""
_STATION = re.compile(r"\b(?:radio|television|TV|news)\s(?:station|channel|network)\b")
_NUMBERED = re.compile(r"I{1,3},?$")
"""What makes a name of the noun before it: World War II."""
_STOP = words(
    "of in by for that who which located published released with from at on to as and or based near whose where "
    "broadcasting serving licensed featuring starring written directed about played used known covering focusing "
    "dealing concerning devoted dedicated depicting containing"
)


def head_noun(phrase: str) -> str:
    """The noun that a describing phrase is about (`an American film director`); empty where none is known."""
    found = last = ""
    for word in phrase.split()[:9]:
        if found and last.endswith(","):
            break
        if (found == "peer" and word.startswith("review")) or _NUMBERED.match(word):
            found = ""
        last, word = word, word.rstrip(",.;:")
        if word.lower() in TYPE_OF_NOUN:
            found = word.lower()
        elif word in _STOP and (found or word not in ("and", "or")):
            break
        elif word.endswith("s") and word[:-1] in TYPE_OF_NOUN:
            found = word[:-1]
    return found


def noun_type(phrase: str) -> str:
    """Type that a describing phrase gives; empty where it tells none."""
    return "organisation" if _STATION.search(phrase) else TYPE_OF_NOUN.get(head_noun(phrase), "")

"""Words that tell what stands beside them: abbreviations, function words, heads and cues of types. English first."""


def words(listing: str) -> frozenset[str]:
    """The words of a listing."""
    return frozenset(listing.split())


def phrases(listing: str) -> frozenset[str]:
    """The names of a listing, divided by bars."""
    return frozenset(map(str.strip, listing.split("|")))


NEVER_LAST = words(
    "mr mrs ms dr prof st messrs mme mlle capt cpt col gen lt maj sgt cmdr adm rev hon gov sen rep pres supt insp "
    "vs eds cf viz e.g i.e approx ca mt ft"
)
"""Abbreviations (lower-case, without the last dot) that stand before something, so no sentence ends there."""
BEFORE_NUMBERS = words("no nos vol vols p pp fig figs eq ch sec art c b d r fl ed")
"""Abbreviations after which no sentence ends where a number follows."""
SOMETIMES_LAST = words(
    "inc ltd co corp llc plc llp pty lp intl assoc mfg bhd spa jr sr esq etc al ave blvd rd bldg dept est assn univ "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun u.s u.k u.n e.u u.s.a u.s.s.r d.c "
    "n.y l.a a.m p.m b.c a.d b.a m.a ph.d m.d op cit ibid km cm mm kg lb lbs oz hr hrs min yrs sq gmbh s.a n.v a.k.a "
    "vol vols bros"
)
"""Abbreviations after which a sentence may end: it does where the next word opens one."""
OPENERS = words(
    "The A An It He She They We I You This That These Those There His Her Its Their Our My In On At By For From "
    "With After Before During When While Although Though However But And Or So As If Since Because Until Under Over "
    "Both All Some Many Most Several Each Such One Two Three Other Another Not No Now Then Today Later Also"
)
"""Words that open a sentence and are seldom the second word of a name."""

FUNCTION = words(
    "a about above across after afterwards again against all almost alone along already also although always among "
    "an and another any anyone anything are around as at away back be because been before behind being below "
    "beneath beside besides between beyond both but by can come could currently dear despite did do does done down "
    "due during each earlier either else elsewhere enough especially even eventually ever every everyone everything "
    "example except few finally first firstly following for former formerly from further furthermore generally "
    "given had has have having he hence her here hers herself him himself his historically how however i if in "
    "including indeed initially inside instead into is it its itself just last lastly late later least less let "
    "like likewise many may maybe me meanwhile mine more moreover most mostly much must my near nearly neither "
    "never nevertheless next no nobody none nonetheless nor not notably note nothing now of off often oh on once "
    "one only onto or originally other others otherwise our ours out outside over own particularly per perhaps "
    "please previously rather recently same second secondly see several shall she should similarly since so some "
    "someone something sometimes soon still such than that the thee their theirs them themselves then thence there "
    "thereafter therefore these they thirdly this those thou though through throughout thus thy till to today "
    "together tomorrow too toward towards traditionally two typically under unlike until up upon us usually various "
    "very via was we well were what whatever when whence whenever where whereas wherever whether which while who "
    "whoever whole whom whose why will with within without would yes yesterday yet you your yours three four five "
    "six seven eight nine ten eleven twelve ok okay hi hello thanks don't doesn't didn't isn't aren't wasn't "
    "weren't can't couldn't won't wouldn't shouldn't i'm i'd i'll i've it's that's there's he's she's we're we've "
    "they're you're let's what's who's approximately according additionally consequently nowadays unfortunately "
    "overall hundreds thousands millions half twice present apologies resolved attendance regards sincerely"
)
"""Lower-case words that are no name by themselves, whatever their capital."""

PARTICLES = words(
    "de van von bin ibn al el der den la le du da dos das do di del della dei delle degli des ben y zu zum zur af "
    "av ter ten vom of the and for in on at e et und och og a 's-"
)
MONTHS = words("January February March April May June July August September October November December")
WEEKDAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
UNITS = words(
    "KB MB GB TB KHz MHz GHz kW MW GW kV mph AM PM BC AD BCE CE GMT UTC EST PST CET OK TV ISBN USD ERP ZIP CDP FM TEU "
    "TEUs KST JST IST HST MST AWOL OMG LOL LGTM BRB IDK IMO IMHO TBH WTF FYI ASAP TBD TODO FIXME NB RSVP AKA Q&A THX "
    "PLS"
)
"""Capitalised words that measure or mark something and are no name by themselves."""
HONORIFICS = words(
    "Premier Mr Mr. Mrs Mrs. Ms Ms. Miss Dr Dr. Prof Prof. Professor Sir Lord Lady Dame Capt Capt. Captain Col Col. "
    "Colonel Gen Gen. General Lt Lt. Lieutenant Maj Maj. Major Sgt Sgt. Sergeant Cmdr Cmdr. Commander Adm Adm. "
    "Admiral Rev Rev. Reverend Father Brother Sister Hon Hon. Gov Gov. Governor Sen Sen. Senator Rep. "
    "Representative President Prime Chancellor Minister King Queen Prince Princess Duke Duchess Earl Count Countess "
    "Baron Baroness Emperor Empress Sultan Pope Cardinal Bishop Archbishop Saint Judge Justice Chief Coach Mayor "
    "Ambassador Secretary Inspector Detective Constable Harbourmaster Master Madame Madam Monsieur Don Dona Herr "
    "Frau Uncle Aunt Skipper Mate Boatswain Engineer Doctor Nurse Councillor Alderman Officer Private Corporal "
    "Marshal Sheikh Rabbi Imam DJ MC Lil Ustad Pandit Swami Guru Maulana Ayatollah Hajji Sri Shri"
)
"""Words that stand before the name of a person."""
WOMEN = words(
    "Mrs Mrs. Ms Ms. Miss Lady Dame Queen Princess Duchess Countess Baroness Empress Sister Aunt Mother Madame Frau"
)
MEN = words("Mr Mr. Sir Lord King Prince Duke Earl Count Baron Emperor Brother Uncle Father Pope Monsieur Herr")
"""Titles that tell the pronoun."""
OFFICES = words(
    "President Vice-President Minister Secretary Chancellor King Queen Prince Princess Duke Duchess Earl Count "
    "Baron Governor Mayor Senator Ambassador Bishop Archbishop Cardinal Emperor Empress Sultan Lord Director "
    "Chairman Chairwoman Chair Chief Officer Commander Commissioner Professor Judge Justice Speaker Treasurer "
    "Editor Captain General Admiral Colonel Head Member Deputy Dean Provost Rector Superintendent Manager Coach "
    "Founder Leader Mother Father Sister Brother Son Daughter Wife Author Knight Companion Harbourmaster Master "
    "Keeper Clerk Inspector"
)
"""Words for an office: what follows its `of` is another name."""

HEADS: dict[str, frozenset[str]] = {
    "organisation": words(
        "Survey Company Corporation Corp Corp. Inc Inc. Ltd Ltd. LLC plc PLC Limited Group Holdings Bank Trust Fund "
        "Foundation Association Society Union League Federation Confederation Alliance Party Committee Commission "
        "Council Board Agency Bureau Department Ministry Office Authority Administration Service Services University "
        "College School Academy Institute Institution Laboratory Laboratories Museum Gallery Library Hospital Clinic "
        "Church Army Navy Corps Regiment Brigade Division Battalion Squadron Fleet Force Forces Guard Police Court "
        "Parliament Congress Senate Assembly Legislature Government Cabinet Club Team Orchestra Band Ensemble Quartet "
        "Choir Theatre Records Studios Studio Pictures Entertainment Productions Media Press Publishing Publishers "
        "Publications Books Broadcasting Network Networks Television Radio Airlines Airways Air Railway Railways "
        "Railroad Lines Line Motors Industries Technologies Systems Software Solutions Partners Brothers Sons Bros "
        "Bros. & Co Co. Works Brewery Shipyard Yard Cooperative Exchange Insurance Consortium Cooperation "
        "Organisation Organization Community Centre Center Chamber Guild Lodge Order Movement Front Conference "
        "Seminary Observatory Archive Archives Secretariat Tribunal Directorate Command Democrats Republicans "
        "Socialists Liberals Conservatives Greens Commonwealth Boys Curia Express Diocese Archdiocese Sabha Entente "
        "Resorts Sox Rangers United Rovers Athletic F.C. FC WFC AFC Channel Chapter Liga CF SC Communities GmbH AG "
        "S.A. NV N.V. Registry Mission Salvage Shipping Fisheries Cannery Chandlery Chandlers Merchants Carriers "
        "Freight Outfitters Dramas Syndicate Underwriters Mutual Assurance Pilots Coastguard Customs Patrol Wardens "
        "Newspapers Banco Universidad Universität Université Hochschule Szkoła Escuela Instituto Institut Istituto "
        "Museo Musée Teatro Théâtre Ministerio Partido Partei Parti Associação Société Gesellschaft Verein Verlag "
        "Fundación Fondation Stiftung Colegio Collège Clube Communion Communications Digital Petroleum Energy "
        "Pharmaceuticals Foods Airport-Authority Franchise Commissioners Synod Financials Racing Motorsports Mobile "
        "Telecom Polytechnic Conservatory Broadcasters Magazines Comics Allies Presidency Legislature Legion Militia "
        "Powers Secretariat Opry B.V. BV Treasury Monorail Distributors Ventures Infantry Artillery "
        "Cavalry Fusiliers Coalition Caucus Collective Cable Ironworks Goods Stores Store "
        "Brands Cinemas Outfitters Suppliers Retail Logistics Electronics Automotive Aviation Aerospace Chemicals Oil"
    ),
    "place": words(
        "Spring Mound Summit Brook Stream Pond Lagoon Gorge Cliff Cliffs Bluff Meadow Meadows City Town Village "
        "County Parish Township District Region Province State Territory Republic Kingdom Empire Island Islands Isle "
        "Isles Peninsula Coast Bay Gulf Sea Ocean Lake Lakes River Creek Falls Canal Valley Mount Mountain Mountains "
        "Hill Hills Ridge Range Peak Pass Plateau Plain Plains Desert Forest Park Gardens Garden Beach Harbour Harbor "
        "Port Quay Pier Dock Docks Wharf Bridge Street Road Avenue Square Lane Highway Tunnel Airport Station Stadium "
        "Arena Hall House Palace Castle Tower Cathedral Abbey Temple Mosque Cemetery Prison Fort Cape Strait Channel "
        "Sound Head Point Rock Rocks Reef Cove Inlet Estuary Lighthouse Light Mill Farm Mine Dam Reservoir Building "
        "Center Centre Mall Plaza Hotel Inn Oblast Krai Voivodeship Prefecture Canton Commune Municipality Suburb "
        "Borough Ward Heights Springs Grove Woods Moor Marsh Sands Shoal Bank Banks North South East West Africa "
        "America Asia Europe Antarctica Oceania Basin Delta Glacier Volcano Crater Ranch Estate Terrace Route Trail "
        "Way Row Alley Steps Gate Walk Green Common Crossing Junction Depot Yard Breakwater Mole Slipway Warehouse "
        "Tavern Arms Library Observatory Landing Narrows Flats Ness Spit Bar Monument Monuments Memorial Market Metro "
        "Speedway Ballpark Velodrome Fell Tarn Loch Firth Overthrust Formation Fault Wilderness Boardwalk Promenade "
        "Esplanade Pyramid Pyramids Tomb Mausoleum Satrapy Protectorate Refuge Sanctuary Preserve Campground Vineyard "
        "Vineyards Colliery Mines Airfield Aerodrome Waterfall Waterfalls Garten Sultanate Caliphate Khanate Emirate "
        "Duchy Principality Fork Territories Anchorage Roads Area Raj Metropolis Highlands Lowlands Rainforest "
        "Roundabout Downs Heath Countries Range Abbey Priory Convent Chapel Manor Villa Ranges Pradesh Nagar "
        "Archipelago Atoll Bight Fjord Geyser Hotspring Cave Caves Caverns Interchange Boulevard Drive Crescent "
        "Courthouse Cordillera Nadu Fortress Citadel Coliseum Colosseum Margraviate Landgraviate Earldom Expressway "
        "Bishopric Barony Land Rotunda Complex Landmark Freeway Turnpike Parkway Motorway Wetlands Mausoleum "
        "Residence Residences Statue Terminal Quarter Foreland "
        "Vilayet Raion Okrug Governorate Tehsil Taluk Woreda Comarca Landkreis Gmina Powiat Zoo Cafe Café "
        "Restaurant Diner Canyon Canyons Gulch Ravine Glen"
    ),
    "event": words(
        "War Wars Battle Siege Revolution Rebellion Uprising Revolt Mutiny Massacre Crisis Treaty Olympics Games Cup "
        "Championship Championships Tournament Series Open Grand Prix Festival Fair Exhibition Expo Election "
        "Elections Referendum Campaign Offensive Operation Invasion Conference Summit Congress Census Awards Award "
        "Ceremony Hurricane Earthquake Flood Fire Storm Famine Plague Pandemic Strike Riots Riot Disaster Inquiry "
        "Trial Trials Final Finals Season Regatta Race Rally Marathon Bowl Derby Parade Day Week Convention "
        "Depression Renaissance Reformation Crusade Crusades Crash Collision Wreck Sinking Gale Blockade Jubilee "
        "Coronation Rape Sack Burning Bombing Execution Assassination Murder Partition Annexation Occupation "
        "Liberation Schism Panic Truce Armistice Surge Accident Medal Prize Tour Pact Eve March "
        "Olympiad Olympiads Biennale Symposium Expedition Fellowship Scholarship Sunday Monday"
    ),
    "work": words(
        "Act Acts Bill Constitution Declaration Charter Code Agreement Protocol Accord Convention Amendment "
        "Clause Bible "
        "Journal Magazine Times Gazette Herald Chronicle Tribune Post Daily Weekly Review Quarterly Bulletin "
        "Newsletter Encyclopedia Encyclopaedia Dictionary Atlas Almanac Symphony Concerto Sonata Opera Suite Song "
        "Songs Album Story Tale Tales Poems Letters Diary Chronicles Trilogy Saga Report Manual Handbook Guide "
        "Ordinance Statute Directive Regulation Regulations Rules Standard Show Movie Film Diaries Memoirs Logbook "
        "Ledger Register Mercury Courier Examiner Observer Advertiser Plan Accords Ballad Waltz Hymn Hits "
        "Nocturne Papers Creed "
        "Ballet"
    ),
}
"""Type -> last words of names of that type."""
TEAMS = words(
    "Lions Tigers Bears Eagles Hawks Wolves Bulls Panthers Scorpions Warriors Giants Raiders Wildcats Bulldogs "
    "Cougars Falcons Dolphins Cowboys Broncos Braves Sharks Vikings Titans Trojans Spartans Huskies Badgers Rams "
    "Jaguars Ravens Pirates Hornets Leopards Rebels Phillies Cardinals Nationals Penguins Predators"
)
"""What teams call themselves, behind the name of a place."""
GENERAL = frozenset().union(*HEADS.values()) - words(
    "Congress Parliament Senate United Reformation Renaissance Bible East West Europe Africa Asia America Oceania "
    "Antarctica"
)
"""Heads that by themselves name nothing: the Board, the Church."""
FIRST_HEADS: dict[str, frozenset[str]] = {
    "place": words(
        "Mount Mt. Lake Cape Fort Port River Isle Gulf Bay Camp Point San Santa St St. Saint New North South East West "
        "Northern Southern Eastern Western Central Upper Lower Greater Strait Sea Kingdom Republic City State "
        "Province County Territory Puerto Costa Sierra Villa Los Las El Rio Hotel Hotels Pier Dock Quay Berth "
        "Warehouse Río Cerro Monte Mont Lac Lago Laguna Île Isla Cordillera Canyon Valle Val Plaza Place Piazza Rue "
        "Calle Corso Via Puerto Punta Cabo Castello Château Schloss Bad Deir Wadi Jebel Palais Palazzo Highway "
        "Interstate Wat Khao Koh Downtown"
    ),
    "organisation": words(
        "VfB VfL FC AFC SC AC TSV University College Institute Ministry Department Bank Church Museum Academy Society "
        "Association Council Federation Bureau Office Board School Faculty House Royal Order Friends Trustees "
        "Commission Committee Centre Center Court Library Hospital Sons Daughters National International Federal "
        "United Conference Universidad Banco Universität Université Hochschule Escuela Instituto Institut Istituto "
        "Museo Musée Teatro Théâtre Ministerio Partido Parti Associação Société Gesellschaft Verein Fundación "
        "Fondation Stiftung Colegio Collège Clube Club Real Atlético Deportivo Dynamo Dinamo Spartak Lokomotiv "
        "Air Scuderia Stade Olympique Borussia BC BK IF IK FK SK RC CD CF Team Biblioteca Bibliothèque Confédération "
        "Confederación Federación Fédération Asociación Compagnie Compañía Conseil Consejo Deutsche"
    ),
    "event": words(
        "Battle Siege Treaty Operation Hurricane Feast Festival War Invasion Fall Storm Copa Coppa Trial Sinking Age"
    ),
    "work": words(
        "Law Sonata Adventures Adventure Diary Legend Memoirs Journal Declaration Convention Ode Symphony "
        "Constitution Book Annals Codex Gospel Edict Monographs Proceedings Transactions Essays Lectures "
        "HMS SS MV RMS USS RV FV"
    ),
}
"""Type -> first words of names of that type, where the last word says nothing."""
STRIPPED = words(
    "President Vice-President Minister Senator Chancellor Governor Secretary Commissioner Speaker Mayor Leader "
    "Premier Chairman Director CEO Representative Congressman Congresswoman Ambassador Champion Wrestler Actor "
    "Actress Author Singer Coach Starring Featuring Chief Editor"
)
"""Offices and trades that are no part of the name behind them."""
VESSELS = words(
    "Steamship Steamer Ship Tug Tugboat Schooner Barque Barquentine Brig Brigantine Ketch Sloop Trawler Lifeboat "
    "Ferry Yacht Collier Dredger Cutter Lugger Vessel Boat Locomotive"
)
"""Kinds of craft, no part of the name behind them."""
SPLITS_OF = words(
    "Province District Region Government Coast Fork Arm Branch Highlands Interior Shore Banks Municipality Division "
    "Territories Governorate Prefecture Presidency Membership Inhabitants Much Most Part Parts All Some One Many "
    "Each Both None Half Sunday Monday Tuesday Wednesday Thursday Friday Saturday List Mayor Sabha Representative "
    "Representatives Ambassador Chairman Champion Possession North South East West Northeast Northwest Southeast "
    "Southwest Side Edge End Bank Street Harbour Crew Loss Owner Owners Widow Captain Wreck Port Corner"
)
"""Words after which `of` divides two names; after others it joins them."""
JOINS_FOR = words(
    "Treaty Transactions Convention Board Declaration Council Society Center Centre Institute Academy Association "
    "Foundation Committee Campaign Award Awards Prize Secretary Minister Office Department Fund Agency School "
    "College Museum Organization Organisation Movement Party Alliance Coalition Conference Commission Bureau "
    "Congress Ministry Hospital Home Journal Group Union Network Laboratory Under-Secretary Programme Program "
    "Charity Trust House Initiative Medal Commissioner"
)
"""Words after which `for`, `on` or `in` may join."""
JOINS_OF_THE = words(
    "Party Unity Grouping Front League Movement Church Association Society Federation Museum Bank Ministry Council "
    "Court Committee Institute Academy University House Library Treaty War Book Order Friends Commission Conference "
    "Department Declaration Convention Day Feast Secretary Minister Register Medal"
)
"""Last words of a longer name that `of the` may join to another."""
NEVER_ALONE = words(
    "New Old Young Great Grand Little Big Small Upper Lower Inner Outer National International Regional Local Federal "
    "Central Northern Southern Eastern Western Northwestern Northeastern Southwestern Southeastern Royal Imperial "
    "Historic Historical Agricultural Industrial Official General Special Public Private Annual Professional "
    "Political Social Economic Military Naval Legal Medical Scientific Technical Cultural Natural Environmental "
    "Financial Presidential Parliamentary Constitutional Urban Rural Foreign Domestic Global Internal External Senior "
    "Junior Major Minor Final Total Original Modern Ancient Medieval Traditional Classical Popular Independent Joint "
    "Commercial Civil Electric Electrical Executive Associate Assistant Deputy Vice Acting Former Late Early Average "
    "News Lectures Reporters Legislation Marketing Address Presidency Thunderstorms Runtime Genre Country Year Name "
    "Date Dates Type Population Website Notes Title Status Language Languages Distributor Producer Starring Subject "
    "Location Founder Founded Headquarters Product Products Industry Website Elevation Length Weight Height "
    "Nationality Occupation Born Died Website Abstract Introduction Conclusion Summary Contents References "
    "Bibliography Appendix Figure Table Note Warning Example Question Answer Reply Forwarded Selection Process "
    "Attachment Draft Re Fwd Cc Bcc Sent Agenda Minutes Action Actions Item Items Option Options Version Update "
    "Updates Overview Details Description Total Price Quantity Amount Comments Comment Owner Remarks Results Method "
    "Methods Discussion Background Purpose Scope Definition Definitions Proc Vol Eds Trans Inst Univ Dept Tel Fax "
    "Phone Mobile Requirements Usage Installation License Copyright"
)
"""Words of labels, and of names of several words, which alone name nothing."""
SALUTES = words(
    "Ah Yea Woah Hey Hi Hello Thanks Thx Bye Goodbye Yeah Yep Nope Nah Wow Whoa Oh Ooh Hmm Haha Hahaha Aw Aww Yay Gosh "
    "Congrats Congratulations Oops Ugh But And Or So Because Anyway "
    "Absolutely Definitely Totally Exactly"
)
"""Greetings, interjections and connectives that open a sentence and are no part of the name behind them."""
REMARKS = words(
    "Sorry Well Welcome Dear Cool Great Awesome Amazing Nice Sure Ok Okay Yes No "
    "Now Then Also Glad Cheers Thank Morning Plus Maybe Good Right Sweet Same"
)
"""What is said before a given name and is no part of it."""
LABELS = words(
    "Headquarters Genre Defunct Fate Nationality Occupation Elevation Inception Manufacturer Predecessor Successor "
    "Spouse Incumbent Motto Notable Website Starring Distributor Founders Developers Publishers Subsidiaries"
)
"""Labels of a flattened table: where one stands, a cell begins or ends."""
IMPERATIVES = words(
    "Buy Call Send Fix Remove Insert Email Pay Set See Click Press Select Choose Enter Add Delete Run Install Check "
    "Read Write Ask Tell Contact Visit Go Get Make Use Try Thank Dear Please Review Discuss Confirm Book Order Clean "
    "Cook Bring Take Put Ensure Consider Replace Repeat Turn Pick Plan Prepare Schedule Submit Sign Attach Forward "
    "Copy Download Upload Create Move Follow Repair Finish Start Stop Save Test Sell Order Renew Cancel Return Wash "
    "Water"
)
"""Words with which an item of a list or an instruction opens, before what it is about."""

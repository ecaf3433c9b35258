"""Words that rules look for: the general English of news writing, nothing specific to one story."""

from __future__ import annotations

from pathlib import Path


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(line.strip() for line in text.strip().split(","))


#: Abbreviations whose period does not end a sentence, even before a capital letter.
SHORT_WORDS = _words("""
    mr mrs ms dr prof gov sen rep rev hon st mt ft gen col maj capt lt sgt cpl pvt det supt jr sr no vs dept
    est inc co corp ltd
""")
ABBREVIATIONS = SHORT_WORDS | _words("jan feb mar apr jun jul aug sept sep oct nov dec")

#: Words of grammar, which name nothing and count nothing.
FUNCTION_WORDS = _words("""
    a about above according across after again against ago all almost along already also although am among
    an and another any are around as asked at away back be because been before behind being below beside
    besides between beyond both but by can cannot could despite did do does down during each either even
    ever every few first following for former from had has have he her here hers him his how however i if
    in inside instead into is it its itself just last later least less like made many may meanwhile might
    more most much must my near nearly neither never next no nobody nor not nothing now of off often on
    once one only onto or other our out outside over perhaps rather she should since so some soon still
    such than that the their them then there these they this those though through throughout to today
    tomorrow tonight too toward under unless until up upon us was we were what when where whether which
    while who whom whose why will with within without would yes yesterday yet you your
""")
#: Words that are no names when capitalized at the start of a sentence or label.
OPENING_WORDS = FUNCTION_WORDS | _words("""
    add always amid anyone ask beneath call come done else end everyone finally find follow further get
    give go hence indeed keep let likewise look make maybe me mine moreover nevertheless new none
    nonetheless others otherwise ours own please put read see share someone something sometimes subscribe
    take tell theirs therefore thus together towards unlike use very via view well whatever whenever
    whereas whoever yours
""")
#: Words that end the noun after a number ("29 people said"), or cannot begin a name.
BREAK_WORDS = FUNCTION_WORDS | _words("""
    added began came earlier given including left lost per roughly said says shall took twice went won
""")

#: Plural nouns that do not end in s, and units that are written without one.
PLURALS = _words("""
    people men women children teeth feet mice geese police staff personnel cattle sheep deer fish aircraft
    faculty mph kph alumni criteria data media firemen policemen servicemen businesswomen businessmen
    congressmen councilmen councilwomen congresswomen policewomen grandchildren schoolchildren salespeople
    townspeople craftsmen fishermen percent cents
""")
#: Words that replace the noun after a number: "29 arrested".
CONDITIONS = _words("dead injured hurt wounded killed arrested missing homeless infected hospitalized")
#: Words before a noun that do not belong to it: "29 more people".
BEFORE_NOUN = _words("more other additional another fewer further")
#: Units of measurement, which are not counted.
MEASURES = _words("""
    inch inches foot feet yard yards mile miles millimeter millimeters centimeter centimeters meter meters
    metre metres kilometer kilometers kilometre kilometres acre acres hectare hectares square cubic ounce
    ounces pound pounds ton tons tonne tonnes gram grams kilogram kilograms pint pints quart quarts gallon
    gallons liter liters litre litres degree degrees mph kph knots watt watts kilowatt kilowatts megawatt
    megawatts gigawatt gigawatts volt volts
    lb lbs oz ft mi km cm mm kg mg ml
""")
#: Words that end in s and are not plural nouns.
NOT_PLURAL = _words(
    "was has his its as this thus always perhaps across yes does is us less plus minus versus"
)

#: Words before a number that change it, longest first.
QUALIFIERS = tuple(
    sorted(
        _phrases("""
            about, around, roughly, approximately, nearly, almost, some, at least, at most, more than, less
            than, fewer than, up to, as many as, as few as, over, under, an estimated, just over, just
            under, only, close to, no more than, no fewer than, well over, just, no less than, as much as,
            exactly
        """),
        key=lambda phrase: (-len(phrase), phrase),
    )
)

#: Those of them that make a number rough, without making it a bound.
ROUGHLY = tuple(
    _phrases("about, around, roughly, approximately, nearly, almost, some, close to, an estimated")
)

#: Words that make a number part of a name: Route 9, Section 4.
DESIGNATORS = _words("""
    Route Routes Interstate Highway Exit Section Sections Chapter Title Act Article Amendment Proposition
    Measure No Nos Number District Ward Precinct Room Suite Unit Apartment Phase Engine Ladder Pier Gate
    Flight Bill Resolution Ordinance Rule Type Level Category Grade Figure Table Channel Case File Docket
    FM Road Region Highways Interstates
    Lot Block Building Line Platform Runway Zone Page Pages Volume Count Local School Station Rte Hwy Apt
""")

#: Verbs of speech.
SPEECH_VERBS = _words("""
    said says say told tells announced announces added argued argues claimed claims testified wrote writes
    stated declared estimated estimates reported warned warns acknowledged confirmed denied alleged noted
    explained insisted predicted predicts urged contended tweeted replied recalled concluded pledged
    promised vowed alleges allege
""")
PRONOUNS = _words("he she they it i we you who which that this these those")

#: Words of which titles of persons consist; one of them must be in `HEADS`.
TITLE_WORDS = _words("""
    CEO CFO COO Mayor Governor Gov Senator Sen Representative Rep Congressman Congresswoman Councilman
    Councilwoman Councilmember Councilor Alderman Judge Justice Chief Sheriff Deputy Assistant Associate
    Acting Interim Former President Vice Chairman Chairwoman Chair Director Executive Secretary Superintendent
    Commissioner
    Attorney General Solicitor District City County State Police Fire Council Professor Prof Dr Mr Mrs Ms
    Miss Sir Dame Lady Lord Rev Reverend Father Sister Bishop Archbishop Rabbi Imam Pope Sgt Sergeant Lt
    Lieutenant Capt Captain Maj Major Col Colonel Gen Officer Detective Det Inspector Agent Trooper
    Ambassador Prime Minister Treasurer Comptroller Controller Auditor Clerk Speaker Majority Minority
    Leader Public Works Health Schools Parks Budget Finance Safety Coach Principal Dean Provost Chancellor
    King Queen Prince Princess Special Supt Hon Managing Manager Coroner Prosecutor Defender Ombudsman
    Spokesman Spokeswoman Marshal Warden Supervisor Selectman Selectwoman Trustee Delegate Assemblyman
    Assemblywoman Lead Senior Junior U.S Board Administrator Ranger Regional Administrative Magistrate
    United States Adm Admiral Cmdr Commander Cpl Corporal Spc Specialist Petty Seaman Airman Brig Brigadier
    Rear
    Chairperson Spokesperson Premier Astronaut Engineer Investigator Investigations Federal National in Charge
""")
HEADS = _words("""
    CEO CFO COO Mayor Governor Gov Senator Sen Representative Rep Congressman Congresswoman Councilman
    Councilwoman Councilmember Councilor Alderman Judge Justice Chief Sheriff Deputy President Chairman
    Chairwoman Chair Director Secretary Superintendent Commissioner Attorney General Solicitor Professor
    Prof Dr Mr Mrs Ms
    Miss Sir Dame Lady Lord Rev Reverend Father Sister Bishop Archbishop Rabbi Imam Pope Sgt Sergeant Lt
    Lieutenant Capt Captain Maj Major Col Colonel Gen Officer Detective Det Inspector Agent Trooper
    Ambassador Minister Treasurer Comptroller Controller Auditor Clerk Speaker Leader Coach Principal Dean
    Provost Chancellor King Queen Prince Princess Supt Hon Manager Coroner Prosecutor Defender Ombudsman
    Spokesman Spokeswoman Marshal Warden Supervisor Selectman Selectwoman Trustee Delegate Assemblyman
    Assemblywoman Attorney Administrator Ranger Adm Admiral Cmdr Commander Cpl Corporal Spc Specialist
    Seaman Airman Chairperson Spokesperson Premier Astronaut Engineer Investigator
""")
#: Common nouns right before a person's name.
ROLES = _words("""
    spokesman spokeswoman spokesperson resident attorney lawyer director owner professor manager coach
    engineer meteorologist forecaster plaintiff defendant officer member chairman chairwoman chair president
    secretary captain sergeant lieutenant detective teacher principal student farmer baker nurse doctor
    physician pastor economist analyst researcher scientist historian author organizer activist advocate
    volunteer neighbor candidate senator mayor governor judge sheriff commissioner superintendent treasurer
    clerk photographer reporter driver pilot witness wife husband son daughter brother sister mother father
    founder executive
""")
#: Given names, of the U.S. Census of 1990 (public domain), that are no words of another kind here.
GIVEN_NAMES = (
    _words(Path(__file__).with_name("given_names.txt").read_text(encoding="utf-8"))
    - TITLE_WORDS
    - {word.capitalize() for word in BREAK_WORDS}
)
#: Positions in a team right before a player's name.
POSITIONS = _words("""
    center centre guard forward goalie goalkeeper quarterback pitcher catcher midfielder defender striker
    winger shortstop linebacker cornerback safety kicker punter fullback tailback defenseman rookie
""")

SUFFIXES: dict[str, frozenset[str]] = {
    "organization": _words("""
        Department University College Inc Corp Corporation LLC LLP Ltd Co Company Companies Association
        Offices Council Commission Committee Court Courts Authority Agency Bureau Office Board Union Institute
        Foundation Coalition Church Bank Party Service Services Group Society Project League Federation
        Alliance Club Partners Holdings Industries Enterprises Enforcement Police Legislature Assembly
        Senate Congress Parliament Administration Trust Conference Network Team Chamber Guild Brigade
        Collective Cooperative Cross Times Post News Ledger Gazette Herald Tribune Journal Press Ministry
        Force Division Campaign Movement Fund District Diocese Center's Initiative Orchestra Plc PLC Energy
        Guard Survey Corps Petroleum Airlines Airways Motors Technologies Pharmaceuticals Insurance
        Railway Railroad Foods Farms Aviation Unit Section Squad Branch Laboratory Directorate
        Protection
    """),
    "facility": _words("""
        Hospital Hall Library Airport Stadium Arena Bridge Building Center Centre Museum School Academy
        Apartments Lighthouse Courthouse Jail Prison Penitentiary Station Terminal Tower Towers Plaza Mall
        Hotel Theater Theatre Cathedral Temple Mosque Synagogue House Dam Plant Garage Pier Cemetery Zoo
        Ballroom Auditorium Clinic Tunnel Shelter Armory Barracks Residences
    """),
    "place": _words("""
        County Township Borough City Town Village Island Islands River Lake Creek Bay Beach Valley Mountain
        Mountains Hills Heights Park Square Street Streets Avenue Road Boulevard Drive Lane Parkway Turnpike
        Highway Harbor Point Peninsula Forest Canyon Falls Springs Coast Ocean Sea Gulf Parish Province
        Glacier Pass Divide Ridge Basin Range Plateau Desert Drainage Trail Grove Territory Neighborhood Alley
        Cape Shore Junction Crossing Buttress Saddle Peak Cove Inlet Mesa Butte Gulch Bluff Bluffs
    """),
    "system": _words("System Database Registry Software Network"),
    "agreement": _words("Agreement Treaty Compact Accord Contract"),
}
#: Organizations that one word names.
BODIES = _words("Congress Senate Treasury Pentagon Parliament Kremlin Interpol Medicare Medicaid")
#: Words that may be followed by "of ..." within a name: Department of Parks, City of Fernhill.
OF_HEADS: dict[str, frozenset[str]] = {
    "organization": _words("""
        Department University Bank Court Board Office Bureau Institute College Chamber League Ministry
        Church Association Federation Society School Council House Division Diocese Archdiocese Friends
        Authority Administration Committee Foundation Party
        Corps Centers Coalition Sons Daughters Knights Brotherhood Conference Union Alliance Academy
        Agency Commission
    """),
    "place": _words("""
        City Town Village Borough Township County Port Gulf Cape Isle State Commonwealth Republic Bay District
    """),
    "facility": _words("Museum Hall Cathedral Hospital"),
}
#: Words within the names of units of an organization: Coast Guard Sector Miami.
UNITS = _words("Sector Squadron Battalion Brigade Precinct")
#: First words of place names.
PLACE_HEADS = _words("Cape Lake Mount Mt Port Fort Ft Saint Gulf Isle Camp Point")
#: Last words of names for which the fact sheet has no kind.
NO_KIND = _words("""
    Act Law Amendment Bill Code Ordinance Day Eve Week Month Year Season War Prize Award Medal Cup Bowl
    Games Order Report Hurricane Storm Plan Program Award Bible Constitution Rights Proposition
    Initiative Festival
    Fair Parade
""")
EVENT_HEADS = _words("Law Hurricane Tropical Winter Typhoon Cyclone Operation")

#: Capitalized words that name no person, place or organization.
NOT_NAMES = _words("""
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Tuesdays Wednesdays Thursdays Fridays
    Saturdays Sundays January February March April May June July August September October November December
    Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec I OK AM PM TV GPS DNA ID PDF FAQ Internet Web God
    COVID HIV AIDS SARS ET CT MT PT EST EDT CST CDT MST MDT PST PDT GMT UTC BST
    Christmas Easter Thanksgiving Halloween Hanukkah Ramadan Posted Published Updated By Photo Photos
""")
#: Words for peoples, parties and faiths: no names by themselves, but often the first word of one.
DEMONYMS = _words("""
    Republican Republicans Democrat Democrats Democratic Christian Christians Catholic Catholics Muslim
    Muslims Jewish American Americans English Spanish French German Dutch Italian Chinese Russian Mexican
    Canadian British Irish Indian Japanese Korean African European Asian Australian Latino Latina Latinos
    Hispanic Black
""")

#: Cities that news style prints without a state.
CITIES = _phrases("""
    Atlanta, Baltimore, Boston, Chicago, Cincinnati, Cleveland, Dallas, Denver, Detroit, Honolulu,
    Houston, Indianapolis, Las Vegas, Los Angeles, Miami, Milwaukee, Minneapolis, New Orleans, New York
    City, Oklahoma City, Philadelphia, Phoenix, Pittsburgh, St. Louis, Salt Lake City, San Antonio, San
    Diego, San Francisco, Seattle, Hollywood, Manhattan, Brooklyn, Amsterdam, Athens, Baghdad, Bangkok,
    Beijing, Beirut, Berlin, Bogota, Brussels, Cairo, Damascus, Delhi, New Delhi, Dublin, Geneva, Havana,
    Hong Kong, Istanbul, Jakarta, Jerusalem, Johannesburg, Kabul, Kyiv, Lagos, Lisbon, London, Madrid,
    Manila, Mexico City, Milan, Montreal, Moscow, Mumbai, Munich, Nairobi, Oslo, Paris, Prague, Quebec
    City, Rio de Janeiro, Rome, Sao Paulo, Seoul, Shanghai, Stockholm, Sydney, Taipei, Tehran, Tel Aviv,
    Tokyo, Toronto, Vancouver, Vienna, Warsaw, Zurich
""")
COUNTRIES = _phrases("""
    Afghanistan, Albania, Algeria, Angola, Argentina, Armenia, Australia, Austria, Azerbaijan, Bahamas,
    Bahrain, Bangladesh, Barbados, Belarus, Belgium, Belize, Benin, Bolivia, Bosnia, Botswana, Brazil,
    Britain, Bulgaria, Burkina Faso, Burundi, Cambodia, Cameroon, Chile, China, Colombia, Congo, Costa
    Rica, Croatia, Cuba, Cyprus, Czech Republic, Denmark, Dominican Republic, East Timor, Ecuador, Egypt,
    El Salvador, England, Eritrea, Estonia, Ethiopia, Fiji, Finland, France, Gabon, Gambia, Germany,
    Ghana, Greece, Greenland, Grenada, Guatemala, Guinea, Guyana, Haiti, Honduras, Hungary, Iceland,
    India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Ivory Coast, Jamaica, Japan, Kazakhstan, Kenya,
    Kosovo, Kuwait, Kyrgyzstan, Laos, Latvia, Lebanon, Lesotho, Liberia, Libya, Lithuania, Luxembourg,
    Madagascar, Malawi, Malaysia, Maldives, Mali, Malta, Mauritania, Mauritius, Micronesia, Moldova,
    Mongolia, Montenegro, Morocco, Mozambique, Myanmar, Namibia, Nepal, Netherlands, New Zealand,
    Nicaragua, Niger, Nigeria, North Korea, North Macedonia, Northern Ireland, Norway, Oman, Pakistan,
    Panama, Papua New Guinea, Paraguay, Peru, Philippines, Poland, Portugal, Qatar, Romania, Russia,
    Rwanda, Samoa, Saudi Arabia, Scotland, Senegal, Serbia, Sierra Leone, Singapore, Slovakia, Slovenia,
    Somalia, South Africa, South Korea, South Sudan, Spain, Sri Lanka, Sudan, Suriname, Sweden,
    Switzerland, Syria, Taiwan, Tajikistan, Tanzania, Thailand, Togo, Tonga, Trinidad, Tunisia, Turkey,
    Turkmenistan, Uganda, Ukraine, United Arab Emirates, Uruguay, Uzbekistan, Vanuatu, Venezuela,
    Vietnam, Wales, Yemen, Zambia, Zimbabwe, Guam, American Samoa, Virgin Islands, Africa, Antarctica,
    Asia, Europe, America, North America, South America, Latin America, Central America, Middle East
""")

#: U.S. states and nearby countries, in full and as news style abbreviates them.
STATES = _phrases("""
    Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Georgia,
    Hawaii, Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts,
    Michigan, Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey,
    New Mexico, New York, North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode
    Island, South Carolina, South Dakota, Tennessee, Texas, Utah, Vermont, Virginia, Washington, West
    Virginia, Wisconsin, Wyoming, Puerto Rico, United States, U.S, U.K, United Kingdom, Canada, Mexico,
    Ala, Ariz, Ark, Calif, Colo, Conn, Del, Fla, Ga, Ill, Ind, Kan, Ky, La, Md, Mass, Mich, Minn, Miss,
    Mo, Mont, Neb, Nev, N.H, N.J, N.M, N.Y, N.C, N.D, Okla, Ore, Pa, R.I, S.C, S.D, Tenn, Vt, Va, Wash,
    W.Va, Wis, Wyo, D.C, AL, AK, AZ, AR, CA, CO, CT, DE, FL, GA, HI, IA, ID, IL, IN, KS, KY, LA, MA, MD,
    ME, MI, MN, MO, MS, MT, NC, ND, NE, NH, NJ, NM, NV, NY, OH, OR, PA, RI, SC, SD, TN, TX, UT, VA, VT, WA,
    WI, WV, WY, DC, US, UK
""")

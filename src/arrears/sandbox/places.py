"""Made-up debtors need somewhere to live: 30 countries with towns, postcodes and streets.

Towns and postcode shapes are real so that addresses can be checked; house and firm are invented.
Telephone numbers come from the ranges Ofcom sets aside for drama.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Town:
    """``postcode`` is complete abroad and the outward code (LS1) in the UK."""

    name: str
    postcode: str
    region: str | None = None
    phone: str = "01632 960"


@dataclass(frozen=True, slots=True)
class Country:
    """``code`` is what KashFlow sends (Greece is EL); ``street`` has places for a name and a number."""

    code: str
    name: str
    currency: str
    street: str
    streets: tuple[str, ...]
    towns: tuple[Town, ...]
    suffixes: tuple[str, ...]


UNITED_KINGDOM: Final = Country(
    "GB",
    "United Kingdom",
    "GBP",
    "{number} {name}",
    (
        "Mill Lane",
        "Station Road",
        "Foundry Street",
        "Canal Wharf",
        "Chapel Hill",
        "Park View",
        "Market Street",
        "Albion Road",
        "Tannery Lane",
        "Victoria Street",
        "Orchard Close",
        "Bridge Street",
    ),
    (
        Town("Leeds", "LS11", "West Yorkshire", "0113 496 0"),
        Town("Sheffield", "S9", "South Yorkshire", "0114 496 0"),
        Town("Nottingham", "NG7", "Nottinghamshire", "0115 496 0"),
        Town("Leicester", "LE4", "Leicestershire", "0116 496 0"),
        Town("Bristol", "BS3", None, "0117 496 0"),
        Town("Birmingham", "B12", "West Midlands", "0121 496 0"),
        Town("Edinburgh", "EH6", None, "0131 496 0"),
        Town("Glasgow", "G40", None, "0141 496 0"),
        Town("Liverpool", "L3", "Merseyside", "0151 496 0"),
        Town("Manchester", "M12", None, "0161 496 0"),
        Town("London", "SE16", None, "020 7946 0"),
        Town("Newcastle upon Tyne", "NE6", "Tyne and Wear", "0191 498 0"),
        Town("Belfast", "BT5", None, "028 9649 6"),
        Town("Cardiff", "CF24", None, "029 2018 0"),
        Town("Halifax", "HX1", "West Yorkshire"),
        Town("Huddersfield", "HD1", "West Yorkshire"),
        Town("Bradford", "BD4", "West Yorkshire"),
        Town("York", "YO10", "North Yorkshire"),
        Town("Preston", "PR1", "Lancashire"),
        Town("Norwich", "NR3", "Norfolk"),
        Town("Exeter", "EX2", "Devon"),
        Town("Northampton", "NN4", "Northamptonshire"),
        Town("Reading", "RG2", "Berkshire"),
        Town("Aberdeen", "AB11", None),
    ),
    ("Ltd", "Ltd", "Ltd", "Limited", "LLP", "PLC"),
)


def _country(
    code: str, name: str, currency: str, street: str, streets: str, towns: str, suffixes: str
) -> Country:
    """Read the compact tables below: ``town|postcode|region`` parted by semicolons."""
    places = []
    for entry in towns.split(";"):
        town, postcode, *region = entry.split("|")
        places.append(Town(town, postcode, region[0] if region else None))
    return Country(
        code, name, currency, street, tuple(streets.split(";")), tuple(places), tuple(suffixes.split(";"))
    )


ABROAD: Final = (
    _country(
        "IE",
        "Ireland",
        "EUR",
        "{number} {name}",
        "Quay Street;Abbey Road;Harbour Lane",
        "Dublin|D02 X285;Cork|T12 W8KP;Galway|H91 E2K3",
        "Ltd;Teoranta",
    ),
    _country(
        "FR",
        "France",
        "EUR",
        "{number} {name}",
        "rue des Forges;avenue de la Gare;rue du Moulin",
        "Lyon|69003;Lille|59800;Nantes|44000",
        "SARL;SAS",
    ),
    _country(
        "DE",
        "Germany",
        "EUR",
        "{name} {number}",
        "Hafenstraße;Mühlenweg;Industriestraße",
        "Hamburg|20457;Köln|50667;Leipzig|04109",
        "GmbH;GmbH & Co. KG",
    ),
    _country(
        "NL",
        "Netherlands",
        "EUR",
        "{name} {number}",
        "Havenkade;Molenstraat;Stationsplein",
        "Rotterdam|3011 AD;Utrecht|3511 AB;Eindhoven|5611 AZ",
        "B.V.",
    ),
    _country(
        "BE",
        "Belgium",
        "EUR",
        "{name} {number}",
        "Kerkstraat;Rue du Pont;Havenlaan",
        "Antwerpen|2000;Gent|9000;Liège|4000",
        "NV;SRL",
    ),
    _country(
        "LU",
        "Luxembourg",
        "EUR",
        "{number} {name}",
        "rue du Fort;route d'Esch",
        "Luxembourg|1528;Esch-sur-Alzette|4010",
        "S.à r.l.",
    ),
    _country(
        "ES",
        "Spain",
        "EUR",
        "{name} {number}",
        "Calle del Molino;Avenida del Puerto;Calle Mayor",
        "Madrid|28013|Madrid;Valencia|46024|Valencia;Sevilla|41001|Sevilla",
        "S.L.;S.A.",
    ),
    _country(
        "PT",
        "Portugal",
        "EUR",
        "{name} {number}",
        "Rua do Moinho;Avenida da Ribeira",
        "Lisboa|1100-148;Porto|4050-253",
        "Lda",
    ),
    _country(
        "IT",
        "Italy",
        "EUR",
        "{name} {number}",
        "Via dei Mulini;Via della Stazione;Corso Garibaldi",
        "Milano|20121|MI;Torino|10121|TO;Bologna|40121|BO",
        "S.r.l.;S.p.A.",
    ),
    _country(
        "AT", "Austria", "EUR", "{name} {number}", "Mühlgasse;Bahnhofstraße", "Wien|1010;Graz|8010", "GmbH"
    ),
    _country(
        "CH",
        "Switzerland",
        "EUR",
        "{name} {number}",
        "Bahnhofstrasse;Seestrasse",
        "Zürich|8001;Basel|4051",
        "AG;GmbH",
    ),
    _country(
        "SE",
        "Sweden",
        "EUR",
        "{name} {number}",
        "Hamngatan;Kvarnvägen",
        "Stockholm|111 47;Göteborg|411 04",
        "AB",
    ),
    _country("NO", "Norway", "EUR", "{name} {number}", "Havnegata;Kirkeveien", "Oslo|0150;Bergen|5003", "AS"),
    _country(
        "DK",
        "Denmark",
        "EUR",
        "{name} {number}",
        "Havnegade;Møllevej",
        "København|1058;Aarhus|8000",
        "ApS;A/S",
    ),
    _country(
        "FI",
        "Finland",
        "EUR",
        "{name} {number}",
        "Satamakatu;Asematie",
        "Helsinki|00160;Tampere|33100",
        "Oy",
    ),
    _country(
        "PL",
        "Poland",
        "EUR",
        "ul. {name} {number}",
        "Portowa;Młyńska",
        "Gdańsk|80-831;Kraków|31-042",
        "Sp. z o.o.",
    ),
    _country(
        "CZ",
        "Czech Republic",
        "EUR",
        "{name} {number}",
        "Nádražní;Mlýnská",
        "Praha|110 00;Brno|602 00",
        "s.r.o.",
    ),
    _country(
        "EL",
        "Greece",
        "EUR",
        "{name} {number}",
        "Ermou;Leoforos Nikis",
        "Athina|105 63;Thessaloniki|546 24",
        "EPE;AE",
    ),
    _country(
        "HU",
        "Hungary",
        "EUR",
        "{name} {number}.",
        "Malom utca;Vasút utca",
        "Budapest|1051;Debrecen|4024",
        "Kft.",
    ),
    _country(
        "RO",
        "Romania",
        "EUR",
        "{name} {number}",
        "Strada Morii;Strada Portului",
        "Cluj-Napoca|400001|Cluj;Timișoara|300001|Timiș",
        "SRL",
    ),
    _country(
        "US",
        "United States",
        "USD",
        "{number} {name}",
        "Oak Street;Harbor Avenue;Commerce Drive",
        "Columbus|43215|OH;Austin|78701|TX;Portland|97205|OR;Boston|02110|MA",
        "Inc.;LLC",
    ),
    _country(
        "CA",
        "Canada",
        "USD",
        "{number} {name}",
        "King Street West;Rue Saint-Paul",
        "Toronto|M5H 1A1|ON;Montréal|H2Y 1G8|QC;Calgary|T2P 1J9|AB",
        "Inc.;Ltd.",
    ),
    _country(
        "AU",
        "Australia",
        "USD",
        "{number} {name}",
        "Wharf Road;Collins Street",
        "Sydney|2000|NSW;Melbourne|3000|VIC;Brisbane|4000|QLD",
        "Pty Ltd",
    ),
    _country(
        "NZ",
        "New Zealand",
        "GBP",
        "{number} {name}",
        "Quay Street;Ferry Road",
        "Auckland|1010;Christchurch|8011",
        "Limited",
    ),
    _country(
        "JP",
        "Japan",
        "JPY",
        "{number} {name}",
        "Minato-machi;Sakae",
        "Osaka|541-0041|Osaka;Nagoya|460-0008|Aichi;Yokohama|231-0023|Kanagawa",
        "K.K.",
    ),
    _country(
        "AE",
        "United Arab Emirates",
        "AED",
        "{number} {name}",
        "Al Wasl Road;Corniche Street",
        "Dubai||Dubai;Abu Dhabi||Abu Dhabi;Sharjah||Sharjah",
        "LLC;FZE",
    ),
    _country(
        "SG",
        "Singapore",
        "USD",
        "{number} {name}",
        "Robinson Road;Jurong Lane",
        "Singapore|068899",
        "Pte Ltd",
    ),
    _country(
        "ZA",
        "South Africa",
        "GBP",
        "{number} {name}",
        "Dock Road;Main Street",
        "Cape Town|8001|Western Cape;Durban|4001|KwaZulu-Natal",
        "(Pty) Ltd",
    ),
    _country(
        "IN",
        "India",
        "GBP",
        "{number} {name}",
        "Mill Road;Residency Road",
        "Mumbai|400001|Maharashtra;Bengaluru|560025|Karnataka;Chennai|600001|Tamil Nadu",
        "Pvt Ltd",
    ),
)

COUNTRIES: Final = (UNITED_KINGDOM, *ABROAD)
EU: Final = frozenset(
    [
        "IE",
        "FR",
        "DE",
        "NL",
        "BE",
        "LU",
        "ES",
        "PT",
        "IT",
        "AT",
        "SE",
        "DK",
        "FI",
        "PL",
        "CZ",
        "EL",
        "HU",
        "RO",
    ]
)

CURRENCIES: Final = {
    "GBP": ("Pound Sterling", "£", "1.0000"),
    "EUR": ("Euro", "€", "1.1700"),
    "USD": ("US Dollar", "$", "1.2700"),
    "JPY": ("Japanese Yen", "¥", "190.0000"),
    "AED": ("UAE Dirham", "AED", "4.6600"),
}

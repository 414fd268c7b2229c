"""The words that leads and companies are made of. All of it is our own and names nobody."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its share of leads; ``phones`` are ranges that belong to nobody, ``#`` is a digit."""

    code: str
    share: int
    firsts: tuple[str, ...]
    lasts: tuple[str, ...]
    cities: tuple[str, ...]
    legal: tuple[str, ...]
    language: str
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry: its share of companies, the median of its head counts, revenue a head in EUR."""

    label: str
    share: int
    words: tuple[str, ...]
    employees: int
    revenue_each: int


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _names(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(","))


GERMAN_FIRSTS = _words(
    "Anna Ben Carla David Elif Felix Greta Hannes Ida Jakob Katrin Lars Mara Nils Olga Paul Rike Stefan "
    "Tessa Uwe Vera Wiebke Yannick Zeynep Heike Jürgen Sören Käthe Matthias Birgit Cem Dörte"
)
GERMAN_LASTS = _words(
    "Ahlers Bergmann Claasen Dittrich Ebeling Falk Grothe Hinrichs Imhoff Jessen Krüger Lindner Möller "
    "Neubert Oswald Petersen Quast Reuter Schönfeld Tiedemann Ulrich Voss Wieland Yilmaz Zander Brückner "
    "Demir Engelke Fährmann Gerlach Hüttner Kaya Lorenzen Nowak Paulsen Röhrig"
)
COUNTRIES: Final = (
    Country(
        "DE", 30, GERMAN_FIRSTS, GERMAN_LASTS,
        _words("Berlin Hamburg München Köln Leipzig Stuttgart Bremen Dortmund Nürnberg Kassel"),
        _words("GmbH AG GmbH KG SE"), "de",
        ("030 23125 ###", "069 90009 ###", "040 66969 ###", "+49 89 99998 ###", "0221 4710 ###"),
    ),
    Country(
        "AT", 5, GERMAN_FIRSTS, GERMAN_LASTS, _words("Wien Graz Linz Salzburg"), _words("GmbH AG"), "de"
    ),
    Country(
        "CH", 5, GERMAN_FIRSTS, GERMAN_LASTS, _words("Zürich Basel Bern Winterthur"), _words("AG GmbH"), "de"
    ),
    Country(
        "GB", 15,
        _words(
            "Alice Ben Chloe Daniel Ellie Finlay Grace Harry Imogen Jack Kieran Lucy Matthew Niamh Oliver "
            "Priya Rhys Sophie Thomas Umar Victoria William Yasmin Zara Callum Deborah"
        ),
        _words(
            "Ashworth Barlow Carter Dunmore Ellison Fairley Gill Hartley Iqbal Jarvis Kendrick Lockwood Moss "
            "Norris Okafor Pemberton Quigley Radcliffe Sharma Thornton Underhill Vaughan Whitcombe Yeo"
        ),
        _words("London Leeds Bristol Manchester Glasgow Cardiff Norwich"),
        _words("Ltd plc Ltd"), "en",
        ("020 7946 0###", "0161 496 0###", "+44 113 496 0###", "07700 900###"),
    ),
    Country(
        "FR", 11,
        _words(
            "Adèle Bastien Camille Damien Élodie Florent Gaëlle Hugo Inès Julien Karim Léa Mathieu Noémie "
            "Olivier Pauline Quentin Romane Sébastien Thibault Valérie Yves Zoé"
        ),
        _words(
            "Aubert Besson Chauvet Delmas Étienne Fabre Garnier Humbert Imbert Jacquet Lacroix Maréchal Noël "
            "Ollivier Perrin Renaud Sauvage Tessier Vasseur Weber Benali Diallo"
        ),
        _words("Paris Lyon Lille Nantes Toulouse Bordeaux"), _words("SA SAS SARL"), "fr",
        ("01 99 00 ## ##", "+33 4 65 71 ## ##", "06 39 98 ## ##"),
    ),
    Country(
        "US", 12,
        _words(
            "Aaron Bianca Curtis Dana Ethan Felicia Grant Hailey Ivan Jasmine Kyle Latoya Marcus Nora Owen "
            "Paige Rosa Seth Tamara Victor Wendy Xavier"
        ),
        _words(
            "Abbott Bridges Castillo Dalton Espinoza Foster Graham Holloway Ibarra Jennings Kessler Lawson "
            "Mendez Nash Ortega Porter Ramsey Sutton Tran Vance Whitaker Zimmerman"
        ),
        _words("Chicago Boston Denver Austin Seattle Atlanta"), _words("Inc. LLC Corp."), "en",
        ("(312) 555-01##", "+1 617 555 01##", "303-555-01##"),
    ),
    Country(
        "NL", 7,
        _words("Anouk Bram Daan Eva Fleur Gijs Hanneke Iris Joost Kim Lotte Maarten Noor Pieter Sanne Teun"),
        _names(
            "Aalbers, Bakker, de Boer, Dekker, van Dijk, Hoekstra, Jansen, Kuipers, van der Linden, Mulder, "
            "Postma, Smit, Timmer, Veenstra, de Wit, Zwart"
        ),
        _words("Utrecht Rotterdam Eindhoven Groningen"), _words("BV NV"), "nl",
    ),
    Country(
        "SE", 4,
        _words("Agnes Björn Cecilia Elsa Fredrik Göran Hanna Johan Karin Linnea Magnus Oskar Sara Åsa"),
        _words("Åberg Bergström Dahl Ekman Forsberg Holm Lindqvist Nyström Östlund Sjögren Wallin"),
        _words("Stockholm Göteborg Malmö Uppsala"), _words("AB"), "sv",
        ("08-465 004 ##", "031-390 06 ##"),
    ),
    Country(
        "IT", 4,
        _words("Alessia Bruno Chiara Davide Elena Fabio Giulia Luca Marta Nicolò Paola Stefano"),
        _words("Bellini Conti Esposito Ferri Gallo Lombardi Marchetti Neri Orlando Pace Ricci Serra"),
        _words("Milano Torino Bologna Verona"), ("S.p.A.", "S.r.l."), "it",
    ),
    Country(
        "PL", 3,
        _words("Agnieszka Bartosz Dorota Ewa Grzegorz Hanna Jakub Łukasz Magda Paweł Tomasz Zofia"),
        _words("Adamczyk Borowski Czarnecka Dudek Jabłońska Kaczmarek Lis Mazur Pawlak Sikora Wójcik"),
        _words("Warszawa Kraków Wrocław Gdańsk"), ("Sp. z o.o.", "S.A."), "pl",
    ),
    Country(
        "IN", 8,
        _words("Aditi Arjun Deepa Farhan Gauri Harish Kavita Manoj Neha Rahul Sunita Vikram"),
        _words("Banerjee Chopra Desai Gupta Iyer Kulkarni Menon Nair Patel Rao Saxena Verma"),
        _words("Pune Bengaluru Chennai Mumbai"), ("Pvt Ltd", "Ltd"), "en",
    ),
)  # fmt: skip

INDUSTRIES: Final = (
    Industry("Manufacturing", 15, ("Werke", "Components", "Industries", "Precision"), 260, 190_000),
    Industry("Machinery", 9, ("Maschinenbau", "Machines", "Drives", "Tooling"), 210, 200_000),
    Industry("Automotive", 6, ("Automotive", "Mobility", "Carparts", "Axles"), 620, 230_000),
    Industry("Software", 9, ("Software", "Systems", "Apps", "Cloud"), 70, 150_000),
    Industry("Logistics", 9, ("Logistics", "Freight", "Cargo", "Spedition"), 240, 140_000),
    Industry("Banking", 4, ("Bank", "Savings", "Credit", "Kontor"), 700, 320_000),
    Industry("Insurance", 4, ("Insurance", "Mutual", "Assekuranz", "Cover"), 640, 340_000),
    Industry("Health care", 5, ("Clinics", "Care", "Medical", "Diagnostics"), 330, 110_000),
    Industry("Pharmaceuticals", 3, ("Pharma", "Biotech", "Remedies", "Labs"), 410, 300_000),
    Industry("Energy", 4, ("Energy", "Power", "Grid", "Solar"), 280, 380_000),
    Industry("Telecommunications", 2, ("Telecom", "Networks", "Fibre", "Mobile"), 450, 240_000),
    Industry("Online retail", 9, ("Shop", "Store", "Versand", "Market"), 28, 330_000),
    Industry("Construction", 6, ("Bau", "Construction", "Builders", "Concrete"), 90, 150_000),
    Industry("Food and drink", 5, ("Foods", "Brewing", "Bakery", "Dairy"), 110, 160_000),
    Industry("Consulting", 4, ("Consulting", "Advisors", "Partners", "Beratung"), 24, 120_000),
    Industry("Education", 3, ("Academy", "College", "Institute", "School"), 85, 60_000),
    Industry("Public sector", 3, ("Authority", "Stadtwerke", "Council", "Agency"), 380, 80_000),
)

ROOTS: Final = _words(
    "Nord Ahorn Birken Delta Elb Fern Grün Hafen Insel Jura Kern Licht Meri Nova Ober Prim Quell Rhein Sonn "
    "Tann Ufer Vela Wald Xeno York Zeder Alp Brack Cala Dorn Esch Fels Glen Hel Iso Kasta Lumi Mond Nebel "
    "Orka Pella Rona Sila Tarn Umbra Vinta Wyn Zena Arlo Bor Cedar Dachs Eiben Fax Ginster Hain Immen Jasp "
    "Kiefer Lorn Mistel Nar Ostra Pinn Quarz Ried Salm Thal Ulmen Veil Weiden Yarrow Zirben Aster Brunn "
    "Crest Distel Erlen Fenn Gold Hasel Ilex Jade"
)
ENDINGS: Final = _words(
    "mark berg holm feld bridge stein fjord gate wick land stad mere brook vik dorf tal moor field horn port "
    "ridge haven born hof kamp lund ness rode stead well"
)

DECIDERS: Final = (
    "Managing Director", "Geschäftsführer", "Chief Operating Officer", "Head of Operations",
    "Director of Production", "VP Supply Chain", "Head of Planning", "CEO", "CTO", "Founder",
    "Director Logistics", "Owner", "Chief Financial Officer", "Head of IT",
)  # fmt: skip
MANAGERS: Final = (
    "Operations Manager", "Production Manager", "Project Manager", "Betriebsleiter", "Plant Manager",
    "Office Manager", "Process Manager", "Supply Chain Manager", "IT Architect", "Team Lead",
    "Product Manager", "Werksleiter",
)  # fmt: skip
STAFF: Final = (
    "Production Planner", "Process Engineer", "Controller", "Business Analyst", "Dispatcher", "Buyer",
    "Consultant", "Quality Engineer", "Scheduler", "Software Developer", "Sachbearbeiterin", "Accountant",
)  # fmt: skip
JUNIORS: Final = ("Junior Planner", "Trainee", "Assistant", "Working Student", "Student", "Intern")

FREE_MAIL: Final = ("freemail.example", "webpost.example")

SOURCES: Final = (
    ("Website", 25), ("Search ads", 16), ("Webinar", 13), ("Trade fair", 10), ("Partner list", 11),
    ("Customer referral", 5), ("Newsletter", 8), ("Social media", 7), ("", 5),
)  # fmt: skip

PRODUCT_PAGES: Final = ("/product/planning", "/product/scheduling", "/product/integrations", "/products")
PRICE_PAGES: Final = ("/pricing", "/pricing/teams")
OTHER_PAGES: Final = ("/", "/blog/planning-without-spreadsheets", "/blog/late-orders", "/customers", "/about",
                      "/careers", "/blog/shift-plans", "/events")  # fmt: skip
GUIDES: Final = ("Guide: planning without spreadsheets", "Case study: three plants, one plan",
                 "Checklist: ready for fine planning", "Guide: what late orders cost")  # fmt: skip
WEBINARS: Final = ("Webinar: from spreadsheet to plan", "Webinar: shift plans that hold",
                   "Webinar: what planners ask us most")  # fmt: skip
ASKS: Final = (("form", "Demo request"), ("form", "Quote request"), ("trial", "30-day trial"))
MAILS: Final = (
    "Monthly letter",
    "Invitation to the webinar",
    "New: drag-and-drop plans",
    "Three plants, one plan",
)

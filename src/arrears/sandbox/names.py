"""Words from which names of made-up firms and people are put together."""

from typing import Final

_FIRST_WORDS = """
Ashfell Bexholme Brackendale Calderwick Copperbeck Dunmoss Eastmere Fellgate Garthwaite Hartlow
Hexley Ivybridge Kelderby Kingsholt Larkfield Lowmoor Marsden Millbeck Netherby Northgate Oakhurst
Otterburn Penhallow Quarryside Ravensworth Redscar Rookhope Saltmarsh Shawcross Silverdale Skelwith
Stonegarth Swinford Tarnside Thornbury Underhill Wharfside Whitmore Wolds Yarrow Amberley Birchwood
Castleton Denholme Elmstead Fairburn Greystone Highcliff Inglewood Juniper Kestrel Langdale
Meadowcroft Newlands Oldfield Priestley Ramsgill Sedgefield Tolland Upwood Verity Westbrook Yewtree
Zennor
"""
FIRST_WORDS: Final = tuple(_FIRST_WORDS.split())
_TRADES = """
Joinery | Engineering | Foods | Interiors | Roofing | Logistics | Print | Marine | Textiles |
Electrical | Garden Rooms | Cycles | Ceramics | Motors | Packaging | Fabrications | Kitchens |
Timber | Scaffolding | Shopfitting | Tooling | Flooring | Boats | Signs | Catering | Lighting |
Metals | Plastics | Furniture | Landscapes | Brewing | Aviation | Hire | Glazing | Fencing | Systems
| Trading | Design | Supplies | Building
"""
TRADES: Final = tuple(word.strip() for word in _TRADES.split("|"))
GIVEN_NAMES: Final = (
    "Jo",
    "Priya",
    "Tom",
    "Aisha",
    "Callum",
    "Megan",
    "Owen",
    "Zofia",
    "Harriet",
    "Idris",
    "Leila",
    "Sam",
)
FAMILY_NAMES: Final = (
    "Ackroyd",
    "Bairstow",
    "Chaudhry",
    "Dobson",
    "Eastwood",
    "Fenwick",
    "Greenhalgh",
    "Hussain",
    "Ibbotson",
    "Jagger",
    "Kowalska",
    "Lumb",
    "Mistry",
    "Naylor",
    "Oyelaran",
    "Pickles",
)
